namespace SelfPlayArena.Cli.Chaos;

/// <summary>What was thrown at a league and what came of it.</summary>
/// <param name="Frames">Frames that intruders made the learner read, by kind of visit.</param>
/// <param name="RelayedFrames">Frames between the league's own workers and the learner, both ways.</param>
/// <param name="Refusals">By reason: what learners' metrics counted and lines in the log, each time both were compared in a quiet moment.</param>
/// <param name="RefusalLines">Lines of refusals in the log by reason, all of them.</param>
/// <param name="RefusalChecks">Times that the counts of metrics and log were compared, reason by reason.</param>
/// <param name="RepeatedResults">Results that came again and were not counted again, as far as the learners' last pages say.</param>
/// <param name="StepsPerSecond">Trained hero-steps a second over the whole time, the learner's absences included.</param>
/// <param name="QuietStepsPerSecond">The same over the end, when nothing was thrown any more.</param>
/// <param name="MemoryByMinute">Greatest physical memory of the learner in each minute, bytes.</param>
/// <param name="Violations">What should not have been; empty for a league that came through.</param>
internal sealed record ChaosReport(
    int Seed, double Minutes, int Workers, int WorkerKills, int LearnerKills, int Resumes, int Cuts, int Floods, IReadOnlyDictionary<string, long> Visits,
    IReadOnlyDictionary<string, long> Frames, long FramesRead, long RelayedFrames, long RelayedBytes, IReadOnlyDictionary<string, long> Refusals,
    IReadOnlyDictionary<string, long> RefusalLines, int RefusalChecks, int Sessions, long ResultsReported, long ResultsAcknowledged, long ResultsInLog, int ResultsLost, int ResultsTwice,
    int ResultsChanged, long RepeatedResults, double StepsPerSecond, double QuietStepsPerSecond, IReadOnlyList<long> MemoryByMinute, IReadOnlyList<ChaosReport.Life> Lives,
    MemoryVerdict Memory, IReadOnlyList<string> Violations, string Folder)
{
    /// <param name="Memory">Median once grown, bytes; null if it did not live that long.</param>
    internal sealed record Life(int Number, double BornAt, double Seconds, long Updates, long TrainedSteps, long? Memory, long Refusals);
}

/// <summary>Whether a learner's memory stays flat.</summary>
/// <param name="EarlyLives">Median over the earlier half of the lives of what each took once grown.</param>
/// <param name="LateLives">Over the later half.</param>
/// <param name="LastLifeEarly">Mean over the first third of the last life, after it had grown.</param>
/// <param name="LastLifeLate">Mean over its last third.</param>
internal sealed record MemoryVerdict(long? EarlyLives, long? LateLives, long? LastLifeEarly, long? LastLifeLate)
{
    /// <summary>A league's own book grows: ratings, events, snapshots. Frames and connections must not show beside that.</summary>
    private const double Factor = 1.15;
    private const long Slack = 48L << 20;

    public static MemoryVerdict Of(IReadOnlyList<LearnerLife> lives)
    {
        long[] settled = [.. lives.Select(l => l.Settled).OfType<long>()];
        int half = settled.Length / 2;
        (long, long)? across = settled.Length < 4 ? null : (Median(settled[..half]), Median(settled[half..]));
        long[] last = [.. lives[^1].Memory.Where(m => m.Worked >= LearnerLife.Grown).Select(m => m.Bytes)];
        int third = last.Length / 3;
        (long, long)? within = third < 5 ? null : ((long)last[..third].Average(), (long)last[^third..].Average());
        return new MemoryVerdict(across?.Item1, across?.Item2, within?.Item1, within?.Item2);
    }

    public IEnumerable<string> Violations()
    {
        if (EarlyLives is { } early && LateLives is { } late && late > early * Factor + Slack)
            yield return $"later lives of the learner take {Numbers.Text(late / 1048576.0, "0")} MiB, earlier ones {Numbers.Text(early / 1048576.0, "0")}";
        if (LastLifeEarly is { } begin && LastLifeLate is { } end && end > begin * Factor + Slack)
            yield return $"the learner's last life grew from {Numbers.Text(begin / 1048576.0, "0")} to {Numbers.Text(end / 1048576.0, "0")} MiB";
    }

    private static long Median(long[] values) => values.Order().ElementAt(values.Length / 2);
}
