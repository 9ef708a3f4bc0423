using System.Globalization;
using SelfPlayArena.Core;

namespace SelfPlayArena.League;

/// <summary>
/// Ids of matches: <c>stream/number</c>, where each stream (one host in one session) counts its matches 0, 1, 2, … as they finish. Counting
/// lets the fold remember which ids it has seen as one number a stream, instead of every id for ever.
/// </summary>
public sealed class MatchIds(string stream, long next = 0)
{
    private long _next = next;

    public string Stream { get; } = stream;

    /// <summary>Number that <see cref="Next"/> will use, for checkpoints.</summary>
    public long NextNumber => Interlocked.Read(ref _next);

    /// <summary>The next id. Take it when a match finishes, not when it starts: abandoned matches then leave no gaps. Thread-safe.</summary>
    public string Next() => string.Create(CultureInfo.InvariantCulture, $"{Stream}/{Interlocked.Increment(ref _next) - 1}");

    internal static bool TryParse(string id, out ReadOnlySpan<char> stream, out long number)
    {
        int slash = id.LastIndexOf('/');
        stream = slash > 0 ? id.AsSpan(0, slash) : default;
        number = -1;
        return slash > 0 && long.TryParse(id.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}

/// <summary>Which numbers of one stream were seen: all below <see cref="Floor"/>, and a few ahead of it that came out of order.</summary>
internal sealed class SeenNumbers
{
    /// <summary>Numbers kept ahead of a gap. Beyond that the gap counts as never coming (its match was lost), so memory stays bounded.</summary>
    internal const int MaxAhead = 16384;

    private readonly SortedSet<long> _ahead = [];

    public long Floor { get; private set; }

    public IReadOnlyCollection<long> Ahead => _ahead;

    public bool Contains(long number) => number < Floor || _ahead.Contains(number);

    /// <summary>False if it was seen before.</summary>
    public bool Add(long number)
    {
        if (number < Floor || !_ahead.Add(number))
            return false;
        if (_ahead.Count > MaxAhead)
            Floor = _ahead.Min;
        while (_ahead.Remove(Floor))
            Floor++;
        return true;
    }
}

/// <summary>Players as text: <c>main@latest</c>, <c>main@7</c>, <c>scripted:easy@1</c> (the @1 belongs to a scripted player's name).</summary>
public static class PlayerText
{
    /// <exception cref="FormatException">Neither a scripted player nor <c>member@version</c>.</exception>
    public static PlayerId Parse(string text)
    {
        if (text.StartsWith(MemberId.ScriptedPrefix, StringComparison.Ordinal) && text.Length > MemberId.ScriptedPrefix.Length)
            return new PlayerId(new MemberId(text), 0);
        int at = text.LastIndexOf('@');
        if (at > 0)
        {
            var member = new MemberId(text[..at]);
            if (text.AsSpan(at + 1).SequenceEqual("latest"))
                return new PlayerId(member, PlayerId.Latest);
            if (int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int version) && version > 0)
                return new PlayerId(member, version);
        }
        throw new FormatException($"player '{text}' is none of 'member@latest', 'member@7', 'scripted:name'");
    }
}
