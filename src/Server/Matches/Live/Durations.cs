namespace SelfPlayArena.Server.Matches.Live;

/// <summary>Counts durations in steps of 50 µs up to 2 s, so that quantiles of any number of them can be told. From any thread.</summary>
internal sealed class Durations
{
    private const int Step = 50, Steps = 40_000;
    private readonly int[] _counts = new int[Steps];
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Add(TimeSpan duration)
    {
        int at = (int)Math.Clamp(duration.TotalMicroseconds / Step, 0, Steps - 1);
        Interlocked.Increment(ref _counts[at]);
        Interlocked.Increment(ref _count);
    }

    /// <summary>Milliseconds below which a share of the durations lies; 0 if there are none.</summary>
    public double Quantile(double share)
    {
        long below = (long)Math.Ceiling(Count * share);
        long seen = 0;
        for (int i = 0; i < Steps && below > 0; i++)
        {
            seen += Volatile.Read(ref _counts[i]);
            if (seen >= below)
                return (i + 1) * Step / 1000.0;
        }
        return 0;
    }

    /// <summary>Forgets all of them.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Interlocked.Exchange(ref _count, 0);
    }
}
