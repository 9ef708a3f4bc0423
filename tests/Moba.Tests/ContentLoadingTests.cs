using System.Text;

namespace SelfPlayArena.Moba.Tests;

public sealed class ContentLoadingTests
{
    [Theory]
    [InlineData("items.json", "\"from\": [\"boots\", \"quick_gloves\"]", "\"from\": [\"boots\", \"deadeye\"]", "$.items[6].from[1]", "short_sword, quick_gloves")]
    [InlineData("items.json", "\"price\": 850", "\"price\": 400", "$.items[6].price", "at least 600")]
    [InlineData("items.json", "\"name\": \"ruby\"", "\"name\": \"mail\"", "$.items[4].name", "a name of its own")]
    [InlineData("items.json", "\"uses\": [\"escape\"]", "\"uses\": [\"panic\"]", ".uses[0]", "damage, disable, heal, escape, engage, buff")]
    [InlineData("items.json", "\"kind\": \"blink\", \"distance\": 5", "\"kind\": \"blink\", \"distance\": 50", ".effects[0].distance", "0 to 12")]
    [InlineData("spells.json", "\"name\": \"ghost\"", "\"name\": \"flash\"", "$.spells", "names that differ")]
    [InlineData("spells.json", "\"on_creeps\": true", "\"on_creeps\": false", "$.spells[7]", "at least one of them true")]
    [InlineData("spells.json", "\"to\": \"allies\", \"radius\": 5, \"amount\": [90, 140, 190, 240]", "\"to\": \"allies\", \"amount\": [90, 140, 190, 240]", "$.spells[0].effects[0]", "a radius, or to 'self'")]
    [InlineData("summons.json", "\"name\": \"turret\"", "\"name\": \"treant\"", "$.summons", "names that differ")]
    [InlineData("heroes/packlord.json", "\"unit\": \"spiritwolf\"", "\"unit\": \"bear\"", ".unit", "spiritwolf, turret, treant")]
    [InlineData("heroes/packlord.json", "\"spells\": [\"ghost\", \"smite\"]", "\"spells\": [\"ghost\", \"ghost\"]", "$.spells", "two that differ")]
    [InlineData("heroes/reaver.json", "\"iron_boots\"", "\"golden_boots\"", "$.build[0]", "short_sword")]
    [InlineData("heroes/reaver.json", "\"skill_order\": [1, 2, 3, 1, 2, 4,", "\"skill_order\": [1, 2, 4, 1, 2, 3,", "$.skill_order", "from the sixth entry on")]
    [InlineData("heroes/reaver.json", "\"on\": \"kill\"", "\"on\": \"luck\"", "$.passive.trigger.on", "attack, cast, kill, takedown, hurt, second, low_hp")]
    [InlineData("heroes/reaver.json", "\"missing_hp\": 0.18", "\"width\": 0.18", "$.skills[3].effects[0]", "missing_hp")]
    [InlineData("heroes/ember.json", "{ \"kind\": \"stun\", \"duration\": 1.0 }", "{ \"kind\": \"blink\", \"distance\": 3 }", ".effects[0].effects[1].kind", "damage, heal")]
    [InlineData("heroes/shade.json", "\"name\": \"shade\"", "\"name\": \"ember\"", "$.name", "a name of its own")]
    [InlineData("heroes/ember.json", "\"attack_speed\": 1.0", "\"attack_speed\": 0", "$.base", "above 0")]
    public void Bad_content_is_refused_with_file_path_and_what_is_allowed(string file, string old, string bad, string where, string allowed)
    {
        Dictionary<string, byte[]> files = MobaContent.EmbeddedFiles();
        string text = Encoding.UTF8.GetString(files[file]);
        int at = text.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{file} has no {old}");
        files[file] = Encoding.UTF8.GetBytes(text[..at] + bad + text[(at + old.Length)..]);
        ContentException e = Assert.Throws<ContentException>(() => MobaContent.FromFiles(files));
        Assert.StartsWith(file + ": ", e.Message, StringComparison.Ordinal);
        Assert.Contains(where, e.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_or_foreign_file_is_refused_by_name()
    {
        Dictionary<string, byte[]> files = WithoutMaps();
        Assert.True(files.Remove("items.json", out byte[]? items));
        Assert.Contains("items.json: is missing", Assert.Throws<ContentException>(() => MobaContent.FromFiles(files)).Message, StringComparison.Ordinal);
        files["items.json"] = items;
        files["pets/cat.json"] = items;
        Assert.Contains("pets/cat.json: unexpected file", Assert.Throws<ContentException>(() => MobaContent.FromFiles(files)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hash_covers_files_of_every_kind()
    {
        Dictionary<string, byte[]> files = WithoutMaps();
        var hashes = new HashSet<ulong> { MobaContent.Default.Hash };
        Assert.True(hashes.Add(MobaContent.FromFiles(files).Hash), "maps do not change the hash");
        foreach (string name in (string[])["items.json", "heroes/warden.json", "rules/full.json"])
        {
            byte[] kept = files[name];
            files[name] = [.. kept, (byte)'\n'];
            Assert.True(hashes.Add(MobaContent.FromFiles(files).Hash), $"{name} does not change the hash");
            files[name] = kept;
        }
    }

    [Fact]
    public void Heroes_fill_the_roles_and_recommend_six_finished_items()
    {
        MobaContent content = MobaContent.Default;
        Assert.Equal(20, content.Heroes.Length);
        Assert.Equal(24, content.Items.Length);
        Assert.InRange(content.Heroes.CountBy(h => h.Role).Min(r => r.Value), 3, 4);
        Assert.Equal(6, content.Items.Count(i => i.From.Length == 0));
        foreach (HeroDefinition h in content.Heroes)
        {
            Assert.Equal(6, h.Build.Distinct().Count());
            Assert.All(h.Build, i => Assert.NotEmpty(content.Items[i].From));
        }
        var used = content.Heroes.SelectMany(h => h.Build).ToHashSet();
        Assert.All(content.Items.Where(i => i.From.Length > 0), i => Assert.Contains(i.Index, used));
        var cast = content.Heroes.SelectMany(h => h.Spells).ToHashSet();
        Assert.InRange(cast.Count, 8, content.Spells.Length);
    }

    /// <summary>Maps take long to check.</summary>
    private static Dictionary<string, byte[]> WithoutMaps()
        => MobaContent.EmbeddedFiles().Where(f => !f.Key.StartsWith("maps/", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
}
