using System.Diagnostics;
using SelfPlayArena.Core;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>Times the simulator on one thread as a match host uses it: observe with masks, choose, step.</summary>
internal static class SimulationBench
{
    /// <summary>Medians over the repeats. Rates leave the time of choosing actions out, except where the name says so.</summary>
    /// <param name="HeroStepsPerSecondWithChoice">With the time that choosing random legal actions took.</param>
    /// <param name="Spread">Fastest minus slowest repeat, by the median.</param>
    /// <param name="BytesAllocatedPerStep">Managed memory that a batch decision allocated.</param>
    internal sealed record Result(
        string Environment, string Rules, int Matches, double HeroStepsPerSecond, double HeroTicksPerSecond, double HeroStepsPerSecondWithChoice,
        double MicrosecondsObserve, double MicrosecondsChoose, double MicrosecondsStep, double Spread, double BytesAllocatedPerStep,
        long MatchesFinished, bool FullState, int Repeats, double Seconds, ulong Seed);

    private sealed record Sample(double Observe, double Choose, double Step, long Steps)
    {
        public double Environment => Observe + Step;
    }

    public static Result Run(IBatchEnvironment environment, string rules, double seconds, int repeats, ulong seed, bool fullState)
    {
        using var matches = new RandomMatches(environment, seed, fullState);
        EnvironmentSpec spec = environment.Spec;
        int heroes = environment.Matches * spec.Agents;
        _ = Measure(matches, Math.Min(1, seconds));
        long finishedBefore = matches.MatchesFinished;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        var samples = new Sample[repeats];
        for (int r = 0; r < repeats; r++)
            samples[r] = Measure(matches, seconds);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        double[] rates = [.. samples.Select(s => s.Steps * heroes / s.Environment)];
        double median = Statistics.Median(rates);
        return new Result(
            spec.Name, rules, environment.Matches, median, median * spec.TicksPerDecision,
            Statistics.Median(samples.Select(s => s.Steps * heroes / (s.Environment + s.Choose))),
            PerHero(s => s.Observe), PerHero(s => s.Choose), PerHero(s => s.Step), (rates.Max() - rates.Min()) / median,
            (double)bytes / samples.Sum(s => s.Steps), matches.MatchesFinished - finishedBefore, fullState, repeats, seconds, seed);

        double PerHero(Func<Sample, double> part) => Statistics.Median(samples.Select(s => part(s) * 1e6 / (s.Steps * heroes)));
    }

    private static Sample Measure(RandomMatches matches, double seconds)
    {
        long observe = 0, choose = 0, step = 0, steps = 0;
        long end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        long t0 = Stopwatch.GetTimestamp();
        while (t0 < end)
        {
            matches.Observe();
            long t1 = Stopwatch.GetTimestamp();
            matches.Choose();
            long t2 = Stopwatch.GetTimestamp();
            matches.Step();
            long t3 = Stopwatch.GetTimestamp();
            observe += t1 - t0;
            choose += t2 - t1;
            step += t3 - t2;
            steps++;
            t0 = t3;
        }
        double unit = 1.0 / Stopwatch.Frequency;
        return new Sample(observe * unit, choose * unit, step * unit, steps);
    }
}
