using System.Diagnostics;
using SelfPlayArena.Core;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>Times stepping without observations, masks and rewards while scripted players choose for every hero: what a planner's roll-outs cost.</summary>
internal static class RollOutBench
{
    /// <param name="MatchTicksPerSecond">Simulated ticks of single matches, choosing included.</param>
    /// <param name="MatchTicksPerSecondWithoutChoice">The same, had choosing taken no time.</param>
    internal sealed record Result(string Players, double MatchTicksPerSecond, double MatchTicksPerSecondWithoutChoice);

    public static Result Run(IBatchEnvironment environment, SimulationBench.Settings settings)
    {
        using var matches = new PlayedMatches(environment, settings.RollOutPlayer, settings.Seed, fullState: false);
        _ = Measure(matches, settings.Seconds / 2);
        (double Choose, double Step, long Decisions)[] repeats = [.. Enumerable.Range(0, settings.Repeats).Select(_ => Measure(matches, settings.Seconds))];
        int ticks = environment.Spec.TicksPerDecision;
        return new Result(
            environment.Spec.ScriptedPlayers[settings.RollOutPlayer],
            Statistics.Median(repeats.Select(r => r.Decisions * ticks / (r.Choose + r.Step))),
            Statistics.Median(repeats.Select(r => r.Decisions * ticks / r.Step)));
    }

    private static (double Choose, double Step, long Decisions) Measure(PlayedMatches matches, double seconds)
    {
        long choose = 0, step = 0, decisions = 0;
        long end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        for (int m = 0; ; m = (m + 1) % matches.Environment.Matches)
        {
            long t0 = Stopwatch.GetTimestamp();
            if (t0 >= end)
                break;
            matches.Choose(m);
            long t1 = Stopwatch.GetTimestamp();
            matches.StepOnly(m);
            step += Stopwatch.GetTimestamp() - t1;
            choose += t1 - t0;
            decisions++;
        }
        double unit = 1.0 / Stopwatch.Frequency;
        return (choose * unit, step * unit, decisions);
    }
}
