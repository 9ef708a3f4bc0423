using System.Text.Json;
using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Bots;

namespace SelfPlayArena.Server.Content;

/// <param name="Aim">none, target, direction or point.</param>
/// <param name="Side">Whom a target may be: enemies, allies or self; null for other aims.</param>
/// <param name="OnCreeps">Whether creeps and monsters may be targets.</param>
/// <param name="Radius">Cells that it reaches around where it lands, or half the width of what it fires; 0 for a single unit.</param>
/// <param name="Cooldown">Seconds by level; shorter lists go on with their last entry.</param>
/// <param name="Cost">Mana or energy by level, likewise.</param>
internal sealed record SkillAnswer(
    string Name, string Aim, string? Side, bool OnCreeps, double Range, double Radius, double CastTime, IReadOnlyList<double> Cooldown, IReadOnlyList<double> Cost, string Text);

internal sealed record PassiveAnswer(string Name, string Text);

/// <param name="Attributes">Stats at level 1, with attack_range (cells) and attack_interval (seconds).</param>
/// <param name="Growth">What each further level adds.</param>
/// <param name="SkillOrder">Recommended order of learning, skills 1 to 4.</param>
internal sealed record HeroAnswer(
    string Name, string Role, IReadOnlyDictionary<string, double> Attributes, IReadOnlyDictionary<string, double> Growth, IReadOnlyList<string> Build, IReadOnlyList<string> Spells,
    IReadOnlyList<int> SkillOrder, PassiveAnswer Passive, IReadOnlyList<SkillAnswer> Skills);

/// <param name="From">Names of its parts.</param>
/// <param name="Active">What it does when used; null for nothing.</param>
internal sealed record ItemAnswer(string Name, double Price, IReadOnlyList<string> From, IReadOnlyDictionary<string, double> Stats, string Text, SkillAnswer? Active);

/// <param name="Heroes">A team's.</param>
/// <param name="Map">Where the map is.</param>
internal sealed record ModeAnswer(string Name, int Heroes, bool Jungle, string Map);

/// <param name="TimeLimit">Seconds of the longest match.</param>
internal sealed record RulesAnswer(string Name, double TimeLimit);

/// <param name="Player">Who decides.</param>
/// <param name="ReactionMs">Milliseconds between seeing and doing.</param>
internal sealed record DifficultyAnswer(string Name, string Player, double ReactionMs, string Text);

internal sealed record ContentAnswer(
    string Hash, IReadOnlyList<HeroAnswer> Heroes, IReadOnlyList<ItemAnswer> Items, IReadOnlyList<SkillAnswer> Spells, IReadOnlyList<ModeAnswer> Modes, IReadOnlyList<RulesAnswer> Rules,
    IReadOnlyList<DifficultyAnswer> Difficulties);

/// <summary>The MOBA's content as a client needs it, in the order of its indices. Made once, from the content's own files.</summary>
internal static class GameContent
{
    private static readonly Lazy<ContentAnswer> Made = new(Make);

    public static ContentAnswer All => Made.Value;

    private static ContentAnswer Make()
    {
        MobaContent content = MobaContent.Default;
        Dictionary<string, byte[]> files = MobaContent.EmbeddedFiles();
        Dictionary<string, JsonElement> heroes = files.Where(f => f.Key.StartsWith("heroes/", StringComparison.Ordinal)).Select(f => Parse(f.Value)).ToDictionary(h => Name(h));
        return new ContentAnswer(
            content.Hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
            [.. content.Heroes.Select(h => Hero(heroes[h.Name]))],
            [.. Parse(files["items.json"]).GetProperty("items").EnumerateArray().Select(Item)],
            [.. Parse(files["spells.json"]).GetProperty("spells").EnumerateArray().Select(Skill)],
            [.. content.Modes.OrderBy(m => m.HeroesPerTeam).Select(m => new ModeAnswer(m.Name, m.HeroesPerTeam, m.Jungle, $"/api/maps/{m.Name}"))],
            [.. MobaOptions.RuleSets.Select(r => new RulesAnswer(r, Parse(files[$"rules/{r}.json"]).GetProperty("time_limit").GetDouble()))],
            [.. Difficulty.All.Select(d => new DifficultyAnswer(d.Name, d.Player, d.ReactionMilliseconds, d.Sentence))]);
    }

    private static HeroAnswer Hero(JsonElement h)
    {
        Dictionary<string, double> attributes = Numbers(h, "base");
        attributes["attack_range"] = h.GetProperty("attack_range").GetDouble();
        attributes["attack_interval"] = h.GetProperty("attack_interval").GetDouble();
        JsonElement passive = h.GetProperty("passive");
        return new HeroAnswer(
            Name(h), h.GetProperty("role").GetString()!, attributes, Numbers(h, "growth"), Words(h, "build"), Words(h, "spells"),
            [.. h.GetProperty("skill_order").EnumerateArray().Select(s => s.GetInt32())],
            new PassiveAnswer(Name(passive), EffectText.OfTriggered(passive, withStats: true)),
            [.. h.GetProperty("skills").EnumerateArray().Select(Skill)]);
    }

    private static ItemAnswer Item(JsonElement i) => new(
        Name(i), i.GetProperty("price").GetDouble(), Words(i, "from"), Numbers(i, "stats"), EffectText.OfTriggered(i, withStats: false),
        i.TryGetProperty("active", out JsonElement active) ? Skill(active) : null);

    private static SkillAnswer Skill(JsonElement s)
    {
        string aim = s.GetProperty("aim").GetString()!;
        return new SkillAnswer(
            Name(s), aim, aim == "target" ? s.TryGetProperty("side", out JsonElement side) ? side.GetString() : "enemies" : null,
            !s.TryGetProperty("on_creeps", out JsonElement creeps) || creeps.GetBoolean(), s.GetProperty("range").GetDouble(), Reach(s.GetProperty("effects")),
            s.TryGetProperty("cast_time", out JsonElement cast) ? cast.GetDouble() : 0, List(s, "cooldown"), List(s, "mana"), EffectText.Of(s.GetProperty("effects")));
    }

    /// <summary>The largest radius or half-width among the effects and those that they carry.</summary>
    private static double Reach(JsonElement effects) => effects.EnumerateArray().Select(e => Math.Max(
        Math.Max(Number(e, "radius"), Number(e, "width")),
        e.TryGetProperty("effects", out JsonElement carried) ? Reach(carried) : 0)).DefaultIfEmpty(0).Max();

    private static double Number(JsonElement e, string name) => e.TryGetProperty(name, out JsonElement number) ? number.GetDouble() : 0;

    private static string Name(JsonElement e) => e.GetProperty("name").GetString()!;

    private static Dictionary<string, double> Numbers(JsonElement e, string name)
        => e.TryGetProperty(name, out JsonElement numbers) ? numbers.EnumerateObject().ToDictionary(n => n.Name, n => n.Value.GetDouble()) : [];

    private static string[] Words(JsonElement e, string name) => e.TryGetProperty(name, out JsonElement words) ? [.. words.EnumerateArray().Select(w => w.GetString()!)] : [];

    private static double[] List(JsonElement e, string name)
        => e.TryGetProperty(name, out JsonElement list) ? list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(n => n.GetDouble())] : [list.GetDouble()] : [];

    private static JsonElement Parse(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
