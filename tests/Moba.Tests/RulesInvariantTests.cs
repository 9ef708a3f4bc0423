using System.Runtime.InteropServices;
using System.Text;
using SelfPlayArena.Core;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Moba.Tests;

public sealed unsafe class RulesInvariantTests
{
    [Theory]
    [InlineData("5v5", "quick")]
    [InlineData("1v1", "quick")]
    [InlineData("5v5", "full")]
    [InlineData("3v3", "quick")]
    public void Under_random_play_nothing_is_out_of_bounds(string mode, string rules)
    {
        var world = new MobaWorld(mode, rules);
        var states = new WorldState[1];
        ref WorldState s = ref states[0];
        var rng = new Rng(21);
        for (ulong match = 0; match < 2; match++)
        {
            world.Reset(ref s, match);
            while (s.Finished == 0 && s.Tick < 6000)
            {
                for (int h = 0; h < UnitIndex.Heroes; h++)
                    Orders.Give(world, ref s, h, RandomPlay.Choose(world, ref s, h, ref rng));
                world.Tick(ref s);
                for (int u = 0; u < UnitIndex.Count; u++)
                {
                    Assert.InRange(s.Hp[u], 0f, s.MaxHp[u]);
                    if (s.Alive[u] != 0)
                        Assert.True(s.Hp[u] > 0f && world.Map.Walkable(s.X[u], s.Y[u]), $"unit {u} at ({s.X[u]}, {s.Y[u]}) with {s.Hp[u]} hp, tick {s.Tick}");
                }
                for (int h = 0; h < UnitIndex.Heroes; h++)
                {
                    Assert.Equal(s.GoldEarned[h] - s.GoldSpent[h], s.Gold[h]);
                    Assert.InRange(s.Mana[h], 0f, s.MaxMana[h]);
                    Assert.True(float.IsFinite(s.X[h]) && float.IsFinite(s.FaceX[h]) && float.IsFinite(s.DamageToHeroes[h]));
                }
            }
        }
        for (int slot = world.HeroesPerTeam; slot < UnitIndex.HeroesPerTeam; slot++)
            Assert.Equal(0, s.Present[slot] + s.Alive[slot] + s.GoldEarned[slot] + s.Present[slot + 5]);
    }

    [Fact]
    public void Equal_seeds_and_orders_give_equal_bytes_and_a_copy_goes_on_alike()
    {
        var world = new MobaWorld("5v5", "quick");
        var states = new WorldState[2];
        world.Reset(ref states[0], 77);
        world.Reset(ref states[1], 77);
        var a = new Rng(4);
        var b = new Rng(4);
        Play(world, ref states[0], ref a, 900);
        Play(world, ref states[1], ref b, 900);
        Assert.True(Bytes(ref states[0]).SequenceEqual(Bytes(ref states[1])));
        WorldState copy = states[0];
        Play(world, ref states[0], ref a, 300);
        Play(world, ref copy, ref b, 300);
        Assert.True(Bytes(ref states[0]).SequenceEqual(Bytes(ref copy)));
        world.Reset(ref states[1], 78);
        Assert.False(Bytes(ref states[0]).SequenceEqual(Bytes(ref states[1])));
    }

    [Fact]
    public void The_state_stays_within_its_budget() => Assert.InRange(sizeof(WorldState), 1, 32 * 1024);

    [Theory]
    [InlineData("5v5")]
    [InlineData("3v3")]
    public void The_ground_is_symmetric_and_every_free_cell_leads_to_every_structure(string mode)
    {
        GameMap map = MobaContent.Default.Mode(mode).Map;
        for (int cy = 0; cy < GameMap.Size; cy++)
        {
            for (int cx = 0; cx < GameMap.Size; cx++)
            {
                bool free = map.Ground[cy * GameMap.Size + cx] != GameMap.Wall;
                int m = (GameMap.Size - 1 - cx) * GameMap.Size + GameMap.Size - 1 - cy;
                Assert.Equal(free, map.Ground[m] != GameMap.Wall);
            }
        }
        for (int i = 0; i < UnitIndex.Structures; i++)
        {
            for (int cell = 0; cell < GameMap.Size * GameMap.Size; cell += 29)
            {
                if (map.Ground[cell] == GameMap.Wall)
                    continue;
                float x = cell % GameMap.Size - GameMap.Half + 0.5f;
                float y = cell / GameMap.Size - GameMap.Half + 0.5f;
                Assert.True(Arrives(map, i, x, y), $"from ({x}, {y}) nobody gets to structure {i}");
            }
        }
    }

    private static bool Arrives(GameMap map, int structure, float x, float y)
    {
        for (int k = 0; k < 1500; k++)
        {
            float dx = map.StructureX[structure] - x;
            float dy = map.StructureY[structure] - y;
            if (dx * dx + dy * dy < 9f)
                return true;
            int d = map.StructureDirection(structure, x, y);
            float sx = Directions.X(d) * 0.35f;
            float sy = Directions.Y(d) * 0.35f;
            if (map.Walkable(x + sx, y + sy))
                (x, y) = (x + sx, y + sy);
            else if (map.Walkable(x + sx, y))
                x += sx;
            else if (map.Walkable(x, y + sy))
                y += sy;
        }
        return false;
    }

    [Theory]
    [InlineData("heroes/ember.json", "\"role\": \"mage\"", "\"role\": \"wizard\"", "$.role", "tank, fighter")]
    [InlineData("heroes/ember.json", "\"aim\": \"target\"", "\"aim\": \"unit\"", "$.skills[2].aim", "none, target, direction, point")]
    [InlineData("rules/quick.json", "\"time_limit\": 480", "\"time_limit\": -1", "$.time_limit", "0 to 3600")]
    [InlineData("rules/quick.json", "\"wave_interval\"", "\"wave_intervall\"", "wave_intervall", "wave_interval")]
    [InlineData("maps/grove.json", "\"name\": \"3v3\"", "\"name\": \"5v5\"", "$.modes[0].name", "a name of its own")]
    [InlineData("maps/grove.json", "\"colossus\": [24, -24]", "\"colossus\": [22, -24]", "$.epics.colossus", "y = -x")]
    [InlineData("maps/classic.json", "\"golem\"", "\"dragon\"", "$.camps[0].monsters[0]", "golem, wolf, imp")]
    [InlineData("maps/classic.json", "\"ancient\": [-49, -49]", "\"ancient\": [-20, -45]", "$.ancient", "carve")]
    public void Bad_content_is_refused_with_file_path_and_what_is_allowed(string file, string old, string bad, string where, string allowed)
    {
        Dictionary<string, byte[]> files = MobaContent.EmbeddedFiles();
        string text = Encoding.UTF8.GetString(files[file]);
        Assert.Contains(old, text, StringComparison.Ordinal);
        files[file] = Encoding.UTF8.GetBytes(text.Replace(old, bad, StringComparison.Ordinal));
        ContentException e = Assert.Throws<ContentException>(() => MobaContent.FromFiles(files));
        Assert.StartsWith(file, e.Message, StringComparison.Ordinal);
        Assert.Contains(where, e.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_camp_that_no_way_leads_to_is_refused()
    {
        Dictionary<string, byte[]> files = MobaContent.EmbeddedFiles();
        string text = Encoding.UTF8.GetString(files["maps/grove.json"])
            .Replace("\"carve\": [", "\"carve\": [ { \"disc\": [-60, 0], \"width\": 1.5 },", StringComparison.Ordinal)
            .Replace("\"at\": [-22, 6]", "\"at\": [-60, 0]", StringComparison.Ordinal);
        files["maps/grove.json"] = Encoding.UTF8.GetBytes(text);
        ContentException e = Assert.Throws<ContentException>(() => MobaContent.FromFiles(files));
        Assert.StartsWith("maps/grove.json: $.camps[1].at: no way leads to (-60, 0)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void On_the_map_of_two_lanes_nothing_stands_or_comes_in_the_middle()
    {
        var world = new MobaWorld("3v3", "quick");
        var states = new WorldState[1];
        ref WorldState s = ref states[0];
        world.Reset(ref s, 5);
        Assert.Equal(6, Enumerable.Range(0, UnitIndex.Heroes).Count(h => states[0].Present[h] != 0));
        while (s.WaveCount < 2)
            world.Tick(ref s);
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            bool there = lane != 1;
            for (int team = 0; team < UnitIndex.Teams; team++)
            {
                Assert.Equal(there, s.LaneAlive[team * UnitIndex.Lanes + lane] != 0);
                for (int tier = 0; tier < 3; tier++)
                    Assert.Equal(there, s.Alive[UnitIndex.Tower(team, lane, tier)] != 0);
            }
        }
    }

    private static void Play(MobaWorld world, ref WorldState s, ref Rng rng, int ticks)
    {
        for (int t = 0; t < ticks; t++)
        {
            for (int h = 0; h < UnitIndex.Heroes; h++)
                Orders.Give(world, ref s, h, RandomPlay.Choose(world, ref s, h, ref rng));
            world.Tick(ref s);
        }
    }

    private static ReadOnlySpan<byte> Bytes(ref WorldState s) => MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref s, 1));
}
