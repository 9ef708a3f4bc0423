using SelfPlayArena.Core;
using SelfPlayArena.Learning;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>
/// Times the learner on chunks that a policy recorded playing against itself, and holds its arithmetic against a large matrix product measured between
/// the updates. On a CPU what counts is processor time of the learner's thread, which other programs lengthen little, and with several threads the wall clock, which
/// is told in any case.
/// </summary>
internal static class TrainingBench
{
    /// <summary>Microseconds for each trained hero-step.</summary>
    /// <param name="Phase">Part of an update, or layer of the network.</param>
    /// <param name="Flop">Arithmetic of it for each trained hero-step, forward and backward; 0 where it is not counted.</param>
    /// <param name="ShareOfPeak">That arithmetic a second, against the matrix product's.</param>
    internal sealed record Part(string Phase, double Forward, double Backward, double Flop = 0, double ShareOfPeak = 0)
    {
        public double Total => Forward + Backward;
    }

    /// <summary>Microseconds for each trained hero-step, medians over the updates.</summary>
    /// <param name="MicrosecondsPerStep">A whole update: processor time on a CPU.</param>
    /// <param name="WallMicrosecondsPerStep">The same by the wall clock.</param>
    /// <param name="MicrosecondsToPlay">Simulating and acting on the other thread, for each simulated hero-step, by the wall clock.</param>
    /// <param name="PeakFlops">Floating-point operations a second of the matrix product, the median.</param>
    /// <param name="ShareOfPeak">Arithmetic of whole updates against it.</param>
    /// <param name="CoreShareOfPeak">The same of the trunk and the recurrent layers alone.</param>
    /// <param name="Layers">Each layer by itself, forward and backward.</param>
    internal sealed record Result(
        string Environment, string Network, int BatchSteps, int MicroBatch, int Threads, string Device, string Precision, double MicrosecondsPerStep, double WallMicrosecondsPerStep,
        double HeroStepsPerSecond, double MicrosecondsToPlay, double PeakFlops, double ShareOfPeak, double CoreShareOfPeak, IReadOnlyList<Part> Phases, IReadOnlyList<Part> Layers,
        PrecisionChoice Choice, int Updates, ulong Seed);

    private sealed record Sample(UpdateReport Report, double Seconds, double Wall, double Peak);

    public static Result Run(IEnvironmentFactory factory, RunSettings settings, double seconds, CancellationToken cancellation)
    {
        var plan = new NetworkPlan(settings.NetworkSize().Describe(factory.Spec), factory.Spec);
        Weights weights = WeightInitializer.Create(plan, Seeds.Derive(settings.Seed, "weights"));
        List<TrajectoryChunk> chunks = new SelfPlayRecording(factory, new PolicyNetwork(plan, weights), settings)
            .Record(settings.BatchSteps, cancellation, out (long AgentSteps, double Seconds) playing);
        try
        {
            using var learner = new PpoLearner(
                plan, weights, SelfPlayRun.LearnerOptions(settings, factory.Spec) with
                {
                    MaxStaleness = int.MaxValue,
                    ProfileUpdates = 0,
                    DecodeAhead = false,
                    // What a step costs is plain on one thread; how several share the work, only where they are asked for.
                    Threads = Math.Max(1, settings.LearnerThreads),
                }, settings.Seed, settings.Device);
            _ = learner.Update(chunks);
            PrecisionChoice choice = learner.Precision!;
            using var peak = new MatrixPeak(learner.DeviceName, choice.Precision);
            var samples = new List<Sample>();
            var profiles = new List<IReadOnlyList<LayerTime>>();
            long begin = TimeProvider.System.GetTimestamp();
            while (samples.Count < 3 || TimeProvider.System.GetElapsedTime(begin).TotalSeconds < seconds)
            {
                cancellation.ThrowIfCancellationRequested();
                long start = TimeProvider.System.GetTimestamp();
                double before = learner.Now();
                UpdateReport report = learner.Update(chunks);
                if (report.Fault is { } fault)
                    throw new InvalidOperationException($"an update failed: {fault}");
                samples.Add(new Sample(report, learner.Now() - before, TimeProvider.System.GetElapsedTime(start).TotalSeconds, peak.Measure()));
                profiles.Add(learner.Profile(chunks));
            }
            return Summary(factory, settings, plan, learner, samples, profiles, playing.Seconds * 1e6 / playing.AgentSteps);
        }
        finally
        {
            foreach (TrajectoryChunk chunk in chunks)
                chunk.Dispose();
        }
    }

    private static Result Summary(
        IEnvironmentFactory factory, RunSettings settings, NetworkPlan plan, PpoLearner learner, List<Sample> samples, List<IReadOnlyList<LayerTime>> profiles, double playing)
    {
        double Median(Func<Sample, double> seconds) => Statistics.Median(samples.Select(s => seconds(s) * 1e6 / s.Report.StepsUsed));
        double whole = Median(s => s.Seconds), peak = Statistics.Median(samples.Select(s => s.Peak));
        Part[] layers = [.. profiles[0].Select(l => Layer(l.Layer))];
        Part[] core = [.. layers.Where(l => plan.Layers.Any(p => p.Name == l.Phase && IsCore(plan, p)))];
        double Share(double flop, double microseconds) => microseconds > 0 ? flop / (microseconds * 1e-6) / peak : 0;
        return new Result(
            factory.Spec.Name, settings.Network, samples[0].Report.StepsUsed, learner.MicroBatchSteps, learner.Options.Threads, learner.DeviceName,
            learner.Precision!.Precision.ToString().ToLowerInvariant(), whole, Median(s => s.Wall), 1e6 / whole, playing, peak,
            Share(layers.Sum(l => l.Flop), whole * learner.Options.Threads), Share(core.Sum(l => l.Flop), core.Sum(l => l.Total)),
            [
                new Part("advantages", Median(s => s.Report.Seconds.Prepare), 0),
                new Part("decoding", Median(s => s.Report.Seconds.Decode), 0),
                new Part("network and loss", Median(s => s.Report.Seconds.Forward), Median(s => s.Report.Seconds.Backward)),
                new Part("waiting for other threads", Median(s => s.Report.Seconds.Lanes), 0),
                new Part("optimiser", Median(s => s.Report.Seconds.Optimiser), 0),
            ],
            layers, learner.Precision, samples.Count, settings.Seed);

        Part Layer(string name)
        {
            double forward = Statistics.Median(profiles.Select(p => p.Single(l => l.Layer == name).Forward));
            double backward = Statistics.Median(profiles.Select(p => p.Single(l => l.Layer == name).Backward));
            double flop = plan.Layers.FirstOrDefault(l => l.Name == name) is { } layer ? Flop(plan, layer) : 0;
            return new Part(name, forward, backward, flop, Share(flop, forward + backward));
        }
    }

    /// <summary>Two operations a multiply-add, forward, for the weights' gradient, and for the inputs', which encoders of observations do not need.</summary>
    private static double Flop(NetworkPlan plan, PlannedLayer layer)
        => 2.0 * (layer.Kind == LayerKind.Encode ? 2 : 3) * NetworkPlan.Cost(layer) / (layer.Scope == LayerScope.Team ? plan.Spec.AgentsPerTeam : 1);

    /// <summary>The recurrent layers, and what leads to them directly.</summary>
    private static bool IsCore(NetworkPlan plan, PlannedLayer layer)
        => layer.Gates > 0 || (layer.Kind == LayerKind.Linear && plan.Layers.Any(l => l.Gates > 0 && l.Inputs.Contains(layer)));
}
