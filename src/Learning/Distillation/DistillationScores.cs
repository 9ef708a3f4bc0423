namespace SelfPlayArena.Learning.Distillation;

/// <summary>How near a student came to a teacher in one head.</summary>
/// <param name="Head">Its name.</param>
/// <param name="Divergence">Mean KL(teacher ‖ student) of a step that used the head, in nats.</param>
/// <param name="Agreement">Share of the decisions with more than one legal option at which both find the same option likeliest.</param>
public sealed record DistilledHead(string Head, double Divergence, double Agreement);

/// <summary>How near a student came to a teacher.</summary>
/// <param name="Steps">Agent-steps learnt from it.</param>
/// <param name="ValueLoss">Half the squared error of the values, in units of their deviations, added up over the value heads.</param>
public sealed record DistilledTeacher(string Name, long Steps, double ValueLoss, IReadOnlyList<DistilledHead> Heads);

/// <summary>Running means over the latest steps, by teacher and head. Each step is counted before it is learnt from.</summary>
internal sealed class DistillationScores(IReadOnlyList<string> teachers, IReadOnlyList<string> heads)
{
    /// <summary>Share of what was known before that is left after an update.</summary>
    private const double Memory = 0.95;

    private readonly double[,] _divergence = new double[teachers.Count, heads.Count], _used = new double[teachers.Count, heads.Count];
    private readonly double[,] _same = new double[teachers.Count, heads.Count], _choices = new double[teachers.Count, heads.Count];
    private readonly double[] _values = new double[teachers.Count], _seen = new double[teachers.Count];

    /// <summary>By teacher: agent-steps learnt from it.</summary>
    public long[] Steps { get; } = new long[teachers.Count];

    /// <summary>A new update begins.</summary>
    public void Fade()
    {
        foreach (double[,] table in new[] { _divergence, _used, _same, _choices })
        {
            for (int t = 0; t < teachers.Count; t++)
            {
                for (int h = 0; h < heads.Count; h++)
                    table[t, h] *= Memory;
            }
        }
        for (int t = 0; t < teachers.Count; t++)
        {
            _values[t] *= Memory;
            _seen[t] *= Memory;
        }
    }

    public void AddHead(int teacher, int head, double divergence, double used, double same, double choices)
    {
        _divergence[teacher, head] += divergence;
        _used[teacher, head] += used;
        _same[teacher, head] += same;
        _choices[teacher, head] += choices;
    }

    public void AddSteps(int teacher, double valueLoss, int steps)
    {
        _values[teacher] += valueLoss;
        _seen[teacher] += steps;
        Steps[teacher] += steps;
    }

    public IReadOnlyList<DistilledTeacher> Result()
        => [.. teachers.Select((name, t) => new DistilledTeacher(name, Steps[t], _values[t] / Math.Max(_seen[t], 1e-9),
            [.. heads.Select((head, h) => new DistilledHead(head, _divergence[t, h] / Math.Max(_used[t, h], 1e-9), _same[t, h] / Math.Max(_choices[t, h], 1e-9)))]))];
}
