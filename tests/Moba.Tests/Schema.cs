using System.Globalization;
using System.Text.Json.Nodes;

namespace SelfPlayArena.Moba.Tests;

/// <summary>The JSON Schema files of the content, and as much of draft 2020-12 as they use.</summary>
internal static class Schema
{
    private static readonly Dictionary<string, JsonNode> Loaded = [];

    /// <summary>A place in a schema: the file it is in (references are relative to it) and the node.</summary>
    public readonly record struct Place(string File, JsonNode Node);

    public static Place File(string name)
    {
        if (!Loaded.TryGetValue(name, out JsonNode? node))
        {
            string path = Path.Combine(AppContext.BaseDirectory, "schema", name);
            Loaded[name] = node = JsonNode.Parse(System.IO.File.ReadAllText(path))!;
        }
        return new Place(name, node);
    }

    /// <summary>First complaint about a value, null for none.</summary>
    public static string? Check(Place at, JsonNode? value, string path = "$")
    {
        at = Resolve(at);
        JsonNode s = at.Node;
        if (s["oneOf"] is JsonArray choices)
        {
            int fits = choices.Count(c => Check(at with { Node = c! }, value, path) is null);
            return fits == 1 ? null : $"{path}: fits {fits} of the alternatives: {value?.ToJsonString()}";
        }
        if (s["const"] is { } only && !JsonNode.DeepEquals(only, value))
            return $"{path}: is not {only}";
        if (s["enum"] is JsonArray allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value)))
            return $"{path}: {value} is none of {allowed.ToJsonString()}";
        return (string?)s["type"] switch
        {
            "object" => value is JsonObject o ? Members(at, o, path) : $"{path}: not an object",
            "array" => value is JsonArray a ? Entries(at, a, path) : $"{path}: not a list",
            "string" => value is JsonValue v && v.TryGetValue(out string? t) && t.Length >= ((int?)s["minLength"] ?? 0) ? null : $"{path}: not a text",
            "boolean" => value is JsonValue v && v.TryGetValue(out bool _) ? null : $"{path}: not true or false",
            "number" or "integer" => Number(s, value, path),
            null => null,
            string other => throw new NotSupportedException(other),
        };
    }

    /// <summary>Follows references, and of alternatives takes the one that fits.</summary>
    public static Place Resolve(Place at, JsonNode? fitting = null)
    {
        while ((string?)at.Node["$ref"] is { } reference)
        {
            string[] parts = reference.Split('#');
            at = parts[0].Length > 0 ? File(parts[0]) : File(at.File);
            foreach (string step in parts[1].Split('/', StringSplitOptions.RemoveEmptyEntries))
                at = at with { Node = at.Node[step]! };
        }
        if (fitting is null || at.Node["oneOf"] is not JsonArray choices)
            return at;
        Place here = at;
        return Resolve(here with { Node = choices.Single(c => Check(here with { Node = c! }, fitting) is null)! });
    }

    private static string? Members(Place at, JsonObject value, string path)
    {
        JsonObject known = at.Node["properties"]!.AsObject();
        foreach (JsonNode? must in at.Node["required"]!.AsArray())
        {
            if (!value.ContainsKey((string)must!))
                return $"{path}: '{must}' is missing";
        }
        foreach ((string name, JsonNode? v) in value)
        {
            if (known[name] is not { } s)
                return $"{path}: unknown '{name}'";
            if (Check(at with { Node = s }, v, $"{path}.{name}") is { } complaint)
                return complaint;
        }
        return null;
    }

    private static string? Entries(Place at, JsonArray value, string path)
    {
        if (value.Count < ((int?)at.Node["minItems"] ?? 0) || value.Count > ((int?)at.Node["maxItems"] ?? int.MaxValue))
            return string.Create(CultureInfo.InvariantCulture, $"{path}: {value.Count} entries");
        for (int i = 0; i < value.Count; i++)
        {
            if (Check(at with { Node = at.Node["items"]! }, value[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")) is { } complaint)
                return complaint;
        }
        return null;
    }

    private static string? Number(JsonNode s, JsonNode? value, string path)
    {
        if (value is not JsonValue v || !v.TryGetValue(out double d) || ((string?)s["type"] == "integer" && d != Math.Floor(d)))
            return $"{path}: not a number of that kind";
        return d >= (double)s["minimum"]! && d <= (double)s["maximum"]! ? null : $"{path}: {d} is out of range";
    }
}
