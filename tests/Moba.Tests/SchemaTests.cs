using System.Text;
using System.Text.Json.Nodes;

namespace SelfPlayArena.Moba.Tests;

/// <summary>The schema files say what the loaders say: each accepts what is shipped, and both allow the same members, words and numbers.</summary>
public sealed class SchemaTests
{
    public static TheoryData<string> Files()
    {
        var files = new TheoryData<string>();
        foreach (string file in MobaContent.EmbeddedFiles().Keys.Where(f => SchemaOf(f) is not null).Order(StringComparer.Ordinal))
            files.Add(file);
        return files;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_shipped_file_fits_its_schema(string file)
        => Assert.Null(Schema.Check(Schema.File(SchemaOf(file)!), Parse(file)));

    /// <summary>Spoils each kind of place of the shipped files once and holds the loader's complaint against the schema.</summary>
    [Fact]
    public void Schemas_and_loaders_allow_the_same()
    {
        var probed = new HashSet<string>(StringComparer.Ordinal);
        var differences = new List<string>();
        foreach (string file in MobaContent.EmbeddedFiles().Keys.Where(f => SchemaOf(f) is not null).Order(StringComparer.Ordinal))
        {
            JsonNode root = Parse(file);
            Probe(file, root, root, Schema.File(SchemaOf(file)!), SchemaOf(file)!, probed, differences);
        }
        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));
        Assert.True(probed.Count > 180, $"only {probed.Count} places were compared");
        foreach (string kind in Enum.GetNames<EffectKind>().Select(k => k.ToLowerInvariant()))
            Assert.True(probed.Any(p => p.EndsWith("/" + kind, StringComparison.Ordinal)), $"no shipped file uses '{kind}'");
    }

    private static void Probe(string file, JsonNode root, JsonNode value, Schema.Place at, string name, HashSet<string> probed, List<string> differences)
    {
        at = Schema.Resolve(at, value);
        switch (value)
        {
            case JsonObject o:
                JsonObject known = at.Node["properties"]!.AsObject();
                name = known["kind"]?["const"] is { } kind ? name + "/" + kind : name;
                if (probed.Add(name))
                    Members(file, root, o, at, name, differences);
                foreach ((string member, JsonNode? v) in o.ToList())
                    Probe(file, root, v!, at with { Node = known[member]! }, Named(known[member]!, $"{name}.{member}"), probed, differences);
                break;
            case JsonArray a:
                if (probed.Add(name))
                    Lengths(file, root, a, at, name, differences);
                foreach (JsonNode? entry in a.ToList())
                    Probe(file, root, entry!, at with { Node = at.Node["items"]! }, Named(at.Node["items"]!, name + "[]"), probed, differences);
                break;
            case JsonValue v when at.Node["minimum"] is not null && probed.Add(name):
                string range = $"from {(double)at.Node["minimum"]!} to {(double)at.Node["maximum"]!}";
                if (Complaint(file, root, v, JsonValue.Create(1e9)) is var said && said?.EndsWith(range, StringComparison.Ordinal) != true)
                    differences.Add($"{name}: schema allows {range}; the loader says: {said}");
                break;
            case JsonValue v when at.Node["enum"] is JsonArray words && probed.Add(name):
                Same(words.Select(w => (string)w!), Complaint(file, root, v, JsonValue.Create("zzz")), name, differences);
                break;
        }
    }

    /// <summary>Definitions that are shared are compared once, wherever they are used.</summary>
    private static string Named(JsonNode schema, string otherwise) => (string?)schema["$ref"] is { } r ? r[(r.IndexOf('#', StringComparison.Ordinal) + 1)..] : otherwise;

    private static void Members(string file, JsonNode root, JsonObject o, Schema.Place at, string name, List<string> differences)
    {
        o["zzz"] = 1;
        string? said = Load(file, root);
        o.Remove("zzz");
        Same(at.Node["properties"]!.AsObject().Select(p => p.Key), said, name, differences);
        var required = at.Node["required"]!.AsArray().Select(r => (string)r!).ToHashSet(StringComparer.Ordinal);
        foreach ((string member, JsonNode? v) in o.ToList())
        {
            int place = o.IndexOf(member);
            o.Remove(member);
            said = Load(file, root);
            o.Insert(place, member, v);
            // Whom an effect reaches and how a projectile flies also depends on how the skill is aimed, which the schema does not say.
            bool byAim = said?.Contains("reaches nobody", StringComparison.Ordinal) == true || (name.EndsWith("/projectile", StringComparison.Ordinal) && member is "distance" or "width");
            // Lanes that a mode names cannot go; which those are the schema does not say.
            bool named = said?.Contains("$.modes", StringComparison.Ordinal) == true && name.EndsWith(".lanes", StringComparison.Ordinal);
            if (!byAim && !named && said is null == required.Contains(member))
                differences.Add($"{name}: without '{member}' the schema {(required.Contains(member) ? "complains" : "is content")}; the loader says: {said ?? "nothing"}");
        }
    }

    private static void Lengths(string file, JsonNode root, JsonArray a, Schema.Place at, string name, List<string> differences)
    {
        var kept = a.Select(n => n!.DeepClone()).ToList();
        int most = (int?)at.Node["maxItems"] ?? 0;
        int least = (int?)at.Node["minItems"] ?? 0;
        if (most > 0)
        {
            while (a.Count <= most)
                a.Add(kept[0].DeepClone());
            Expect($"{least} to {most}");
        }
        a.Clear();
        if (least > 0)
            Expect($"allowed: {least}");
        a.Clear();
        foreach (JsonNode n in kept)
            a.Add(n.DeepClone());

        void Expect(string range)
        {
            string? said = Load(file, root);
            if (said is null || !said.Contains(range, StringComparison.Ordinal))
                differences.Add($"{name}: schema allows {range} entries; the loader says: {said ?? "nothing"}");
        }
    }

    private static void Same(IEnumerable<string> schema, string? said, string name, List<string> differences)
    {
        string[] loader = said?.Split("allowed: ").Last().Split(", ") ?? [];
        string[] words = [.. schema.Order(StringComparer.Ordinal)];
        if (!words.SequenceEqual(loader.Order(StringComparer.Ordinal)))
            differences.Add($"{name}: schema allows {string.Join(", ", words)}; the loader says: {said ?? "nothing"}");
    }

    private static string? Complaint(string file, JsonNode root, JsonValue old, JsonNode bad)
    {
        old.ReplaceWith(bad);
        string? said = Load(file, root);
        bad.ReplaceWith(old);
        return said;
    }

    /// <summary>What the loader says against a changed file, null for nothing.</summary>
    private static string? Load(string file, JsonNode root)
    {
        MobaContent content = MobaContent.Default;
        ContentNode node = ContentNode.Parse(file, Encoding.UTF8.GetBytes(root.ToJsonString()));
        var skills = new SkillLoader(content.Summons);
        try
        {
            object loaded = file switch
            {
                "items.json" => ItemLoader.Read(node, skills),
                "spells.json" => SpellLoader.Read(node, skills),
                "summons.json" => SpellLoader.ReadSummons(node),
                _ when file.StartsWith("rules/", StringComparison.Ordinal) => RulesLoader.Read(node),
                _ when file.StartsWith("maps/", StringComparison.Ordinal) => MapLoader.Read(node),
                _ => new HeroLoader(skills, content.Items, content.Spells).Read(0, node),
            };
            Assert.NotNull(loaded);
            return null;
        }
        catch (ContentException e)
        {
            return e.Message;
        }
    }

    private static JsonNode Parse(string file) => JsonNode.Parse(MobaContent.EmbeddedFiles()[file])!;

    private static string? SchemaOf(string file) => file switch
    {
        "items.json" => "item.schema.json",
        "spells.json" => "spell.schema.json",
        "summons.json" => "summon.schema.json",
        _ when file.StartsWith("rules/", StringComparison.Ordinal) => "rules.schema.json",
        _ when file.StartsWith("maps/", StringComparison.Ordinal) => "map.schema.json",
        _ => file.StartsWith("heroes/", StringComparison.Ordinal) ? "hero.schema.json" : null,
    };
}
