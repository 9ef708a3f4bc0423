namespace SelfPlayArena.Cli.Chaos;

/// <summary>One process of the learner, from its start to its end, as seen from outside.</summary>
internal sealed class LearnerLife(int number, double bornAt, long logOffset)
{
    /// <summary>Until then a process compiles, fills its queue and its pools.</summary>
    public const double Grown = 15;

    private readonly List<(double Age, long Bytes)> _memory = [];

    public int Number => number;

    public double BornAt => bornAt;

    /// <summary>Length of the workers' log when it began.</summary>
    public long LogOffset => logOffset;

    public double Seconds { get; private set; }

    /// <summary>What its metrics said last.</summary>
    public MetricsPage Page { get; set; } = MetricsPage.None;

    public IReadOnlyList<(double Age, long Bytes)> Memory => _memory;

    public void Sample(double age, long bytes)
    {
        Seconds = age;
        if (bytes > 0)
            _memory.Add((age, bytes));
    }

    /// <summary>Median memory once grown; null if it did not live that long.</summary>
    public long? Settled
    {
        get
        {
            long[] grown = [.. _memory.Where(m => m.Age >= Grown).Select(m => m.Bytes).Order()];
            return grown.Length < 5 ? null : grown[grown.Length / 2];
        }
    }
}
