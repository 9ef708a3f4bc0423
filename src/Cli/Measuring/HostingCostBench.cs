using System.Diagnostics;
using Prometheus;
using SelfPlayArena.Cli.Hosting;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>What hosting in grains costs: processor time of the whole process for a trained hero-step, against the same run hosted directly.</summary>
internal static class HostingCostBench
{
    /// <param name="Direct">Microseconds of processor time for a trained hero-step.</param>
    /// <param name="Grains">The same in grains.</param>
    internal sealed record Pair(double Direct, double Grains)
    {
        public double Ratio => Grains / Direct;
    }

    /// <param name="Ratio">Median of the pairs' ratios: 1.03 is 3% dearer.</param>
    /// <param name="Low">Lower end of an interval that holds the median with at least 95%, by order statistics.</param>
    internal sealed record Result(string Environment, string Network, double Ratio, double Low, double High, double DirectMicroseconds, double GrainsMicroseconds, long StepsEach, IReadOnlyList<Pair> Pairs);

    /// <summary>Each pair is two short runs, one after the other, the first of a pair being direct and in grains by turns.</summary>
    public static Result Run(IEnvironmentFactory factory, RunSettings settings, int pairs, long steps, Action<string> progress, CancellationToken cancellation)
    {
        // Runs are short: what is written at their ends, the same for both, lies outside what is measured.
        settings = settings with { CheckpointSeconds = 86_400, SnapshotSteps = long.MaxValue / 4, MetricsPort = 0 };
        var measured = new List<Pair>();
        for (int i = -1; i < pairs; i++)
        {
            double direct, grains;
            if (i % 2 == 0)
            {
                direct = Cost(inGrains: false);
                grains = Cost(inGrains: true);
            }
            else
            {
                grains = Cost(inGrains: true);
                direct = Cost(inGrains: false);
            }
            // The first pair pays for compiling.
            if (i >= 0)
                measured.Add(new Pair(direct, grains));
            progress(i < 0 ? "warm" : $"pair {i + 1} of {pairs}: {direct:0.00} µs direct, {grains:0.00} µs in grains");
        }
        (double low, double high) = MedianInterval([.. measured.Select(p => p.Ratio)]);
        return new Result(
            factory.Spec.Name, settings.Network, Statistics.Median(measured.Select(p => p.Ratio)), low, high,
            Statistics.Median(measured.Select(p => p.Direct)), Statistics.Median(measured.Select(p => p.Grains)), steps, measured);

        double Cost(bool inGrains)
        {
            string path = Directory.CreateTempSubdirectory("arena-bench-").FullName;
            try
            {
                var folder = new RunFolder(Path.Combine(path, "run"));
                // Half as much again goes before, until queue and matches are as they stay.
                var limits = new RunLimits(Steps: steps + steps / 2);
                long first = 0, last = 0;
                TimeSpan from = default, to = default;
                if (inGrains)
                {
                    using var grains = new GrainHosting(folder, settings, factory, null, new MetricSheet(Metrics.NewCustomRegistry()), TimeProvider.System);
                    grains.Open(resume: false, "bench", limits);
                    grains.Run(Note, cancellation);
                }
                else
                {
                    using SelfPlayRun run = SelfPlayRun.Create(folder, settings, "bench", factory, n => new TrajectoryQueue(n), TimeProvider.System);
                    run.Run(limits, Note, cancellation);
                }
                cancellation.ThrowIfCancellationRequested();
                if (last <= first)
                    throw new UserError("fewer than two updates fell into the measured steps; allow more --steps");
                return (to - from).TotalMicroseconds / (last - first);

                void Note(RunProgress now)
                {
                    TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
                    if (first == 0 && now.TrainedSteps >= steps / 2)
                        (first, from) = (now.TrainedSteps, cpu);
                    (last, to) = (now.TrainedSteps, cpu);
                }
            }
            finally
            {
                Directory.Delete(path, recursive: true);
            }
        }
    }

    /// <summary>
    /// The widest pair of order statistics that leaves out at least 2.5% at each end: distribution-free, since the number of values below the median is
    /// binomial with one half.
    /// </summary>
    internal static (double Low, double High) MedianInterval(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int n = sorted.Length, left = 0;
        double tail = Math.Pow(0.5, n), term = tail;
        for (int k = 1; k <= n; k++)
        {
            if (tail > 0.025)
                break;
            left = k;
            term *= (double)(n - k + 1) / k;
            tail += term;
        }
        return left == 0 ? (double.NegativeInfinity, double.PositiveInfinity) : (sorted[left - 1], sorted[n - left]);
    }
}
