namespace SelfPlayArena.Cli.Chaos;

/// <summary>The league that chaos troubles unless it is told another: the preset's game, with everything that a longer run does often happening within minutes.</summary>
internal static class ChaosSettings
{
    public const string Yaml = """
        environment: moba
        mode: 1v1
        rules: quick
        network: tiny
        matches_per_actor: 4
        batch_steps: 2048
        snapshot_steps: 100000
        checkpoint_seconds: 5
        """;
}
