using SelfPlayArena.Grains;

namespace SelfPlayArena.Cluster;

/// <summary>A silo of a cluster, which this build cannot be.</summary>
public sealed class ClusterSilo
{
    /// <summary>Whether this build can be one.</summary>
    public static bool CanRun => false;

    /// <exception cref="ClusterException">Always.</exception>
    public static Task RunAsync(ClusterDatabase database, SiloOptions options, GrainMeter meter, IRunWatcher watcher, TimeProvider time, CancellationToken stop) => throw new ClusterException(
        "this program was built with the stand-in for Orleans, which is one process and never a cluster. Build it with the real packages: "
        + "'ARENA_PACKAGES=nuget ./arena silo …', from a registry that has Microsoft.Orleans.Server or with LocalPackages=FOLDER. On one machine 'arena league' needs none of this");
}
