using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>Several chunks as tensors, with all that reinforcement needs to know of their steps.</summary>
internal sealed class MicroBatch : SequenceInputs
{
    /// <summary>[R]: joint log-probability of the actions under the behaviour policy.</summary>
    public required Tensor OldLogProbability { get; init; }

    /// <summary>[R]: joint log-probability under the policy when the update began; null unless it was computed.</summary>
    public Tensor? Proximal { get; init; }

    /// <summary>[R].</summary>
    public required Tensor Advantages { get; init; }

    /// <summary>[R, value heads].</summary>
    public required Tensor Returns { get; init; }

    /// <summary>[R, value heads].</summary>
    public required Tensor OldValues { get; init; }

    /// <summary>[R]: 1 for steps that count.</summary>
    public required Tensor StepWeights { get; init; }

    public override IEnumerable<Tensor> Tensors
        => [.. base.Tensors, OldLogProbability, .. Proximal is null ? Array.Empty<Tensor>() : [Proximal], Advantages, Returns, OldValues, StepWeights];

    /// <summary>Decodes the given chunks of a batch.</summary>
    public static MicroBatch Decode(NetworkPlan plan, Decoders decoders, TrainingBatch batch, ReadOnlySpan<int> chunks, Placement place)
    {
        EnvironmentSpec spec = plan.Spec;
        int steps = Longest(batch, chunks);
        int agents = spec.AgentsPerTeam;
        int values = spec.ValueHeads.Count;
        int rows = chunks.Length * steps * agents;
        Tensor old = empty([rows], ScalarType.Float32);
        Tensor? proximal = batch.HasProximal ? empty([rows], ScalarType.Float32) : null;
        Tensor advantages = empty([rows], ScalarType.Float32);
        Tensor returns = empty([rows, values], ScalarType.Float32);
        Tensor oldValues = empty([rows, values], ScalarType.Float32);
        Tensor weights = empty([rows], ScalarType.Float32);
        Span<float> toOld = Floats(old), toAdvantages = Floats(advantages);
        Span<float> toReturns = Floats(returns), toValues = Floats(oldValues), toWeights = Floats(weights);
        for (int c = 0; c < chunks.Length; c++)
        {
            TrajectoryChunk chunk = batch.Chunks[chunks[c]];
            for (int t = 0; t < steps; t++)
            {
                int from = t * agents;
                int to = (t * chunks.Length + c) * agents;
                batch.Advantages(chunks[c]).Slice(from, agents).CopyTo(toAdvantages[to..]);
                batch.Weights(chunks[c]).Slice(from, agents).CopyTo(toWeights[to..]);
                if (proximal is not null)
                    batch.Proximal(chunks[c]).Slice(from, agents).CopyTo(Floats(proximal)[to..]);
                batch.Returns(chunks[c]).Slice(from * values, agents * values).CopyTo(toReturns[(to * values)..]);
                chunk.Values.Slice(from * values, agents * values).CopyTo(toValues[(to * values)..]);
                for (int a = 0; a < agents; a++)
                {
                    float sum = 0;
                    foreach (float p in chunk.LogProbabilities.Slice((from + a) * spec.Heads.Count, spec.Heads.Count))
                        sum += p;
                    toOld[to + a] = sum;
                }
            }
        }
        return new MicroBatch
        {
            Chunks = chunks.Length,
            Steps = steps,
            Agents = agents,
            Blocks = DecodeBlocks(plan, decoders, batch, chunks, steps, place, fullState: true),
            Heads = DecodeHeads(plan, batch, chunks, steps, place),
            InitialState = DecodeState(plan, batch, chunks, place),
            OldLogProbability = place.Loss(old),
            Proximal = proximal is null ? null : place.Loss(proximal),
            Advantages = place.Loss(advantages),
            Returns = place.Loss(returns),
            OldValues = place.Loss(oldValues),
            StepWeights = place.Loss(weights),
        };
    }
}
