using System.Globalization;
using System.Text.Json;

namespace SelfPlayArena.Server.Content;

/// <summary>Says in a sentence what skills, passives and items do, from the effects that the content gives them.</summary>
internal static class EffectText
{
    private static readonly Dictionary<string, string> Stats = new(StringComparer.Ordinal)
    {
        ["attack"] = "attack",
        ["power"] = "power",
        ["attack_speed"] = "attack speed",
        ["move_speed"] = "movement speed",
        ["armor"] = "armour",
        ["magic_resist"] = "magic resistance",
        ["max_hp"] = "health",
        ["max_mana"] = "mana",
        ["hp_regen"] = "health a second",
        ["mana_regen"] = "mana a second",
        ["life_steal"] = "life steal",
        ["crit_chance"] = "critical chance",
        ["haste"] = "haste",
        ["armor_pen"] = "armour penetration",
        ["magic_pen"] = "magic penetration",
        ["tenacity"] = "tenacity",
    };

    private static readonly string[] Shares = ["attack_speed", "move_speed", "life_steal", "crit_chance", "haste", "armor_pen", "magic_pen", "tenacity"];

    /// <summary>One sentence for all of a skill's effects.</summary>
    public static string Of(JsonElement effects) => Sentence(Joined(effects));

    /// <summary>A passive's or an item's: its stats, and what triggers what.</summary>
    public static string OfTriggered(JsonElement of, bool withStats)
    {
        var parts = new List<string>();
        if (withStats && of.TryGetProperty("stats", out JsonElement stats))
            parts.Add(Sentence(string.Join(", ", stats.EnumerateObject().Select(s => Stat(s.Name, s.Value.GetDouble())))));
        if (of.TryGetProperty("trigger", out JsonElement trigger))
            parts.Add(Sentence($"{When(trigger)}: {Joined(trigger.GetProperty("effects"))}{(trigger.TryGetProperty("cooldown", out JsonElement rest) ? $" (at most every {Number(rest)} s)" : "")}"));
        return string.Join(" ", parts);
    }

    /// <summary>A stat with its sign and unit, as in "+20% attack speed".</summary>
    private static string Stat(string name, double amount)
    {
        string sign = amount < 0 ? "−" : "+", size = Math.Abs(Shares.Contains(name) ? 100 * amount : amount).ToString("0.##", CultureInfo.InvariantCulture);
        return $"{sign}{size}{(Shares.Contains(name) ? "%" : "")} {Stats[name]}";
    }

    private static string When(JsonElement trigger)
    {
        int every = trigger.TryGetProperty("every", out JsonElement n) ? n.GetInt32() : 1;
        return (trigger.GetProperty("on").GetString(), every) switch
        {
            ("attack", 1) => "on each basic attack",
            ("attack", _) => $"on every {Ordinal(every)} basic attack",
            ("cast", 1) => "after each skill",
            ("cast", _) => $"after every {Ordinal(every)} skill",
            ("kill", _) => "on each kill",
            ("takedown", _) => "when an enemy hero falls to it or with its help",
            ("hurt", 1) => "when hurt",
            ("hurt", _) => $"every {Ordinal(every)} time it is hurt",
            ("second", 1) => "every second",
            ("second", _) => $"every {every.ToString(CultureInfo.InvariantCulture)} seconds",
            ("low_hp", _) => "when health runs low",
            var (on, _) => $"on {on}",
        };
    }

    private static string Joined(JsonElement effects) => string.Join(", ", effects.EnumerateArray().Select(One));

    private static string One(JsonElement e)
    {
        string where = Text(e, "radius") is { } r ? $" within {r}" : "";
        string lasting = Text(e, "duration") is { } s ? $" for {s} s" : "";
        return e.GetProperty("kind").GetString() switch
        {
            "damage" => $"deals {Amount(e)} {e.GetProperty("type").GetString()} damage{where}",
            "dot" => $"deals {Amount(e)} {e.GetProperty("type").GetString()} damage over {Text(e, "duration")} s{where}",
            "execute" => $"deals {Amount(e)} {e.GetProperty("type").GetString()} damage and {Percent(e, "missing_hp")} of the health that is missing{where}",
            "heal" => $"heals {Whom(e)}{Amount(e)}{where}",
            "shield" => $"shields {Whom(e)}against {Amount(e)} damage{where}{lasting}",
            "mana" => $"{(First(e, "amount") < 0 ? "takes" : "gives")} {Whom(e)}{Amount(e).Replace("-", "", StringComparison.Ordinal)} mana{where}",
            "stun" => $"stuns{where}{lasting}",
            "root" => $"roots{where}{lasting}",
            "silence" => $"silences{where}{lasting}",
            "slow" => $"slows by {Levels(e.GetProperty("amount"), 100)}%{where}{lasting}",
            "knockback" => First(e, "distance") < 0 ? $"pulls {Math.Abs(First(e, "distance")).ToString("0.#", CultureInfo.InvariantCulture)} cells closer{where}" : $"knocks {Text(e, "distance")} cells back{where}",
            "dash" => $"dashes {Text(e, "distance")} cells{Then(e)}",
            "blink" => $"blinks {Text(e, "distance")} cells",
            "projectile" => $"fires a {(e.TryGetProperty("pierces", out JsonElement p) && p.GetBoolean() ? "piercing " : "")}projectile {(Text(e, "distance") is { } far ? $"over {far} cells" : "at its target")} that {Joined(e.GetProperty("effects"))}",
            "zone" => $"{(Text(e, "delay") is { } d ? $"after {d} s " : "")}covers {Text(e, "radius")} cells{lasting}; {(Text(e, "interval") is { } i ? $"every {i} s it " : "it ")}{Joined(e.GetProperty("effects"))}",
            "buff" => Buff(e, where, lasting),
            "summon" => $"calls {Text(e, "count") ?? "1"} {e.GetProperty("unit").GetString()!.Replace('_', ' ')}{lasting}",
            "stealth" => $"hides{lasting}",
            "cleanse" => "ends stuns, roots, slows, silences and damage over time",
            var kind => kind ?? "",
        };
    }

    private static string Buff(JsonElement e, string where, string lasting)
    {
        string stat = e.GetProperty("stat").GetString()!;
        double factor = Shares.Contains(stat) ? 100 : 1;
        string amount = Levels(e.GetProperty("amount"), Math.Abs(factor)).Replace("-", "", StringComparison.Ordinal);
        return $"{(First(e, "amount") < 0 ? "takes" : "gives")} {Whom(e)}{amount}{(factor > 1 ? "%" : "")} {Stats[stat]}{where}{lasting}";
    }

    private static string Then(JsonElement e) => e.TryGetProperty("effects", out JsonElement effects) ? $" and {Joined(effects)}" : "";

    private static string Whom(JsonElement e) => (e.TryGetProperty("to", out JsonElement to) ? to.GetString() : null) switch
    {
        "allies" => "allies ",
        "enemies" => "enemies ",
        _ => "",
    };

    /// <summary>By level, with what is added of the caster's stats: "60/95/125 (+50% power)".</summary>
    private static string Amount(JsonElement e)
    {
        string base_ = e.TryGetProperty("amount", out JsonElement amount) ? Levels(amount, 1) : "0";
        string[] more =
        [
            .. new[] { ("attack", "attack"), ("power", "power"), ("hp", "own health") }
                .Where(p => e.TryGetProperty(p.Item1, out _)).Select(p => $"+{Percent(e, p.Item1)} {p.Item2}"),
        ];
        return more.Length == 0 ? base_ : base_ == "0" ? string.Join(", ", more)[1..] : $"{base_} ({string.Join(", ", more)})";
    }

    private static string Levels(JsonElement amounts, double factor)
        => string.Join("/", amounts.EnumerateArray().Select(a => (a.GetDouble() * factor).ToString("0.##", CultureInfo.InvariantCulture)).Distinct());

    private static double First(JsonElement e, string name) => e.GetProperty(name) is { ValueKind: JsonValueKind.Array } list ? list[0].GetDouble() : e.GetProperty(name).GetDouble();

    private static string Percent(JsonElement e, string name) => $"{(100 * e.GetProperty(name).GetDouble()).ToString("0.##", CultureInfo.InvariantCulture)}%";

    private static string? Text(JsonElement e, string name) => e.TryGetProperty(name, out JsonElement number) ? Number(number) : null;

    private static string Number(JsonElement number) => number.ValueKind == JsonValueKind.Array ? Levels(number, 1) : number.GetDouble().ToString("0.##", CultureInfo.InvariantCulture);

    private static string Ordinal(int n) => n switch
    {
        2 => "second",
        3 => "third",
        _ => $"{n.ToString(CultureInfo.InvariantCulture)}th",
    };

    private static string Sentence(string text) => text.Length == 0 ? "" : $"{char.ToUpperInvariant(text[0])}{text[1..]}.";
}
