using System.Diagnostics;
using SelfPlayArena.Core;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>What can be said about the MOBA beyond what every environment tells: units alive, thinking periods, the time of every part. Empty for others.</summary>
internal static class SimulationDetails
{
    /// <summary>Average number alive in a match, by kind, while the matches are played on for some seconds.</summary>
    public static IReadOnlyDictionary<string, double> Census(PlayedMatches matches, double seconds)
    {
        long[] counts = new long[UnitCensus.Kinds.Count];
        long counted = 0;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            matches.Observe();
            matches.Choose();
            matches.Step();
            if (matches.Environment is MobaEnvironment moba)
                UnitCensus.Add(in moba.State((int)(counted % moba.Matches)), counts);
            counted++;
        }
        if (matches.Environment is not MobaEnvironment)
            return new Dictionary<string, double>();
        return UnitCensus.Kinds.Select((kind, i) => (kind, (double)counts[i] / counted)).ToDictionary(StringComparer.Ordinal);
    }

    public static IReadOnlyDictionary<string, int> ThinkingTicks(IBatchEnvironment environment)
        => environment is MobaEnvironment moba ? ThinkingPeriods.Ticks(moba.World) : new Dictionary<string, int>();

    /// <summary>
    /// Nanoseconds a match and decision, by part. What reading the clock adds to each lap is measured and taken off; caches and branches suffer
    /// from it nonetheless, so that the shares are to be trusted more than the sum.
    /// </summary>
    public static IReadOnlyDictionary<string, double>? Profile(PlayedMatches matches, double seconds)
    {
        if (matches.Environment is not MobaEnvironment moba)
            return null;
        var profile = new SimulationProfile(Stopwatch.GetTimestamp);
        moba.Profile = profile;
        long steps = SimulationTiming.Measure(matches, seconds).Steps;
        moba.Profile = null;
        double perLap = LapCost();
        double unit = 1e9 / Stopwatch.Frequency / (steps * moba.Matches);
        return SimulationProfile.Parts.Where(p => profile.Laps(p) > 0)
            .ToDictionary(p => p.ToString(), p => Math.Max(0, profile.Time(p) - profile.Laps(p) * perLap) * unit, StringComparer.Ordinal);
    }

    private static double LapCost()
    {
        const int laps = 200_000;
        Func<long> clock = Stopwatch.GetTimestamp;
        double best = double.PositiveInfinity;
        for (int repeat = 0; repeat < 5; repeat++)
        {
            long start = clock();
            for (int i = 1; i < laps; i++)
                clock();
            best = Math.Min(best, (double)(clock() - start) / laps);
        }
        return best;
    }
}
