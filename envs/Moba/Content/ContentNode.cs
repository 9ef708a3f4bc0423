using System.Globalization;
using System.Text.Json;

namespace SelfPlayArena.Moba;

/// <summary>A JSON value that knows its file and path, so that every complaint says where and what is allowed.</summary>
internal readonly struct ContentNode(string file, string path, JsonElement element)
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public string Path => path;

    /// <exception cref="ContentException">Not JSON, or not an object.</exception>
    public static ContentNode Parse(string file, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return new ContentNode(file, "$", JsonDocument.Parse(bytes, Options).RootElement);
        }
        catch (JsonException e)
        {
            throw new ContentException($"{file}({(e.LineNumber ?? 0) + 1}): not valid JSON: {e.Message}");
        }
    }

    public ContentException Error(string problem) => new($"{file}: {path}: {problem}");

    /// <summary>Refuses members other than these.</summary>
    public ContentNode Only(params ReadOnlySpan<string> allowed)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Error($"is {Shown()}, expected an object with {string.Join(", ", allowed.ToArray())}");
        foreach (JsonProperty p in element.EnumerateObject())
        {
            if (!allowed.Contains(p.Name))
                throw Error($"unknown member '{p.Name}'; allowed: {string.Join(", ", allowed.ToArray())}");
        }
        return this;
    }

    public bool Has(string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out _);

    public ContentNode this[string name]
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement e)
            ? new ContentNode(file, $"{path}.{name}", e)
            : throw Error($"member '{name}' is missing");

    public IReadOnlyList<ContentNode> Items(int least = 0, int most = int.MaxValue)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Error($"is {Shown()}, expected a list");
        var items = new List<ContentNode>();
        foreach (JsonElement e in element.EnumerateArray())
            items.Add(new ContentNode(file, $"{path}[{items.Count.ToString(CultureInfo.InvariantCulture)}]", e));
        if (items.Count < least || items.Count > most)
            throw Error($"has {items.Count} entries; allowed: {least} to {most}");
        return items;
    }

    public IEnumerable<(string Name, ContentNode Value)> Members()
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Error($"is {Shown()}, expected an object");
        foreach (JsonProperty p in element.EnumerateObject())
            yield return (p.Name, new ContentNode(file, $"{path}.{p.Name}", p.Value));
    }

    public float Number(float least, float most)
    {
        if (element.ValueKind != JsonValueKind.Number || !element.TryGetSingle(out float v) || !(v >= least && v <= most))
            throw Error(string.Create(CultureInfo.InvariantCulture, $"is {Shown()}; allowed: a number from {least} to {most}"));
        return v;
    }

    public int Whole(int least, int most)
    {
        if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out int v) || v < least || v > most)
            throw Error(string.Create(CultureInfo.InvariantCulture, $"is {Shown()}; allowed: a whole number from {least} to {most}"));
        return v;
    }

    /// <summary>Seconds in the file, ticks in the result.</summary>
    public int Ticks(float most) => (int)(Number(0f, most) * RulesDefinition.TicksPerSecond + 0.5f);

    public string Text()
    {
        if (element.ValueKind != JsonValueKind.String || element.GetString() is not { Length: > 0 } s)
            throw Error($"is {Shown()}, expected a text");
        return s;
    }

    public bool Flag()
        => element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Error($"is {Shown()}; allowed: true, false");

    /// <summary>Index of the text among the allowed ones.</summary>
    public int Choice(params ReadOnlySpan<string> allowed)
    {
        int i = element.ValueKind == JsonValueKind.String ? allowed.IndexOf(element.GetString()) : -1;
        return i >= 0 ? i : throw Error($"is {Shown()}; allowed: {string.Join(", ", allowed.ToArray())}");
    }

    public float NumberOr(string name, float otherwise, float least, float most) => Has(name) ? this[name].Number(least, most) : otherwise;

    /// <summary>Numbers by level: padded to four with the last.</summary>
    public float[] Levels(float least, float most)
    {
        IReadOnlyList<ContentNode> items = Items(1, WorldState.Skills);
        var levels = new float[4];
        for (int i = 0; i < levels.Length; i++)
            levels[i] = items[Math.Min(i, items.Count - 1)].Number(least, most);
        return levels;
    }

    private string Shown()
    {
        string raw = element.GetRawText();
        return raw.Length > 40 ? raw[..40] + "…" : raw;
    }
}
