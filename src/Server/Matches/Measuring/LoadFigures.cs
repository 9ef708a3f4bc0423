namespace SelfPlayArena.Server.Matches.Measuring;

/// <summary>What a load did to the server. Times in milliseconds; clients live in the same process, so that the machine carries both.</summary>
/// <param name="Scene">What the load was.</param>
/// <param name="LateP50">From when a tick was due to when its frames were on their way, median.</param>
/// <param name="LateP99">The same, 99% of ticks are earlier.</param>
/// <param name="Dropped">Ticks that matches did not catch up with.</param>
/// <param name="BotP50">Time that all bots of a match took to decide, median.</param>
/// <param name="KilobytesPerClient">1,000 bytes a second that a client was sent, mean of all.</param>
/// <param name="MostKilobytesPerClient">The same of the client that was sent most.</param>
/// <param name="RoundTripP99">From a client's order to its answer.</param>
/// <param name="Cores">Processor time a second, server and clients.</param>
/// <param name="Lost">Clients that were let go or lost their connection.</param>
public sealed record LoadFigures(
    string Scene, string Mode, string Players, int Matches, int Clients, double Seconds, long Ticks, double LateP50, double LateP99, long Dropped, double BotP50, double BotP99,
    double KilobytesPerClient, double MostKilobytesPerClient, double RoundTripP50, double RoundTripP99, double Cores, int Lost)
{
    /// <summary>What training did meanwhile: <c>none</c>, <c>paused</c>, or <c>running</c> in the same process.</summary>
    public string Training { get; init; } = "none";

    /// <summary>Time for which the garbage collector let everybody stand still, milliseconds in all, and how often.</summary>
    public double Collecting { get; init; }

    /// <inheritdoc cref="Collecting"/>
    public int Collections { get; init; }

    /// <summary>Hero-steps a second trained while the load was measured.</summary>
    public double TrainedPerSecond { get; init; }

    /// <summary>The same while nobody played or watched.</summary>
    public double TrainedAlone { get; init; }
}
