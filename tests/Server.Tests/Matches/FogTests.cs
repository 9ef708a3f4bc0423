using SelfPlayArena.Core;
using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.Matches.Wire;

namespace SelfPlayArena.Server.Tests.Matches;

/// <summary>Reads what goes over the wire to a side, and finds nothing in it that the side does not see.</summary>
public sealed unsafe class FogTests
{
    [Theory]
    [InlineData("1v1")]
    [InlineData("5v5")]
    public void InEveryTickOfAMatchASideIsSentWhatItSeesAndNothingElse(string mode)
    {
        using var table = new Table();
        (LiveMatch match, _) = table.Open(mode, Bots(mode));
        Watcher[] watchers = [match.Attach(null, 0), match.Attach(null, 1), match.Attach(null, SightOf.Everything)];
        View[] views = [new(), new(), new()];
        var known = new LastSeen[2] { new(), new() };
        int hidden = 0, shown = 0;
        while (match.Stage == Stage.Playing)
        {
            match.Tick();
            ref WorldState s = ref match.Environment!.State(0);
            for (int v = 0; v < views.Length; v++)
                Table.Drain(watchers[v], views[v]);
            for (int team = 0; team < 2; team++)
            {
                known[team].Look(in s, team);
                Units(in s, team, match, views[team], ref hidden, ref shown);
                Heroes(in s, team, known[team], views[team]);
                Effects(in s, team, match, views[team]);
                Events(in s, team, match, views[team]);
            }
        }
        Assert.True(hidden > 1000 && shown > 1000, $"{hidden} units were hidden and {shown} shown: too few to show anything");
        Assert.All(views, v => Assert.NotNull(v.End));
        ref WorldState last = ref match.Environment!.State(0);
        Assert.InRange(views[2].Number("match", 0, "towersHome"), last.StructuresLost[1] - 1, last.StructuresLost[1]);
        Assert.InRange(views[2].Number("match", 0, "towersAway"), last.StructuresLost[0] - 1, last.StructuresLost[0]);
        Assert.Equal(match.Environment!.State(0).Tick, views[2].Tick);
    }

    /// <summary>
    /// The strongest that can be said of a wire: what is hidden could be anything else, and the same bytes would go over it. Everything unseen is
    /// changed at random, and all of a side's frames are compared.
    /// </summary>
    [Fact]
    public void WhatASideDoesNotSeeMakesNoDifferenceToASingleByte()
    {
        using var table = new Table();
        (LiveMatch match, _) = table.Open("5v5", Bots("5v5"));
        MobaWorld world = match.World;
        var numbers = new UnitNumbers(99);
        MatchTables[] real = [new(world, new SightOf(world, 0), numbers), new(world, new SightOf(world, 1), numbers)];
        MatchTables[] other = [new(world, new SightOf(world, 0), numbers), new(world, new SightOf(world, 1), numbers)];
        var frames = new Frames();
        var rng = new Rng(5);
        int compared = 0;
        while (match.Stage == Stage.Playing)
        {
            match.Tick();
            WorldState s = match.Environment!.State(0);
            for (int team = 0; team < 2; team++)
            {
                real[team].Take(in s, false);
                WorldState scrambled = s;
                Scramble(ref scrambled, team, ref rng);
                other[team].Take(in scrambled, false);
                Assert.Equal(frames.Delta(s.Tick, real[team].All), frames.Delta(s.Tick, other[team].All));
                compared++;
            }
        }
        Assert.True(compared > 1000);
    }

    [Fact]
    public void ASeatIsSentItsSideWhateverViewItAsksFor()
    {
        using var table = new Table();
        (LiveMatch match, string token) = table.Duel();
        Watcher seat = match.Attach(token, SightOf.Everything);
        match.Receive(seat, new ClientFrame(ClientAsk.View, Number: SightOf.Everything));
        match.Receive(seat, new ClientFrame(ClientAsk.Select, Number: 5));
        var view = new View();
        for (int i = 0; i < 30; i++)
            match.Tick();
        Table.Drain(seat, view);
        Assert.Equal(0L, view.Hello!["view"]);
        Assert.DoesNotContain(5L, view.Ids("units"));
        Assert.Equal([0L], view.Ids("me"));
        Assert.DoesNotContain(view.Others, f => (string)f[0]! is "curves" or "mind");
    }

    [Fact]
    public void SpectatorsOfAMatchWithPeopleSeeItLateAndTheListTellsThemNoScore()
    {
        using var table = new Table();
        (LiveMatch match, string token) = table.Duel();
        _ = match.Attach(token, 0);
        Watcher spectator = match.Attach(null, SightOf.Everything);
        var view = new View();
        for (int i = 0; i < 300; i++)
        {
            match.Tick();
            Table.Drain(spectator, view);
            Assert.True(view.Tick <= Math.Max(0, match.Environment!.State(0).Tick - table.Around.LateTicks), $"tick {view.Tick} was shown at tick {match.Environment!.State(0).Tick}");
        }
        Assert.Equal(300 - table.Around.LateTicks, view.Tick);
        Assert.Equal(0, match.View().Tick);
        // What is shown late is the match itself.
        Assert.Equal([0L, 5L], view.Ids("units").Where(u => u < UnitIndex.Heroes).Order());
    }

    private static SeatRequest[] Bots(string mode)
    {
        int per = mode[0] - '0';
        return [.. Enumerable.Range(0, 2 * per).Select(i => new SeatRequest(i / per, i % per, "bot", Difficulty: "machine"))];
    }

    /// <summary>Both ancients, and the towers of lanes that the mode has.</summary>
    private static bool Plays(LiveMatch match, int structure)
    {
        int place = (structure - UnitIndex.FirstStructure) % UnitIndex.StructuresPerTeam;
        return place == UnitIndex.AncientOfTeam || match.Environment!.World.HasLane(place / 3);
    }

    private static void Units(in WorldState s, int team, LiveMatch match, View view, ref int hidden, ref int shown)
    {
        var expected = new HashSet<long>();
        for (int u = 0; u < UnitIndex.Count; u++)
        {
            if (UnitIndex.IsStructure(u) ? Plays(match, u) : Sees(in s, u, team))
                expected.Add(match.Numbers.Of(u));
            else if (s.Alive[u] != 0)
                hidden++;
        }
        shown += expected.Count;
        if (!expected.SetEquals(view.Ids("units")))
            Assert.Fail($"tick {s.Tick}, side {team}: units {string.Join(" ", expected.Order())} are seen, {string.Join(" ", view.Ids("units").Order())} were sent");
        foreach (long id in expected)
        {
            int u = match.Numbers.Unit((int)id);
            Assert.Equal(s.X[u], view.Value("units", id, "x"), 0.009);
            Assert.Equal(s.Y[u], view.Value("units", id, "y"), 0.009);
            Assert.Equal((long)MathF.Ceiling(s.Hp[u]), view.Number("units", id, "hp"));
            OnlySeen(in s, team, match, view.Number("units", id, "target"), $"target of unit {u}");
        }
    }

    private static void Heroes(in WorldState s, int team, LastSeen known, View view)
    {
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            if (s.Present[h] == 0)
                continue;
            bool own = h / UnitIndex.HeroesPerTeam == team;
            Assert.Equal(own ? s.Gold[h] : -1, view.Number("heroes", h, "gold"));
            Assert.Equal(own ? s.Macro[h] : -1, view.Number("heroes", h, "macro"));
            if (!own)
                Assert.Equal(-1, view.Number("heroes", h, "ultimate"));
            Assert.Equal(known.Level[h], view.Number("heroes", h, "level"));
            Assert.Equal(known.Mana[h], view.Number("heroes", h, "mana"));
            Assert.Equal(known.LastHits[h], view.Number("heroes", h, "creepScore"));
            Assert.Equal(known.Items.Skip(h * 6).Take(6), view.Numbers("heroes", h, "items").Select(i => (int)i));
            Assert.Equal(Sees(in s, h, team) ? 1 : 0, view.Number("heroes", h, "visible"));
        }
        Assert.Equal(-1, view.Number("match", 0, "goldHome"));
        Assert.Equal(-1, view.Number("match", 0, "goldAway"));
        Assert.Empty(view.Ids("me"));
    }

    private static void Effects(in WorldState s, int team, LiveMatch match, View view)
    {
        var flying = new List<(long, long, long)>();
        for (int i = 0; i < WorldState.MaxProjectiles; i++)
        {
            if (s.ProjectileAlive[i] != 0 && (s.ProjectileTeam[i] == team || MayBeKnown(in s, match, team, s.ProjectileOwner[i], s.ProjectileTarget[i], s.ProjectileX[i], s.ProjectileY[i])))
                flying.Add((s.ProjectileTeam[i], MatchTables.Steps(s.ProjectileX[i]), MatchTables.Steps(s.ProjectileY[i])));
        }
        var sent = view.Ids("projectiles").Select(p => (view.Number("projectiles", p, "team"), view.Number("projectiles", p, "x"), view.Number("projectiles", p, "y"))).ToList();
        Assert.Equal(flying.Order(), sent.Order());
        foreach (long p in view.Ids("projectiles"))
        {
            OnlySeen(in s, team, match, view.Number("projectiles", p, "owner"), "owner of a projectile");
            OnlySeen(in s, team, match, view.Number("projectiles", p, "target"), "target of a projectile");
        }
        var laid = new List<(long, long, long)>();
        for (int i = 0; i < WorldState.MaxZones; i++)
        {
            if (s.ZoneAlive[i] != 0 && (s.ZoneTeam[i] == team || MayBeKnown(in s, match, team, s.ZoneOwner[i], -1, s.ZoneX[i], s.ZoneY[i])))
                laid.Add((s.ZoneTeam[i], MatchTables.Steps(s.ZoneX[i]), MatchTables.Steps(s.ZoneY[i])));
        }
        Assert.Equal(laid.Order(), view.Ids("zones").Select(z => (view.Number("zones", z, "team"), view.Number("zones", z, "x"), view.Number("zones", z, "y"))).Order());
        foreach (long z in view.Ids("zones"))
            OnlySeen(in s, team, match, view.Number("zones", z, "owner"), "owner of a zone");
    }

    private static void Events(in WorldState s, int team, LiveMatch match, View view)
    {
        foreach (Dictionary<string, object?> e in view.Events)
        {
            string kind = (string)e["kind"]!;
            switch (kind)
            {
                case "level" or "cast":
                    Assert.True(Known(in s, (int)(long)e["unit"]!, team), $"tick {s.Tick}, side {team}: {kind} of hero {e["unit"]}, which it does not see");
                    if (kind == "cast")
                        OnlySeen(in s, team, match, (long)e["target"]!, "target of a cast");
                    break;
                case "hit":
                    Assert.True(Known(in s, (int)(long)e["target"]!, team));
                    Assert.True((long)e["unit"]! < 0 || Known(in s, (int)(long)e["unit"]!, team));
                    break;
                case "gold":
                    Assert.Equal(team, (long)e["unit"]! / UnitIndex.HeroesPerTeam);
                    break;
                default:
                    Assert.Contains(kind, (string[])["kill", "structure", "epic", "respawn", "seat"]);
                    break;
            }
        }
        view.Events.Clear();
    }

    private static void OnlySeen(in WorldState s, int team, LiveMatch match, long number, string what)
    {
        int u = match.Numbers.Unit((int)number);
        Assert.True(u < 0 || (s.Alive[u] != 0 && Sees(in s, u, team)), $"tick {s.Tick}, side {team}: the {what} is unit {u}, which it does not see");
    }

    private static bool Known(in WorldState s, int hero, int team) => hero / UnitIndex.HeroesPerTeam == team || Sees(in s, hero, team);

    private static bool Sees(in WorldState s, int unit, int team) => s.Alive[unit] != 0 && (s.Team[unit] == team || (s.Visible[unit] >> team & 1) != 0);

    /// <summary>How the environment's own senses have it: the owner is seen, it flies at an own hero, or an own hero has the place in sight.</summary>
    private static bool MayBeKnown(in WorldState s, LiveMatch match, int team, int owner, int target, float x, float y)
    {
        if ((s.Visible[owner] >> team & 1) != 0 || (target is >= 0 and < UnitIndex.Heroes && target / UnitIndex.HeroesPerTeam == team))
            return true;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int h = UnitIndex.Hero(team, i);
            float dx = s.X[h] - x, dy = s.Y[h] - y, sight = match.World.Rules.HeroSight;
            if (s.Alive[h] != 0 && dx * dx + dy * dy <= sight * sight && match.World.Map.LineOfSight(s.X[h], s.Y[h], x, y))
                return true;
        }
        return false;
    }

    /// <summary>Changes all that a team does not see and is not told.</summary>
    private static void Scramble(ref WorldState s, int team, ref Rng rng)
    {
        for (int u = 0; u < UnitIndex.Count; u++)
        {
            if (s.Team[u] == team || UnitIndex.IsStructure(u) || (s.Visible[u] >> team & 1) != 0)
                continue;
            s.X[u] = rng.Next(100) - 50;
            s.Y[u] = rng.Next(100) - 50;
            s.Hp[u] = rng.Next(500);
            s.AttackTarget[u] = (short)rng.Next(UnitIndex.Count);
            s.StunUntil[u] = (ushort)rng.Next(60_000);
            // Whether heroes and epic monsters live is announced to everybody.
            if (!UnitIndex.IsHero(u) && u is not (UnitIndex.FirstEpic or UnitIndex.FirstEpic + 1))
                s.Alive[u] = (byte)rng.Next(2);
        }
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            if (h / UnitIndex.HeroesPerTeam == team)
                continue;
            // Never told of an enemy, seen or not.
            s.Gold[h] = rng.Next(5000);
            s.GoldEarned[h] = rng.Next(5000);
            s.Xp[h] = rng.Next(5000);
            s.Macro[h] = (byte)rng.Next(16);
            s.WardCharges[h] = (byte)rng.Next(3);
            s.OrderTarget[h] = (short)rng.Next(UnitIndex.Count);
            for (int k = 0; k < WorldState.Skills; k++)
                s.SkillReady[h * WorldState.Skills + k] = (ushort)rng.Next(60_000);
            if (Sees(in s, h, team))
                continue;
            s.Level[h] = (byte)rng.Next(16);
            s.Mana[h] = rng.Next(900);
            s.LastHits[h] = rng.Next(90);
            for (int i = 0; i < WorldState.ItemSlots; i++)
                s.Items[h * WorldState.ItemSlots + i] = (byte)rng.Next(20);
        }
    }

    /// <summary>What a team saw last of each hero.</summary>
    private sealed class LastSeen
    {
        public int[] Level { get; } = [.. Enumerable.Repeat(1, UnitIndex.Heroes)];

        public int[] Mana { get; } = [.. Enumerable.Repeat(-1, UnitIndex.Heroes)];

        public int[] LastHits { get; } = new int[UnitIndex.Heroes];

        public int[] Items { get; } = [.. Enumerable.Repeat(-1, 6 * UnitIndex.Heroes)];

        public void Look(in WorldState s, int team)
        {
            for (int h = 0; h < UnitIndex.Heroes; h++)
            {
                if (!Known(in s, h, team))
                    continue;
                (Level[h], Mana[h], LastHits[h]) = (s.Level[h], (int)s.Mana[h], s.LastHits[h]);
                for (int i = 0; i < 6; i++)
                    Items[h * 6 + i] = s.Items[h * 6 + i] - 1;
            }
        }
    }
}
