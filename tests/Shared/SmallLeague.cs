using SelfPlayArena.Rollout;

namespace SelfPlayArena.Testing;

/// <summary>The small league on the matching task that tests of whole runs start from.</summary>
internal static class SmallLeague
{
    public static RunSettings Settings { get; } = new()
    {
        Environment = "matching",
        Device = "cpu",
        MatchesPerActor = 16,
        BatchSteps = 512,
        ChunkSteps = 4,
        SnapshotSteps = 2_000,
        Anchors = ["random", "perfect@1"],
        RandomStartDecisions = 4,
        Minibatches = 2,
        Seed = 11,
    };
}
