using Orleans;
using Orleans.Concurrency;

namespace SelfPlayArena.Grains;

/// <summary>
/// A batch of matches, played on a thread of its own in the silo where the grain is; its key is <c>run/number</c> (<see cref="HostOrder.Key"/>).
/// The grain is only what it is controlled by: no call waits for a match. A host whose silo died is made anew by the learner's next
/// <see cref="Start"/>; what it was playing counts as played by nobody.
/// </summary>
[Alias("arena.match-host")]
public interface IMatchHostGrain : IGrainWithStringKey
{
    /// <summary>Starts playing; nothing happens if it does already.</summary>
    Task<HostStatus> Start(HostOrder order);

    /// <summary>Ends its matches, and brings what they reported to the league before it returns.</summary>
    Task<HostStatus> Stop();

    /// <summary>How it fares.</summary>
    [ReadOnly]
    Task<HostStatus> Status();
}

/// <summary>What a host is to play.</summary>
/// <param name="Matches">Matches at a time; 0 for what the run's settings say.</param>
[GenerateSerializer, Immutable, Alias("arena.host-order")]
public sealed record HostOrder(string Run, int Number, int Matches)
{
    /// <summary>The grain's key.</summary>
    public string Key => KeyOf(Run, Number);

    /// <summary>Key of a run's host.</summary>
    public static string KeyOf(string run, int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{run}/{number}");
}

/// <summary>What a host is doing.</summary>
[GenerateSerializer]
public enum HostState
{
    /// <summary>Nobody told it to play, or it was stopped.</summary>
    Idle,

    /// <summary>Looking for the learner.</summary>
    Waiting,
    Playing,
    Failed,
}

/// <summary>How a host fares.</summary>
/// <param name="Matches">Matches being played.</param>
/// <param name="Finished">Matches played to their end since it was started here.</param>
/// <param name="HeroSteps">Hero-steps simulated since it was started here.</param>
/// <param name="WaitingSeconds">Time that it stood waiting for the learner to take what it had played.</param>
/// <param name="Unreported">Results that the league has not acknowledged yet.</param>
/// <param name="Linked">How trajectories go to the learner: <c>in process</c>, an address, or null.</param>
[GenerateSerializer, Immutable, Alias("arena.host-status")]
public sealed record HostStatus(
    HostState State, int Matches, long Finished, long HeroSteps, double WaitingSeconds, int Unreported, string? Linked, string Machine, int Process, string? Fault);
