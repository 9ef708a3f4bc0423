using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;

namespace SelfPlayArena.Server.League;

/// <summary>A run of this process, as the server sees and controls it. From any thread.</summary>
public interface IServedRun
{
    /// <summary>The run's name.</summary>
    string Name { get; }

    RunHealth Health { get; }

    /// <summary>Newest progress; null until the first update.</summary>
    RunProgress? Last { get; }

    /// <summary>Nobody plays or learns until <see cref="Resume"/>.</summary>
    bool Paused { get; }

    /// <summary>Asks it to stand still; returns when it was told.</summary>
    Task Pause();

    Task Resume();

    /// <summary>Freezes a version after the update that is under way.</summary>
    Task Snapshot();

    /// <summary>Saves and ends the run, as Ctrl-C does.</summary>
    Task Stop();
}
