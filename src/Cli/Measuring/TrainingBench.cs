using SelfPlayArena.Core;
using SelfPlayArena.Learning;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>Times the learner on chunks that a policy recorded playing against itself.</summary>
internal static class TrainingBench
{
    /// <summary>Microseconds for each trained hero-step.</summary>
    /// <param name="Phase">Part of an update, or layer of the network.</param>
    internal sealed record Part(string Phase, double Forward, double Backward)
    {
        public double Total => Forward + Backward;
    }

    /// <summary>Microseconds for each trained hero-step, medians over the updates.</summary>
    /// <param name="MicrosecondsPerStep">A whole update.</param>
    /// <param name="MicrosecondsToPlay">Simulating and acting on the other thread, for each simulated hero-step.</param>
    /// <param name="Layers">Each layer by itself, forward and backward.</param>
    internal sealed record Result(
        string Environment, string Network, int BatchSteps, int MicroBatch, int Threads, string Device, double MicrosecondsPerStep, double HeroStepsPerSecond,
        double MicrosecondsToPlay, IReadOnlyList<Part> Phases, IReadOnlyList<Part> Layers, int Updates, ulong Seed);

    public static Result Run(IEnvironmentFactory factory, RunSettings settings, double seconds, CancellationToken cancellation)
    {
        var plan = new NetworkPlan(settings.NetworkSize().Describe(factory.Spec), factory.Spec);
        Weights weights = WeightInitializer.Create(plan, Seeds.Derive(settings.Seed, "weights"));
        List<TrajectoryChunk> chunks = new SelfPlayRecording(factory, new PolicyNetwork(plan, weights), settings)
            .Record(settings.BatchSteps, cancellation, out (long AgentSteps, double Seconds) playing);
        try
        {
            using var learner = new PpoLearner(
                plan, weights, SelfPlayRun.LearnerOptions(settings, factory.Spec) with { MaxStaleness = int.MaxValue }, settings.Seed, settings.Device);
            var samples = new List<(UpdateReport Report, double Seconds)>();
            _ = learner.Update(chunks);
            long begin = TimeProvider.System.GetTimestamp();
            while (samples.Count < 3 || TimeProvider.System.GetElapsedTime(begin).TotalSeconds < seconds)
            {
                cancellation.ThrowIfCancellationRequested();
                long start = TimeProvider.System.GetTimestamp();
                UpdateReport report = learner.Update(chunks);
                if (report.Fault is { } fault)
                    throw new InvalidOperationException($"an update failed: {fault}");
                samples.Add((report, TimeProvider.System.GetElapsedTime(start).TotalSeconds));
            }
            double Median(Func<UpdateReport, double> part) => Statistics.Median(samples.Select(s => part(s.Report) * 1e6 / s.Report.StepsUsed));
            double whole = Statistics.Median(samples.Select(s => s.Seconds * 1e6 / s.Report.StepsUsed));
            int used = samples[0].Report.StepsUsed;
            return new Result(
                factory.Spec.Name, settings.Network, used, settings.MicroBatch, settings.LearnerThreads, learner.DeviceName, whole, 1e6 / whole,
                playing.Seconds * 1e6 / playing.AgentSteps,
                [
                    new Part("advantages", Median(r => r.Seconds.Prepare), 0),
                    new Part("decoding", Median(r => r.Seconds.Decode), 0),
                    new Part("network and loss", Median(r => r.Seconds.Forward), Median(r => r.Seconds.Backward)),
                    new Part("optimiser", Median(r => r.Seconds.Optimiser), 0),
                ],
                [.. learner.Profile(chunks).Select(l => new Part(l.Layer, l.Forward, l.Backward))],
                samples.Count, settings.Seed);
        }
        finally
        {
            foreach (TrajectoryChunk chunk in chunks)
                chunk.Dispose();
        }
    }
}
