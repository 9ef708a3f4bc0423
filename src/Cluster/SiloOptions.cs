using System.Net;
using SelfPlayArena.Rollout;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Cluster;

/// <summary>What a silo is for.</summary>
[Flags]
public enum SiloRoles
{
    None = 0,

    /// <summary>Learner, league and model pool may come up here.</summary>
    Learner = 1,

    /// <summary>Matches are played here.</summary>
    Hosts = 2,
}

/// <summary>The run that a cluster's silos keep going.</summary>
/// <param name="Preset">Name of the preset that the settings came from, for the log.</param>
/// <param name="Hosts">Match hosts over all silos.</param>
/// <param name="Steps">Trained hero-steps at which the run ends; null for never.</param>
public sealed record SiloRun(string Name, RunSettings Settings, string Preset, int Hosts, long? Steps);

/// <summary>One silo of a cluster.</summary>
public sealed record SiloOptions
{
    /// <summary>Name of the cluster; several may share a database.</summary>
    public string Cluster { get; init; } = "arena";

    /// <summary>This silo's name, for people.</summary>
    public required string Name { get; init; }

    public SiloRoles Roles { get; init; } = SiloRoles.Learner | SiloRoles.Hosts;

    /// <summary>Address by which the other silos reach this one.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Port of the silos' own calls.</summary>
    public required int SiloPort { get; init; }

    /// <summary>Port where a learner on this silo takes trajectories; 0 for any that is free.</summary>
    public int StreamPort { get; init; }

    /// <summary>Folder for copies of runs' files; what counts is in the database.</summary>
    public required string Scratch { get; init; }

    /// <summary>Time without an answer after which a silo is asked again; after three times it is declared dead.</summary>
    public TimeSpan Probe { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The run to keep going; null to serve what others keep going.</summary>
    public SiloRun? Run { get; init; }

    public required Func<RunSettings, IEnvironmentFactory> EnvironmentOf { get; init; }

    public required FactoryOf EnvironmentOfRecipe { get; init; }

    /// <summary>Called when the silo is in the cluster (true) and when it begins to leave (false).</summary>
    public Action<bool> Joined { get; init; } = _ => { };

    /// <summary>Gets one line for each thing that happens; from any thread.</summary>
    public required Action<string> Log { get; init; }
}
