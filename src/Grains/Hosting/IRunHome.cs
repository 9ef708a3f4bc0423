using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Rollout;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Grains;

/// <summary>
/// Where runs live and what they are made of, as the program that hosts the grains knows it. In a cluster every silo is given one that leads to
/// the same logs and the same folders. Registered as a service; called from grains and their threads, from any of them.
/// </summary>
public interface IRunHome
{
    /// <summary>Opens a run's event log, empty if there is none. May block; disposed when the league's grain is deactivated.</summary>
    /// <exception cref="LeagueLogException">It cannot be had.</exception>
    IEventLog OpenLog(string run);

    /// <summary>Settings, checkpoints and bundles of a run; in a cluster a place that every silo can read and write.</summary>
    RunFolder Folder(string run);

    /// <summary>The environment of some settings.</summary>
    IEnvironmentFactory Environment(RunSettings settings);

    /// <summary>The environment that a learner elsewhere trains in.</summary>
    IEnvironmentFactory Environment(EnvironmentRecipe recipe);

    /// <summary>What carries chunks inside the learner's process.</summary>
    ITrajectoryTransport Transport(int capacity);

    /// <summary>Lets hosts of other processes in, as long as the run goes on; null where none may come. Called on the learner's thread.</summary>
    RunDoor? OpenDoor(string run, ILocalRunPort port);

    /// <summary>How a host of this process reaches a learner in another.</summary>
    /// <param name="endpoint"><see cref="RunDoor.Endpoint"/> of that learner.</param>
    WorkerTarget Target(string endpoint);
}

/// <summary>A door by which hosts of other processes come to a run.</summary>
/// <param name="Endpoint"><c>address:port</c> that they connect to; null if the run's own hosts have no need of it.</param>
/// <param name="Opened">Disposed, on the learner's thread, when the run ends.</param>
public sealed record RunDoor(string? Endpoint, IDisposable Opened);

/// <summary>Sees what happens to a run that learns in this process. Registered as a service where somebody wants to; all calls come on the learner's thread.</summary>
public interface IRunWatcher
{
    /// <summary>The run is open, and about to begin.</summary>
    void Opened(string name, SelfPlayRun run);

    /// <summary>An update was made.</summary>
    void Updated(string name, RunProgress progress);

    /// <summary>The run has ended and is closed.</summary>
    /// <param name="failure">Null if it ended in order.</param>
    void Ended(string name, Exception? failure);
}
