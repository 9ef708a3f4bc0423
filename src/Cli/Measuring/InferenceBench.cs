using System.Diagnostics;
using SelfPlayArena.Core;
using SelfPlayArena.Learning.Acting;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>Times a policy's decisions: the network's forward pass and the sampling of masked actions, on observations of real matches.</summary>
internal static class InferenceBench
{
    private const int MatchesAtOnce = 64;

    /// <summary>Microseconds for each hero decision.</summary>
    /// <param name="Median">Of all calls with this batch.</param>
    /// <param name="Processor">Processor time of the process, its other threads included: what holds on a busy machine.</param>
    /// <param name="MedianForward">Null where forward passes and sampling take turns.</param>
    internal sealed record Result(
        string Environment, string Network, int Batch, double Median, double P99, double Processor, double? MedianForward, double? MedianSample, double DecisionsPerSecond, int Calls, ulong Seed, string Device);

    /// <summary>Times the interpreter, on this thread.</summary>
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
        double processor = Repeat(seconds, () => Call(null, null), () => Call(forward, sample));
        double[] total = [.. forward.Zip(sample, (f, s) => f + s)];
        double median = Statistics.Median(total);
        return new Result(
            spec.Name, name, batch, median, Statistics.Quantile(total, 0.99), processor / (total.Length * (double)batch), Statistics.Median(forward), Statistics.Median(sample), 1e6 / median, total.Length, seed, "cpu");

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

    /// <summary>Times the service that match hosts share, with one host that asks: its requests go there and back from this thread.</summary>
    /// <param name="device">As the setting <c>actor_device</c> has it, but for the interpreter.</param>
    public static Result Run(IBatchEnvironment environment, PolicyNetwork network, Weights weights, string name, string device, int batch, double seconds, ulong seed)
    {
        EnvironmentSpec spec = environment.Spec;
        (byte[] observations, byte[] masks, int rows) = Record(environment, batch, seed);
        using var service = new ActorInference(network.Plan, device);
        service.Publish(network, weights);
        using IPolicyActor actor = service.CreateActor();
        var asked = new ActorRows(spec);
        asked.Begin(batch, network.Plan.RecurrentSize);
        int ob = spec.ObservationBytes, mb = spec.MaskBytes, at = 0;
        var rng = new Rng(seed);
        var total = new List<double>();
        double processor = Repeat(seconds, () => Call(null), () => Call(total));
        double median = Statistics.Median(total);
        return new Result(spec.Name, name, batch, median, Statistics.Quantile(total, 0.99), processor / (total.Count * (double)batch), null, null, 1e6 / median, total.Count, seed, device);

        void Call(List<double>? times)
        {
            int first = at;
            at = at + 2 * batch <= rows ? at + batch : 0;
            observations.AsSpan(first * ob, batch * ob).CopyTo(asked.Observations);
            masks.AsSpan(first * mb, batch * mb).CopyTo(asked.Masks);
            long start = Stopwatch.GetTimestamp();
            actor.Act(network, asked, ref rng);
            times?.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / batch);
        }
    }

    /// <summary>Calls without counting for a while, then counts for so many seconds; returns the processor time of the latter in microseconds.</summary>
    private static double Repeat(double seconds, Action warm, Action counted)
    {
        long begun = Stopwatch.GetTimestamp();
        do
            warm();
        while (Stopwatch.GetElapsedTime(begun).TotalSeconds < Math.Min(0.5, seconds));
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        do
            counted();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
        return (Environment.CpuUsage.TotalTime - processor).TotalMicroseconds;
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
