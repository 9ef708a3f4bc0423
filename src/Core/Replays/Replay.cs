using System.Globalization;

namespace SelfPlayArena.Core.Replays;

/// <summary>A replay in memory: who played what, every action, and hashes of the states they led to.</summary>
public sealed class Replay
{
    private readonly short[] _actions;
    private readonly ulong[] _hashes;

    internal Replay(string path, ReplayHeader header, ulong[] hashes, short[] actions)
    {
        Path = path;
        Header = header;
        _hashes = hashes;
        _actions = actions;
    }

    /// <summary>Where it was read from.</summary>
    public string Path { get; }

    public ReplayHeader Header { get; }

    public int Decisions => Header.Decisions;

    /// <summary>Hash of the state in which the match ended.</summary>
    public ulong FinalHash => _hashes[^1];

    /// <summary>Number of recorded hashes, the final one included.</summary>
    public int Hashes => _hashes.Length;

    /// <summary>Actions [agents, heads] of one decision.</summary>
    public ReadOnlySpan<short> Actions(int decision)
    {
        int width = Header.Agents * Header.Heads;
        return _actions.AsSpan(decision * width, width);
    }

    /// <summary>Hash of the state after so many decisions, or null where none was recorded.</summary>
    public ulong? HashAfter(int decisions)
        => decisions % ReplayFile.HashInterval == 0 ? _hashes[decisions / ReplayFile.HashInterval] : decisions == Decisions ? FinalHash : null;

    /// <summary>Says why <paramref name="spec"/>'s environment cannot play this replay, or null if it can.</summary>
    public static string? Unfit(ReplayHeader header, EnvironmentSpec spec)
    {
        if (header.Game != spec.Name)
            return $"it was recorded of {header.Game}, not of {spec.Name}";
        if (header.ContentHash != spec.ContentHash)
            return $"it was recorded with other content of {spec.Name}: rules and content {header.ContentHash}, this program has {spec.ContentHash}; only a program with that content can play it";
        string layout = LayoutHash(spec);
        if (header.LayoutHash != layout || header.Agents != spec.Agents || header.Heads != spec.Heads.Count)
            return $"it was recorded with another layout of {spec.Name}: layout {header.LayoutHash}, this program has {layout}; only a program with that layout can play it";
        return null;
    }

    /// <summary><see cref="ReplayHeader.LayoutHash"/> of a spec.</summary>
    public static string LayoutHash(EnvironmentSpec spec) => spec.Hash.ToString("x16", CultureInfo.InvariantCulture);
}
