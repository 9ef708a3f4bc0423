using Orleans;
using Orleans.Concurrency;

namespace SelfPlayArena.Grains;

/// <summary>
/// A run's learner; its key is the run's name. The learning loop runs on a thread of its own in the silo where the grain is; the grain starts
/// and stops it and says how it fares. It keeps the run's hosts going. If its silo dies, the next call activates it elsewhere, where it goes on
/// from the last checkpoint.
/// </summary>
[Alias("arena.learner")]
public interface ILearnerGrain : IGrainWithStringKey
{
    /// <summary>Starts learning; nothing happens if it does already. Returns once the run is open, or after a while in state <see cref="LearnerState.Opening"/>.</summary>
    Task<LearnerStatus> Start(LearnerOrder order);

    /// <summary>Lets the run save and end. Returns at once.</summary>
    Task<LearnerStatus> Stop();

    /// <summary>Lets the run stand still after the update that is under way: its hosts of this process play no further. Returns at once.</summary>
    Task<LearnerStatus> Pause();

    /// <summary>Lets a paused run go on.</summary>
    Task<LearnerStatus> Resume();

    /// <summary>Asks for a snapshot after the update that is under way, or at once while the run is paused.</summary>
    Task<LearnerStatus> Snapshot();

    /// <summary>How it fares.</summary>
    [ReadOnly]
    Task<LearnerStatus> Status();

    /// <summary>Where hosts find the learner.</summary>
    [ReadOnly]
    Task<LearnerPlace> Place();
}

/// <summary>What a learner is to do.</summary>
/// <param name="Settings">The run's settings as JSON (<see cref="Rollout.RunSettings"/>).</param>
/// <param name="Preset">Name of the preset they came from, for the log.</param>
/// <param name="Resume">Go on with the run that is there; otherwise there must be none.</param>
/// <param name="Hosts">Match hosts to keep going.</param>
/// <param name="Minutes">Wall-clock minutes of this session, null for no end.</param>
/// <param name="Steps">Trained hero-steps of the whole run, null for no end.</param>
[GenerateSerializer, Immutable, Alias("arena.learner-order")]
public sealed record LearnerOrder(string Settings, string Preset, bool Resume, int Hosts, double? Minutes, long? Steps);

/// <summary>What a learner is doing.</summary>
[GenerateSerializer]
public enum LearnerState
{
    /// <summary>Nobody told it to learn.</summary>
    Idle,
    Opening,
    Learning,

    /// <summary>Saving, to end.</summary>
    Ending,
    Ended,
    Failed,

    /// <summary>Told to stand still.</summary>
    Paused,
}

/// <summary>How a learner fares.</summary>
/// <param name="Process">Number of the process that it runs in.</param>
/// <param name="Machine">Name of its machine.</param>
/// <param name="Hosts">Match hosts that it keeps going.</param>
/// <param name="Fault">What went wrong, null if nothing did.</param>
[GenerateSerializer, Immutable, Alias("arena.learner-status")]
public sealed record LearnerStatus(
    LearnerState State, int Session, long Updates, long TrainedSteps, double StepsPerSecond, long MatchesRated, int Hosts, string? Endpoint, string Machine, int Process, string? Fault);

/// <summary>Where hosts of other processes find a learner; those of its own process have no need to ask.</summary>
/// <param name="Open">False while it is not ready: ask again.</param>
/// <param name="Over">Nobody wants the run to go on: hosts may end.</param>
/// <param name="Endpoint"><c>address:port</c> for hosts in other processes; null where none may come.</param>
[GenerateSerializer, Immutable, Alias("arena.learner-place")]
public sealed record LearnerPlace(bool Open, bool Over, string? Endpoint);

/// <summary>What a learner remembers for whoever takes its place: the order that it is carrying out, null for none.</summary>
[GenerateSerializer, Alias("arena.learner-memory")]
public sealed class LearnerMemory
{
    [Id(0)]
    public LearnerOrder? Order { get; set; }
}
