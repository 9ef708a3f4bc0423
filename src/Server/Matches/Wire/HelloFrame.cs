namespace SelfPlayArena.Server.Matches.Wire;

/// <summary>What every connection is told first, whatever it is to.</summary>
internal static class HelloFrame
{
    /// <summary>Every table's fields in order, each a name and a scale.</summary>
    public static (string, object?)[] Schema { get; } = [.. Schemas.All.Select(t => (t.Name, (object?)t.Fields.Select(f => (object?[])[f.Name, f.Scale]).ToArray()))];
}
