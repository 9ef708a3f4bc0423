namespace SelfPlayArena.Cli.Chaos;

/// <summary>One process of the learner, from its start to its end, as seen from outside.</summary>
internal sealed class LearnerLife(int number, double bornAt, long logOffset)
{
    /// <summary>Seconds of processor time in which a process compiles, fills its queue and its pools. Not of the clock: a busy machine lets it come to that late.</summary>
    public const double Grown = 15;

    private readonly List<(double Worked, long Bytes)> _memory = [];

    public int Number => number;

    public double BornAt => bornAt;

    /// <summary>Length of the workers' log when it began.</summary>
    public long LogOffset => logOffset;

    public double Seconds { get; private set; }

    /// <summary>What its metrics said last.</summary>
    public MetricsPage Page { get; set; } = MetricsPage.None;

    public IReadOnlyList<(double Worked, long Bytes)> Memory => _memory;

    /// <param name="age">Seconds since it was started.</param>
    /// <param name="worked">Seconds of processor time that it has had.</param>
    public void Sample(double age, double worked, long bytes)
    {
        Seconds = age;
        if (bytes > 0)
            _memory.Add((worked, bytes));
    }

    /// <summary>Median memory once grown; null if it did not live that long.</summary>
    public long? Settled
    {
        get
        {
            long[] grown = [.. _memory.Where(m => m.Worked >= Grown).Select(m => m.Bytes).Order()];
            return grown.Length < 5 ? null : grown[grown.Length / 2];
        }
    }
}
