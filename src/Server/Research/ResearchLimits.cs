namespace SelfPlayArena.Server.Research;

/// <summary>How much programs that drive batches of matches may take.</summary>
public sealed record ResearchLimits
{
    /// <summary>Batches open at once, over all clients.</summary>
    public int Sessions { get; init; } = 16;

    /// <summary>Matches of a batch.</summary>
    public int Matches { get; init; } = 2048;

    /// <summary>Different players of a batch.</summary>
    public int Players { get; init; } = 16;

    /// <summary>Bytes of all batches together: matches, observations, frames and the networks that play in them.</summary>
    public long Bytes { get; init; } = 2L << 30;

    /// <summary>How long a client may say nothing.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a client may take to read an answer.</summary>
    public TimeSpan Send { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Threads that step matches; 0 for as many as there are cores.</summary>
    public int Threads { get; init; }

    /// <summary>Bytes of a frame that asks for a batch.</summary>
    internal const int OpenBytes = 64 * 1024;
}
