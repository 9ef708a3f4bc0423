using SelfPlayArena.Rollout;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>Times the whole loop, simulating, acting and learning together, in a folder that is deleted afterwards.</summary>
internal static class LoopBench
{
    /// <summary>Rates over the time after the warm-up; only hero-steps that an update used count.</summary>
    /// <param name="ActorsWaiting">Share of the actors' time at a full queue, at the end.</param>
    /// <param name="DroppedShare">Hero-steps dropped as too old, by those trained or dropped.</param>
    /// <param name="Learner">Share of the measured time that the learner's thread spent on each thing; <c>other</c> is what is left over.</param>
    /// <param name="Hosts">The same of the match hosts' threads.</param>
    /// <param name="LearnerCovered">Share of the measured time that the learner's named parts add up to.</param>
    /// <param name="HostsCovered">The same of the hosts'.</param>
    internal sealed record Result(
        string Environment, string Network, double HeroStepsPerSecond, double SimulatedPerSecond, double ActorsWaiting, double LearnerWaiting, double DroppedShare,
        double StalenessMean, long Updates, double Seconds, double WarmUpSeconds, long WorkingSetBytes, int Actors, int Matches, int LearnerThreads, ulong Seed, string Precision,
        double ProcessorsUsed, IReadOnlyDictionary<string, double> Learner, double LearnerCovered, IReadOnlyDictionary<string, double> Hosts, double HostsCovered);

    /// <param name="warmUp">Seconds at the start that do not count.</param>
    public static Result Run(IEnvironmentFactory factory, RunSettings settings, double seconds, double warmUp, Action<RunProgress> progress, CancellationToken cancellation)
    {
        string path = Directory.CreateTempSubdirectory("arena-bench-").FullName;
        try
        {
            RunProgress? first = null, last = null;
            Dictionary<string, double> learner = [], hosts = [];
            TimeSpan processor = default, processorAtFirst = default;
            long firstAt = 0, lastAt = 0;
            long start = TimeProvider.System.GetTimestamp();
            using (SelfPlayRun run = SelfPlayRun.Create(new RunFolder(Path.Combine(path, "run")), settings, "bench", factory, c => new TrajectoryQueue(c), TimeProvider.System))
            {
                start = TimeProvider.System.GetTimestamp();
                run.Run(
                    new RunLimits(Minutes: (seconds + warmUp) / 60),
                    now =>
                    {
                        progress(now);
                        lastAt = TimeProvider.System.GetTimestamp();
                        last = now;
                        processor = Environment.CpuUsage.TotalTime;
                        if (first is not null)
                        {
                            Add(learner, now.SecondsByPhase);
                            Add(hosts, now.HostSecondsByPhase);
                        }
                        if (first is null && TimeProvider.System.GetElapsedTime(start, lastAt).TotalSeconds >= warmUp)
                            (first, firstAt, processorAtFirst) = (now, lastAt, processor);
                    },
                    cancellation);
            }
            cancellation.ThrowIfCancellationRequested();
            if (first is null || last is null || ReferenceEquals(first, last))
                throw new UserError("fewer than two updates fell into the measured time; allow more --seconds");
            double measured = TimeProvider.System.GetElapsedTime(firstAt, lastAt).TotalSeconds;
            return new Result(
                factory.Spec.Name, settings.Network, (last.TrainedSteps - first.TrainedSteps) / measured, last.SimulatedPerSecond, last.ActorWaiting, last.LearnerWaiting,
                (double)last.DroppedSteps / Math.Max(1, last.DroppedSteps + last.TrainedSteps), last.StalenessMean, last.Updates - first.Updates, measured,
                TimeProvider.System.GetElapsedTime(start, firstAt).TotalSeconds, last.WorkingSetBytes, settings.Actors, settings.MatchesPerActor, SelfPlayRun.LearnerThreads(settings), settings.Seed, last.Precision,
                (processor - processorAtFirst).TotalSeconds / measured, Shares(learner, measured), learner.Where(p => p.Key != "other").Sum(p => p.Value) / measured,
                Shares(hosts, measured * settings.Actors), hosts.Sum(p => p.Value) / (measured * settings.Actors));
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static void Add(Dictionary<string, double> sums, IReadOnlyDictionary<string, double> seconds)
    {
        foreach ((string phase, double s) in seconds)
            sums[phase] = sums.GetValueOrDefault(phase) + s;
    }

    private static Dictionary<string, double> Shares(Dictionary<string, double> sums, double all) => sums.ToDictionary(s => s.Key, s => s.Value / all);
}
