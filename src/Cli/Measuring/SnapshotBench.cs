using System.Diagnostics;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>Times copying a match's state out, from the nearest cache and from memory.</summary>
internal static class SnapshotBench
{
    /// <summary>More than the last cache of any machine that matters holds.</summary>
    private const long ColdBytes = 160L << 20;

    private const int HotCopies = 20_000;

    /// <param name="MicrosecondsHot">One match copied again and again.</param>
    /// <param name="MicrosecondsCold">Matches copied in shuffled order, together far larger than the caches; into one buffer.</param>
    internal sealed record Result(int Bytes, double MicrosecondsHot, double MicrosecondsCold);

    public static Result Run(IEnvironmentFactory factory, ulong seed)
    {
        IBatchEnvironment hot = factory.Create(1);
        var buffer = new byte[hot.SnapshotBytes];
        int[] same = new int[HotCopies];
        double hotTime = Statistics.Median(Enumerable.Range(0, 5).Select(_ => Time(hot, same, buffer)));

        int matches = (int)(ColdBytes / hot.SnapshotBytes);
        IBatchEnvironment cold = factory.Create(matches);
        int[] order = [.. Enumerable.Range(0, matches)];
        var rng = new Rng(Seeds.Derive(seed, "shuffle"));
        for (int i = matches - 1; i > 0; i--)
        {
            int j = rng.Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        double coldTime = Statistics.Median(Enumerable.Range(0, 5).Select(_ => Time(cold, order, buffer)));
        return new Result(hot.SnapshotBytes, hotTime, coldTime);
    }

    private static double Time(IBatchEnvironment environment, int[] order, byte[] buffer)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (int m in order)
            environment.Snapshot(m, buffer);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / order.Length;
    }
}
