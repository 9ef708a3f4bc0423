using SelfPlayArena.Rollout;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>Times the whole loop, simulating, acting and learning together, in a folder that is deleted afterwards.</summary>
internal static class LoopBench
{
    /// <summary>Rates over the time after the warm-up; only hero-steps that an update used count.</summary>
    /// <param name="ActorsWaiting">Share of the actors' time at a full queue, at the end.</param>
    /// <param name="DroppedShare">Hero-steps dropped as too old, by those trained or dropped.</param>
    internal sealed record Result(
        string Environment, string Network, double HeroStepsPerSecond, double SimulatedPerSecond, double ActorsWaiting, double LearnerWaiting, double DroppedShare,
        double StalenessMean, long Updates, double Seconds, double WarmUpSeconds, long WorkingSetBytes, int Actors, int Matches, int LearnerThreads, ulong Seed);

    /// <param name="warmUp">Seconds at the start that do not count.</param>
    public static Result Run(IEnvironmentFactory factory, RunSettings settings, double seconds, double warmUp, Action<RunProgress> progress, CancellationToken cancellation)
    {
        string path = Directory.CreateTempSubdirectory("arena-bench-").FullName;
        try
        {
            RunProgress? first = null, last = null;
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
                        if (first is null && TimeProvider.System.GetElapsedTime(start, lastAt).TotalSeconds >= warmUp)
                            (first, firstAt) = (now, lastAt);
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
                TimeProvider.System.GetElapsedTime(start, firstAt).TotalSeconds, last.WorkingSetBytes, settings.Actors, settings.MatchesPerActor, settings.LearnerThreads, settings.Seed);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
