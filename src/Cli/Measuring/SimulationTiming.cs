using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>Seconds that the parts of some batch steps took.</summary>
/// <param name="Calm">Seconds of observing and stepping a batch while nobody else used the core: the 20th percentile of short stretches.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SimulationTiming(double Observe, double Choose, double Step, long Steps, double Calm)
{
    private const int StretchMatches = 64;
    private const int MostStretches = 4096;

    public double Environment => Observe + Step;

    public static SimulationTiming Measure(PlayedMatches matches, double seconds)
    {
        long observe = 0, choose = 0, step = 0, steps = 0;
        int stretch = Math.Max(1, StretchMatches / matches.Environment.Matches), stretches = 0;
        long before = 0;
        Span<long> times = stackalloc long[MostStretches];
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
            if (steps % stretch == 0)
            {
                times[stretches++ % MostStretches] = observe + step - before;
                before = observe + step;
            }
            t0 = t3;
        }
        double unit = 1.0 / Stopwatch.Frequency;
        times = times[..Math.Min(stretches, MostStretches)];
        times.Sort();
        double calm = times.IsEmpty ? (double)(observe + step) / steps : (double)times[times.Length / 5] / stretch;
        return new SimulationTiming(observe * unit, choose * unit, step * unit, steps, calm * unit);
    }
}
