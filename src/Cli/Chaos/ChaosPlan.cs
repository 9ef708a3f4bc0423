namespace SelfPlayArena.Cli.Chaos;

/// <summary>What happens to a league, and how often.</summary>
/// <param name="Frames">Frames that intruders make the learner read.</param>
/// <param name="Preset">Settings that come with the program; null for none.</param>
/// <param name="Config">YAML that goes over them; null for none. With neither, <see cref="ChaosSettings"/>.</param>
internal sealed record ChaosPlan(double Minutes, int Workers, int WorkerKills, int LearnerKills, int Cuts, int Floods, long Frames, int Seed, string? Preset, string? Config)
{
    /// <summary>Share of the time in which intruders are at work and workers are killed; what follows shows whether the league has come through.</summary>
    public const double Troubled = 0.88;

    /// <summary>Share of the time in which the learner is killed: its last life must be long enough to see whether its memory stays flat.</summary>
    private const double LearnerTroubled = 0.72;

    public double Seconds => Minutes * 60;

    public const int WorkerKillsAMinute = 6, CutsAMinute = 12;
    public const double LearnerKillsAMinute = 1.2, FloodsAMinute = 0.5;
    public const long FramesAMinute = 102_000;

    /// <summary>Numbers a minute times the minutes, rounded up.</summary>
    public static int Times(double aMinute, double minutes) => (int)Math.Ceiling(aMinute * minutes);

    /// <summary>All that is to happen, with the second of each, in order. The same seed draws the same.</summary>
    public IReadOnlyList<(double At, Trouble Kind)> Draw()
    {
        var random = new Random(Seed);
        List<(double At, Trouble Kind)> moments =
        [
            .. Spread(random, WorkerKills, Trouble.KillWorker, Troubled), .. Spread(random, LearnerKills, Trouble.KillLearner, LearnerTroubled),
            .. Spread(random, Cuts, Trouble.Cut, Troubled), .. Spread(random, Floods, Trouble.Flood, Troubled),
        ];
        return [.. moments.OrderBy(m => m.At)];
    }

    /// <summary>One moment in each of so many equal spans: random, but never all at once.</summary>
    private IEnumerable<(double At, Trouble Kind)> Spread(Random random, int count, Trouble kind, double share)
        => Enumerable.Range(0, count).Select(i => ((i + random.NextDouble()) * Seconds * share / count, kind)).ToArray();
}

internal enum Trouble
{
    KillWorker,
    KillLearner,
    Cut,
    Flood,
}
