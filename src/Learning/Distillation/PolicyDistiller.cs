using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning.Distillation;

/// <summary>
/// Draws a student to several teachers on matches that it plays itself, see <see cref="DistillationLoss"/>. Each chunk has one teacher, and a
/// team's chunks come in order. Not thread-safe.
/// </summary>
public sealed partial class PolicyDistiller : IDisposable
{
    private const double UnitMemory = 0.99;
    private const double DivergenceMemory = 0.95;
    private readonly NetworkPlan _plan;
    private readonly DistillationOptions _options;
    private readonly Device _device;
    private readonly TorchNetwork _student;
    private readonly Decoders _decoders;
    private readonly FlatAdam _adam;
    private readonly TeacherNetwork[] _teachers;
    private readonly double[] _mean, _square;
    private long _units;
    private readonly DistillationScores _scores;

    /// <param name="plan">The student's network.</param>
    /// <param name="weights">What it starts from; copied.</param>
    /// <param name="teachers">By the numbers that <see cref="Learn"/> is given.</param>
    /// <param name="device"><c>cpu</c>, <c>cuda</c> or <c>auto</c>.</param>
    /// <exception cref="ArgumentException">A teacher reads or does other things than the student; names both. Or an option is out of range.</exception>
    public PolicyDistiller(NetworkPlan plan, Weights weights, IReadOnlyList<Teacher> teachers, DistillationOptions options, string device = "auto")
    {
        ArgumentOutOfRangeException.ThrowIfZero(teachers.Count);
        foreach (Teacher teacher in teachers)
        {
            if (teacher.Plan.Spec.Hash != plan.Spec.Hash)
                throw new ArgumentException($"teacher {teacher.Name} plays {Shape(teacher.Plan.Spec)}, the student {Shape(plan.Spec)}; a student learns only from those that see and do the same");
        }
        (_plan, _options) = (plan, options.Validated());
        set_num_threads(options.Threads);
        _device = PpoLearner.ChooseDevice(device);
        _student = new TorchNetwork(plan, weights, _device);
        _decoders = new Decoders(plan);
        _adam = new FlatAdam(_student.Parameters.Values, new PpoOptions());
        _teachers = [.. teachers.Select(t => new TeacherNetwork(t, plan, _device))];
        _mean = new double[plan.Spec.ValueHeads.Count];
        _square = new double[plan.Spec.ValueHeads.Count];
        _scores = new DistillationScores([.. teachers.Select(t => t.Name)], [.. plan.Spec.Heads.Select(h => h.Name)]);
    }

    /// <summary>Updates made: the version of the present weights.</summary>
    public int Version { get; private set; }

    /// <summary>Agent-steps learnt from.</summary>
    public long TrainedSteps { get; private set; }

    /// <summary>Running mean of an agent-step's divergence, all heads added up, in nats, before it was learnt from.</summary>
    public double Divergence { get; private set; } = double.NaN;

    /// <summary>How near the student is to each teacher: running means over the latest steps.</summary>
    public IReadOnlyList<DistilledTeacher> Teachers => _scores.Result();

    /// <summary>A copy of the present weights.</summary>
    public Weights Export() => _student.Parameters.Export();

    /// <summary>One optimiser step from the given chunks, which stay the caller's.</summary>
    /// <param name="teacherOf">Number of a chunk's teacher.</param>
    /// <param name="share">Share of the way to the end, 0 to 1: decides the step size.</param>
    /// <returns>Mean divergence of an agent-step, all heads added up, in nats, before the step.</returns>
    /// <exception cref="InvalidOperationException">Loss or gradient are not finite; the weights are those from before.</exception>
    public double Learn(IReadOnlyList<TrajectoryChunk> chunks, Func<TrajectoryChunk, int> teacherOf, double share)
    {
        int steps = chunks.Sum(c => c.AgentSteps);
        if (steps == 0)
            return 0;
        var batch = new PlayedSteps(chunks);
        _student.Parameters.ZeroGradient();
        _scores.Fade();
        double divergence = 0;
        for (int teacher = 0; teacher < _teachers.Length; teacher++)
        {
            foreach (int[] part in Parts(chunks, [.. Enumerable.Range(0, chunks.Count).Where(c => teacherOf(chunks[c]) == teacher)]))
                divergence += Accumulate(batch, part, teacher, steps);
        }
        Descend(_options.LearningRate + (_options.FinalLearningRate - _options.LearningRate) * Math.Clamp(share, 0, 1));
        Version++;
        TrainedSteps += steps;
        divergence /= steps;
        Divergence = double.IsNaN(Divergence) ? divergence : DivergenceMemory * Divergence + (1 - DivergenceMemory) * divergence;
        return divergence;
    }

    public void Dispose()
    {
        _adam.Dispose();
        foreach (TeacherNetwork teacher in _teachers)
            teacher.Dispose();
        _student.Dispose();
    }

    private static string Shape(EnvironmentSpec spec)
        => $"{spec.Name} ({spec.AgentsPerTeam} a team, {spec.ObservationBytes} bytes seen, heads {string.Join(", ", spec.Heads.Select(h => $"{h.Name} {h.Size}"))})";

    /// <summary>Micro-batches in an order in which no team's chunk comes before an earlier one of it, and none holds two of one team.</summary>
    private IEnumerable<int[]> Parts(IReadOnlyList<TrajectoryChunk> chunks, List<int> mine)
    {
        int each = Math.Max(1, _options.MicroBatchSteps / (_plan.Spec.AgentsPerTeam * chunks[0].Layout.Steps));
        while (mine.Count > 0)
        {
            var teams = new HashSet<(string, int)>();
            List<int> first = [.. mine.Where(c => teams.Add((chunks[c].MatchId, chunks[c].Team)))];
            mine = [.. mine.Except(first)];
            // Chunks of like length share a micro-batch, which leaves little padding to compute.
            foreach (int[] part in first.OrderByDescending(c => chunks[c].Length).Chunk(each))
                yield return part;
        }
    }

    /// <summary>Adds a micro-batch's gradients up. Returns the sum of its steps' divergences.</summary>
    private double Accumulate(PlayedSteps batch, int[] part, int teacher, int steps)
    {
        using DisposeScope scope = NewDisposeScope();
        SequenceInputs inputs = SequenceInputs.DecodeInputs(_plan, _decoders, batch, part, _student.Inputs, fullState: true);
        NetworkOutput shown = _teachers[teacher].Watch(batch, part, inputs);
        NetworkOutput mine = _student.Forward(inputs);
        Tensor played = inputs.PlayedRows(batch, part, _device);
        FollowValues(shown.Values, played);
        Tensor? units = shown.Values is null ? null : tensor(Units()).to(_device);
        DistillationTerms terms = DistillationLoss.Of(mine, shown, inputs, played, units, _options.ValueWeight);
        if (!float.IsFinite(terms.Total.item<float>()))
            throw new InvalidOperationException($"distillation stopped: its loss of teacher {_teachers[teacher].Name} is not finite; a smaller learning rate may help");
        (terms.Total * (1.0 / steps)).backward();
        _scores.AddSteps(teacher, terms.Values is null ? 0 : terms.Values.item<float>(), part.Sum(c => batch.Chunks[c].AgentSteps));
        return Score(teacher, terms, mine, shown, inputs);
    }

    private double Score(int teacher, DistillationTerms terms, NetworkOutput mine, NetworkOutput shown, SequenceInputs inputs)
    {
        using IDisposable guard = no_grad();
        double sum = 0;
        for (int h = 0; h < terms.Divergences.Length; h++)
        {
            HeadInputs head = inputs.Heads[h];
            double divergence = terms.Divergences[h].item<float>();
            sum += divergence;
            Tensor choice = ((head.MaskBias > -1).to(ScalarType.Float32).sum(dim: 1) > 1).to(ScalarType.Float32) * head.Used;
            Tensor same = (mine.Logits[h] + head.MaskBias).argmax(1).eq((shown.Logits[h] + head.MaskBias).argmax(1)).to(ScalarType.Float32) * choice;
            _scores.AddHead(teacher, h, divergence, head.Used.sum().item<float>(), same.sum().item<float>(), choice.sum().item<float>());
        }
        return sum;
    }

    /// <summary>Running mean and square of each value head's teachers' values, from which value losses get their unit.</summary>
    private void FollowValues(Tensor? values, Tensor played)
    {
        if (values is null)
            return;
        using IDisposable guard = no_grad();
        float count = played.sum().item<float>();
        float[] sums = FlatParameters.ToArray((values * played.unsqueeze(1)).sum(dim: 0)), squares = FlatParameters.ToArray((values.square() * played.unsqueeze(1)).sum(dim: 0));
        double share = _units == 0 ? 1 : 1 - UnitMemory;
        for (int h = 0; h < _mean.Length; h++)
        {
            _mean[h] += share * (sums[h] / count - _mean[h]);
            _square[h] += share * (squares[h] / count - _square[h]);
        }
        _units++;
    }

    private float[] Units() => [.. _mean.Select((mean, h) => (float)Math.Max(Math.Sqrt(Math.Max(_square[h] - mean * mean, 0)), 1e-3))];

    private void Descend(double learningRate)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        Tensor gradient = _student.Parameters.Gradient();
        double norm = Math.Sqrt(gradient.square().sum().item<float>());
        if (!double.IsFinite(norm))
            throw new InvalidOperationException("distillation stopped: its gradient is not finite; a smaller learning rate may help");
        if (norm > _options.GradientNorm)
            gradient = gradient * (_options.GradientNorm / norm);
        _adam.Step(_student.Parameters.Values, gradient, learningRate);
    }

    /// <summary>All steps that were played count.</summary>
    private sealed class PlayedSteps(IReadOnlyList<TrajectoryChunk> chunks) : IWeightedChunks
    {
        private readonly float[] _ones = Enumerable.Repeat(1f, chunks[0].Layout.Steps * chunks[0].Layout.Agents).ToArray();

        public IReadOnlyList<TrajectoryChunk> Chunks => chunks;

        public ReadOnlySpan<float> Weights(int chunk) => _ones;
    }
}
