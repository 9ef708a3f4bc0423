using System.Diagnostics;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>Seconds that the parts of some batch steps took.</summary>
internal readonly record struct SimulationTiming(double Observe, double Choose, double Step, long Steps)
{
    public double Environment => Observe + Step;

    public static SimulationTiming Measure(PlayedMatches matches, double seconds)
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
        return new SimulationTiming(observe * unit, choose * unit, step * unit, steps);
    }
}
