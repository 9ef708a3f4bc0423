using System.Diagnostics;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>Times a policy's decisions on one thread: the network's forward pass and the sampling of masked actions, on observations of real matches.</summary>
internal static class InferenceBench
{
    private const int MatchesAtOnce = 64;

    /// <summary>Microseconds for each hero decision.</summary>
    /// <param name="Median">Of all calls with this batch.</param>
    internal sealed record Result(
        string Environment, string Network, int Batch, double Median, double P99, double MedianForward, double MedianSample, double DecisionsPerSecond, int Calls, ulong Seed);

    public static Result Run(IBatchEnvironment environment, PolicyNetwork network, string name, int batch, double seconds, ulong seed)
    {
        EnvironmentSpec spec = environment.Spec;
        (byte[] observations, byte[] masks, int rows) = Record(environment, batch, seed);
        var runner = new PolicyRunner(network);
        int ob = spec.ObservationBytes, mb = spec.MaskBytes, h = network.Plan.RecurrentSize;
        var recurrent = new float[batch * h];
        var actions = new short[batch * spec.Heads.Count];
        var logProbabilities = new float[batch * spec.Heads.Count];
        var rng = new Rng(seed);
        var forward = new List<double>();
        var sample = new List<double>();
        int at = 0;
        Call(null, null);
        long warm = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(warm).TotalSeconds < Math.Min(0.5, seconds))
            Call(null, null);
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
            Call(forward, sample);
        double[] total = [.. forward.Zip(sample, (f, s) => f + s)];
        double median = Statistics.Median(total);
        return new Result(
            spec.Name, name, batch, median, Statistics.Quantile(total, 0.99), Statistics.Median(forward), Statistics.Median(sample), 1e6 / median, total.Length, seed);

        void Call(List<double>? forwards, List<double>? samples)
        {
            int first = at;
            at = at + 2 * batch <= rows ? at + batch : 0;
            long t0 = Stopwatch.GetTimestamp();
            runner.Forward(batch, observations.AsSpan(first * ob, batch * ob), recurrent);
            long t1 = Stopwatch.GetTimestamp();
            runner.Sample(masks.AsSpan(first * mb, batch * mb), ref rng, actions, logProbabilities, default);
            long t2 = Stopwatch.GetTimestamp();
            double unit = 1e6 / Stopwatch.Frequency / batch;
            forwards?.Add((t1 - t0) * unit);
            samples?.Add((t2 - t1) * unit);
        }
    }

    /// <summary>Matches to create the environment with.</summary>
    public static int Matches => MatchesAtOnce;

    /// <summary>Observations and masks from all phases of matches, at least four batches of them.</summary>
    private static (byte[] Observations, byte[] Masks, int Rows) Record(IBatchEnvironment environment, int batch, ulong seed)
    {
        using var matches = new PlayedMatches(environment, PlayedMatches.Random, seed, fullState: false);
        EnvironmentSpec spec = environment.Spec;
        int each = environment.Matches * spec.Agents;
        int decisions = Math.Max(4, (4 * batch + each - 1) / each);
        var observations = new byte[decisions * each * spec.ObservationBytes];
        var masks = new byte[decisions * each * spec.MaskBytes];
        for (int d = 0; d < decisions; d++)
        {
            matches.Observe();
            matches.Observations.CopyTo(observations, d * matches.Observations.Length);
            matches.Masks.CopyTo(masks, d * matches.Masks.Length);
            matches.Choose();
            matches.Step();
        }
        return (observations, masks, decisions * each);
    }
}
