using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning.Cloning;

/// <summary>
/// Fits a policy to actions that were shown (behaviour cloning, Pomerleau 1989): the loss is the negative log-probability of each shown action,
/// head by head under the mask that applied, over the heads that its verb uses, exactly as a policy samples. Memory is carried from stretch to
/// stretch; gradients go back to a stretch's beginning. The critic stays as it is.
/// </summary>
internal sealed class BehaviourCloner : IDisposable
{
    private readonly NetworkPlan _plan;
    private readonly CloningOptions _options;
    private readonly Device _device;
    private readonly TorchNetwork _network;
    private readonly Decoders _decoders;
    private readonly FlatAdam _adam;
    private readonly float[] _ones;

    public BehaviourCloner(NetworkPlan plan, Weights weights, CloningOptions options, string device = "auto")
    {
        (_plan, _options) = (plan, options.Validated());
        set_num_threads(options.Threads);
        _device = PpoLearner.ChooseDevice(device);
        _network = new TorchNetwork(plan, weights, _device);
        _decoders = new Decoders(plan);
        _adam = new FlatAdam(_network.Parameters.Values, new PpoOptions());
        _ones = new float[options.Steps * plan.Spec.AgentsPerTeam];
        Array.Fill(_ones, 1f);
    }

    /// <summary>A copy of the present weights.</summary>
    public Weights Export() => _network.Parameters.Export();

    /// <summary>One optimiser step. Returns the mean loss of an agent-step before it, in nats.</summary>
    /// <exception cref="InvalidOperationException">The loss or its gradient is not finite; the weights are those from before.</exception>
    public double Learn(IReadOnlyList<ShownSequence> sequences, float learningRate)
    {
        _network.Parameters.ZeroGradient();
        int steps = sequences.Sum(s => s.Stretch!.AgentSteps);
        double loss = 0;
        foreach (ShownSequence[] part in Parts(sequences))
        {
            using DisposeScope scope = NewDisposeScope();
            (SequenceInputs inputs, NetworkOutput output) = Run(part);
            Tensor mean = Loss(output, inputs) * (1.0 / steps);
            mean.backward();
            loss += mean.item<float>();
            Remember(part, output);
        }
        Descend(loss, learningRate);
        return loss;
    }

    /// <summary>Measures how well shown actions are foretold; nothing is learnt.</summary>
    public void Measure(IReadOnlyList<ShownSequence> sequences, HeadScores scores)
    {
        using IDisposable guard = no_grad();
        foreach (ShownSequence[] part in Parts(sequences))
        {
            using DisposeScope scope = NewDisposeScope();
            (SequenceInputs inputs, NetworkOutput output) = Run(part);
            for (int h = 0; h < _plan.Spec.Heads.Count; h++)
                Count(part, inputs, h, FlatParameters.ToArray(output.Logits[h].contiguous()), scores);
            Remember(part, output);
        }
    }

    public void Dispose()
    {
        _adam.Dispose();
        _network.Dispose();
    }

    /// <summary>Sum over the steps of -log π(action).</summary>
    internal static Tensor Loss(NetworkOutput output, SequenceInputs inputs)
    {
        Tensor? sum = null;
        for (int h = 0; h < output.Logits.Length; h++)
        {
            HeadInputs head = inputs.Heads[h];
            Tensor chosen = (output.Logits[h] + head.MaskBias).log_softmax(1).gather(1, head.Actions).squeeze(1);
            Tensor loss = (chosen * head.Used).sum() * -1f;
            sum = sum is null ? loss : sum + loss;
        }
        return sum!;
    }

    private (SequenceInputs Inputs, NetworkOutput Output) Run(ShownSequence[] part)
    {
        SequenceInputs inputs = SequenceInputs.DecodeInputs(_plan, _decoders, new AllSteps([.. part.Select(s => s.Stretch!)], _ones), [.. Enumerable.Range(0, part.Length)], _network.Inputs);
        return (inputs, _network.Forward(inputs, critic: false));
    }

    /// <summary>Whole sequences that together make about a micro-batch.</summary>
    private IEnumerable<ShownSequence[]> Parts(IReadOnlyList<ShownSequence> sequences)
        => sequences.Chunk(Math.Max(1, _options.MicroBatchSteps / (_options.Steps * _plan.Spec.AgentsPerTeam)));

    /// <summary>Keeps the memory after a stretch. That of a shorter stretch, whose match is over, is nobody's.</summary>
    private void Remember(ShownSequence[] part, NetworkOutput output)
    {
        if (output.States.Count == 0)
            return;
        float[] states = FlatParameters.ToArray(output.States.Count == 1 ? output.States[0] : cat([.. output.States], 1));
        int width = _plan.Spec.AgentsPerTeam * _plan.RecurrentSize;
        for (int i = 0; i < part.Length; i++)
            states.AsSpan(i * width, width).CopyTo(part[i].State);
    }

    private void Descend(double loss, float learningRate)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        Tensor gradient = _network.Parameters.Gradient();
        double norm = Math.Sqrt(gradient.square().sum().item<float>());
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
            throw new InvalidOperationException($"cloning stopped: its {(double.IsFinite(loss) ? "gradient" : "loss")} is not finite; a smaller learning rate may help");
        if (norm > _options.GradientNorm)
            gradient = gradient * (_options.GradientNorm / norm);
        _adam.Step(_network.Parameters.Values, gradient, learningRate);
    }

    private void Count(ShownSequence[] part, SequenceInputs inputs, int head, float[] logits, HeadScores scores)
    {
        EnvironmentSpec spec = _plan.Spec;
        int size = spec.Heads[head].Size, offset = spec.Heads.Take(head).Sum(h => h.Size);
        for (int c = 0; c < part.Length; c++)
        {
            TrajectoryChunk chunk = part[c].Stretch!;
            for (int row = 0; row < chunk.AgentSteps; row++)
            {
                int chosen = chunk.Actions[row * spec.Heads.Count + head];
                if (chosen < 0)
                    continue;
                (int t, int a) = (row / inputs.Agents, row % inputs.Agents);
                int at = (t * inputs.Chunks + c) * inputs.Agents + a;
                scores.Add(head, logits.AsSpan(at * size, size), chunk.Masks.Slice(row * spec.OptionCount + offset, size), chosen);
            }
        }
    }

    private sealed class AllSteps(IReadOnlyList<TrajectoryChunk> chunks, float[] ones) : IWeightedChunks
    {
        public IReadOnlyList<TrajectoryChunk> Chunks => chunks;

        public ReadOnlySpan<float> Weights(int chunk) => ones;
    }
}
