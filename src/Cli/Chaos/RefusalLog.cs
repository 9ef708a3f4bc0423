using System.Text.RegularExpressions;

namespace SelfPlayArena.Cli.Chaos;

/// <summary>Counts the lines of refusals in a run's log of its workers, while somebody else writes it.</summary>
internal sealed partial class RefusalLog(string path)
{
    public long Length => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>Lines by reason from an offset on.</summary>
    public SortedDictionary<string, long> Count(long from)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (!File.Exists(path))
            return counts;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = Math.Min(from, stream.Length);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (Refused().Match(line) is { Success: true } match)
                counts[match.Groups[1].Value] = counts.GetValueOrDefault(match.Groups[1].Value) + 1;
        }
        return counts;
    }

    /// <summary>Lines about connections that ended by an exception that nobody had in mind.</summary>
    public IReadOnlyList<string> Failures() => File.Exists(path) ? [.. File.ReadLines(path).Where(l => Failed().IsMatch(l))] : [];

    [GeneratedRegex(@"^\S+ \S+ \S+ the connection failed: ")]
    private static partial Regex Failed();

    /// <summary>Date, time, who, and no more before the word: what somebody sent can stand behind it only.</summary>
    [GeneratedRegex(@"^\S+ \S+ \S+ refused \((\w+)\): ")]
    private static partial Regex Refused();
}
