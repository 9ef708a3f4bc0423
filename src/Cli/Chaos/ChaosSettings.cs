namespace SelfPlayArena.Cli.Chaos;

/// <summary>
/// The league that chaos troubles unless it is told another: a task whose matches take moments, so that thousands of results are at stake, and
/// with everything that a longer run does now and then happening within seconds.
/// </summary>
internal static class ChaosSettings
{
    public const string Yaml = """
        environment: matching
        matches_per_actor: 32
        chunk_steps: 16
        batch_steps: 4096
        snapshot_steps: 200000
        checkpoint_seconds: 5
        anchors: [random, perfect@1]
        self_play_share: 0.5
        anchor_share: 0.3
        """;
}
