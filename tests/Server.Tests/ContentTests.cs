using System.Net;
using System.Text.Json;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Server.Tests;

/// <summary>What the server says of heroes, items and maps, held against the simulation's own content.</summary>
public sealed class ContentTests
{
    [Fact]
    public async Task Heroes_items_and_spells_come_in_the_order_of_their_indices_each_with_what_it_does()
    {
        await using TestServer server = await TestServer.Start();
        JsonElement content = await server.Client.Json("/api/content");
        MobaContent own = MobaContent.Default;
        Assert.Equal(own.Heroes.Select(h => h.Name), Names(content.GetProperty("heroes")));
        Assert.Equal(own.Items.Select(i => i.Name), Names(content.GetProperty("items")));
        Assert.Equal(own.Spells.Select(s => s.Name), Names(content.GetProperty("spells")));
        Assert.Equal(own.Modes.Select(m => m.Name).Order(), Names(content.GetProperty("modes")).Order());

        string[] items = [.. Names(content.GetProperty("items"))], spells = [.. Names(content.GetProperty("spells"))];
        foreach (JsonElement hero in content.GetProperty("heroes").EnumerateArray())
        {
            Assert.Equal(4, hero.GetProperty("skills").GetArrayLength());
            Assert.All(hero.GetProperty("skills").EnumerateArray(), Sound);
            Assert.All(hero.GetProperty("build").EnumerateArray(), i => Assert.Contains(i.GetString(), items));
            Assert.All(hero.GetProperty("spells").EnumerateArray(), s => Assert.Contains(s.GetString(), spells));
            Assert.NotEqual("", hero.GetProperty("passive").GetProperty("text").GetString());
            Assert.True(hero.GetProperty("attributes").GetProperty("max_hp").GetDouble() > 0);
        }
        Assert.All(content.GetProperty("spells").EnumerateArray(), Sound);
        foreach (JsonElement item in content.GetProperty("items").EnumerateArray())
        {
            Assert.All(item.GetProperty("from").EnumerateArray(), p => Assert.Contains(p.GetString(), items));
            Assert.True(item.GetProperty("price").GetDouble() > 0);
        }
        Assert.Contains(content.GetProperty("items").EnumerateArray(), i => i.GetProperty("active").ValueKind == JsonValueKind.Object);

        static IEnumerable<string> Names(JsonElement list) => list.EnumerateArray().Select(e => e.GetProperty("name").GetString()!);

        static void Sound(JsonElement skill)
        {
            string text = skill.GetProperty("text").GetString()!;
            Assert.True(text.Length > 5 && text.EndsWith('.') && !text.Contains("  ", StringComparison.Ordinal) && !text.Contains('_', StringComparison.Ordinal), text);
            Assert.Contains(skill.GetProperty("aim").GetString(), new[] { "none", "target", "direction", "point" });
            Assert.Equal(skill.GetProperty("aim").GetString() == "target", skill.GetProperty("side").ValueKind == JsonValueKind.String);
        }
    }

    [Theory]
    [InlineData("ember", 0, "Fires a projectile over")]
    [InlineData("anchor", 0, "Fires a projectile over 9 cells that deals 60/95/125/160 (+50% power) magic damage, pulls 5 cells closer, stuns for 0.4 s.")]
    [InlineData("quill", 1, "Gives 30/40/50/60% attack speed for 4 s, gives 8/10/12/14% movement speed for 4 s.")]
    public async Task A_skill_is_told_in_a_sentence_with_its_numbers_by_level(string hero, int skill, string text)
    {
        await using TestServer server = await TestServer.Start();
        JsonElement found = (await server.Client.Json("/api/content")).GetProperty("heroes").EnumerateArray().Single(h => h.GetProperty("name").GetString() == hero);
        Assert.StartsWith(text, found.GetProperty("skills")[skill].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5v5")]
    [InlineData("3v3")]
    [InlineData("1v1")]
    public async Task A_map_is_the_ground_that_the_simulation_plays_on(string mode)
    {
        await using TestServer server = await TestServer.Start();
        JsonElement map = await server.Client.Json($"/api/maps/{mode}");
        ModeDefinition own = MobaContent.Default.Mode(mode);
        int width = map.GetProperty("width").GetInt32();
        byte[] cells = map.GetProperty("cells").GetBytesFromBase64();
        Assert.Equal(width * map.GetProperty("height").GetInt32(), cells.Length);
        for (int c = 0; c < cells.Length; c++)
        {
            float x = c % width - width / 2 + 0.5f, y = c / width - width / 2 + 0.5f;
            Assert.Equal(own.Map.Walkable(x, y) ? own.Map.Brush(x, y) > 0 ? 2 : 0 : 1, cells[c]);
        }
        int lanes = own.Lanes.Count(l => l);
        Assert.Equal(lanes, map.GetProperty("lanes").GetArrayLength());
        JsonElement[] structures = [.. map.GetProperty("structures").EnumerateArray()];
        Assert.Equal(2 * (3 * lanes + 1), structures.Length);
        Assert.All(structures, s => Assert.True(own.Map.Walkable((float)s.GetProperty("x").GetDouble(), (float)s.GetProperty("y").GetDouble())));
        Assert.Equal([UnitIndex.Ancient(0), UnitIndex.Ancient(1)], structures.Where(s => s.GetProperty("kind").GetString() == "ancient").Select(s => s.GetProperty("unit").GetInt32()));
        Assert.Equal(own.Jungle, map.GetProperty("camps").GetArrayLength() > 0);
        Assert.Equal(2, map.GetProperty("fountains").GetArrayLength());
    }

    [Fact]
    public async Task A_mode_that_is_not_there_is_refused_with_those_that_are()
    {
        await using TestServer server = await TestServer.Start();
        Assert.Contains("there are: 1v1, 3v3, 5v5", await server.Client.Refused("/api/maps/6v6", HttpStatusCode.NotFound), StringComparison.Ordinal);
    }
}
