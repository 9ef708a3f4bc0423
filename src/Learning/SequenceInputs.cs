using System.Runtime.InteropServices;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>A block's decoded slots.</summary>
/// <param name="Inputs">[slots · rows, width + 1], slot-major, the last column is the presence.</param>
/// <param name="Presence">[slots, rows] of 0 and 1.</param>
internal readonly record struct BlockInputs(Tensor Inputs, Tensor Presence);

/// <summary>An action head's side of a micro-batch, R rows.</summary>
/// <param name="Actions">[R, 1] int64: chosen options, 0 where the head was not used.</param>
/// <param name="Used">[R]: 1 where the head was used in a step that counts, else 0.</param>
/// <param name="MaskBias">[R, options]: 0 for allowed options, a large negative number for the others.</param>
/// <param name="OneHot">[R, options]: the chosen option; zeros where the head was not used. Null where no head is conditioned on it.</param>
internal readonly record struct HeadInputs(Tensor Actions, Tensor Used, Tensor MaskBias, Tensor? OneHot);

/// <summary>Chunks and which of their steps count.</summary>
internal interface IWeightedChunks
{
    IReadOnlyList<TrajectoryChunk> Chunks { get; }

    /// <summary>[T, A] of a chunk: 1 for the steps that count, else 0.</summary>
    ReadOnlySpan<float> Weights(int chunk);
}

/// <summary>
/// What a network reads of several chunks, as tensors. Rows are time-major: row (t · chunks + c) · agents + a; the team's rows are t · chunks + c.
/// The tensors belong to the dispose scope in which it was made.
/// </summary>
internal class SequenceInputs
{
    /// <summary>What is added to the logits of forbidden options: far below any logit, and finite, so that a head without any allowed option stays finite too.</summary>
    private const float Forbidden = -1e9f;

    public required int Chunks { get; init; }

    /// <summary>Steps: the longest chunk's.</summary>
    public required int Steps { get; init; }

    public required int Agents { get; init; }

    public int Rows => Chunks * Steps * Agents;

    public required IReadOnlyDictionary<string, BlockInputs> Blocks { get; init; }

    public required IReadOnlyList<HeadInputs> Heads { get; init; }

    /// <summary>[chunks · agents, H].</summary>
    public required Tensor InitialState { get; init; }

    /// <summary>All that it holds.</summary>
    public virtual IEnumerable<Tensor> Tensors
        => [.. Blocks.Values.SelectMany(b => new[] { b.Inputs, b.Presence }), .. Heads.SelectMany(h => new[] { h.Actions, h.Used, h.MaskBias, h.OneHot }).OfType<Tensor>(), InitialState];

    /// <summary>Decodes the given chunks.</summary>
    /// <param name="fullState">Whether what only a critic reads is decoded too.</param>
    public static SequenceInputs DecodeInputs(NetworkPlan plan, Decoders decoders, IWeightedChunks batch, ReadOnlySpan<int> chunks, Placement to, bool fullState = false)
    {
        int steps = Longest(batch, chunks);
        return new SequenceInputs
        {
            Chunks = chunks.Length,
            Steps = steps,
            Agents = plan.Spec.AgentsPerTeam,
            Blocks = DecodeBlocks(plan, decoders, batch, chunks, steps, to, fullState),
            Heads = DecodeHeads(plan, batch, chunks, steps, to),
            InitialState = DecodeState(plan, batch, chunks, to),
        };
    }

    /// <summary>The same steps with another memory before the first.</summary>
    /// <param name="state">[chunks · agents, H].</param>
    public SequenceInputs From(Tensor state) => new() { Chunks = Chunks, Steps = Steps, Agents = Agents, Blocks = Blocks, Heads = Heads, InitialState = state };

    /// <summary>[R]: the weights of the given chunks' steps, 0 for padding.</summary>
    public Tensor PlayedRows(IWeightedChunks batch, ReadOnlySpan<int> chunks, Device device)
    {
        Tensor weights = zeros([Rows], ScalarType.Float32);
        Span<float> to = Floats(weights);
        for (int c = 0; c < chunks.Length; c++)
        {
            ReadOnlySpan<float> from = batch.Weights(chunks[c]);
            for (int t = 0; t < batch.Chunks[chunks[c]].Length; t++)
                from.Slice(t * Agents, Agents).CopyTo(to[((t * Chunks + c) * Agents)..]);
        }
        return weights.to(device);
    }

    protected static int Longest(IWeightedChunks batch, ReadOnlySpan<int> chunks)
    {
        int steps = 0;
        foreach (int c in chunks)
            steps = Math.Max(steps, batch.Chunks[c].Length);
        return steps;
    }

    protected static Dictionary<string, BlockInputs> DecodeBlocks(
        NetworkPlan plan, Decoders decoders, IWeightedChunks batch, ReadOnlySpan<int> chunks, int steps, Placement to, bool fullState)
    {
        var blocks = new Dictionary<string, BlockInputs>();
        foreach (BlockDecoder d in decoders.Observation)
            blocks.Add(d.Block.Name, DecodeBlock(d, batch, chunks, steps, plan.Spec.AgentsPerTeam, to));
        if (!fullState)
            return blocks;
        foreach (BlockDecoder d in decoders.FullState)
            blocks.Add(d.Block.Name, DecodeBlock(d, batch, chunks, steps, 0, to));
        return blocks;
    }

    protected static Tensor DecodeState(NetworkPlan plan, IWeightedChunks batch, ReadOnlySpan<int> chunks, Placement place)
    {
        int agents = plan.Spec.AgentsPerTeam, recurrent = plan.RecurrentSize;
        Tensor initial = empty([chunks.Length * agents, recurrent], ScalarType.Float32);
        Span<float> to = Floats(initial);
        for (int c = 0; c < chunks.Length && recurrent > 0; c++)
            batch.Chunks[chunks[c]].InitialState.CopyTo(to[(c * agents * recurrent)..]);
        return place.Layers(initial);
    }

    private static BlockInputs DecodeBlock(BlockDecoder decoder, IWeightedChunks batch, ReadOnlySpan<int> chunks, int steps, int agents, Placement to)
    {
        bool team = agents == 0;
        int each = team ? 1 : agents;
        int rows = chunks.Length * steps * each;
        int slots = decoder.Block.Slots;
        Tensor inputs = empty([(long)slots * rows, decoder.Width], ScalarType.Float32);
        Tensor presence = empty([slots, rows], ScalarType.Float32);
        Span<float> x = Floats(inputs);
        Span<float> p = Floats(presence);
        for (int c = 0; c < chunks.Length; c++)
        {
            TrajectoryChunk chunk = batch.Chunks[chunks[c]];
            ReadOnlySpan<byte> source = team ? chunk.FullState : chunk.Observations;
            int bytes = team ? chunk.Layout.Spec.FullStateBytes : chunk.Layout.Spec.ObservationBytes;
            for (int t = 0; t < steps; t++)
            {
                for (int a = 0; a < each; a++)
                    decoder.Decode(source.Slice((t * each + a) * bytes, bytes), x, p, (t * chunks.Length + c) * each + a, rows);
            }
        }
        return new BlockInputs(to.Layers(inputs), to.Layers(presence));
    }

    protected static HeadInputs[] DecodeHeads(NetworkPlan plan, IWeightedChunks batch, ReadOnlySpan<int> chunks, int steps, Placement place)
    {
        EnvironmentSpec spec = plan.Spec;
        int agents = spec.AgentsPerTeam;
        int rows = chunks.Length * steps * agents;
        int heads = spec.Heads.Count;
        int options = spec.OptionCount;
        var result = new HeadInputs[heads];
        int offset = 0;
        for (int h = 0; h < heads; h++)
        {
            int size = spec.Heads[h].Size;
            bool given = plan.Heads.Any(l => l.GivenHeads.Contains(h));
            Tensor actions = empty([rows, 1], ScalarType.Int64);
            Tensor used = empty([rows], ScalarType.Float32);
            Tensor bias = empty([rows, size], ScalarType.Float32);
            Tensor? oneHot = given ? zeros([rows, size], ScalarType.Float32) : null;
            Span<long> toActions = MemoryMarshal.Cast<byte, long>(actions.bytes);
            Span<float> toUsed = Floats(used), toBias = Floats(bias);
            Span<float> toOneHot = oneHot is null ? default : Floats(oneHot);
            for (int c = 0; c < chunks.Length; c++)
            {
                TrajectoryChunk chunk = batch.Chunks[chunks[c]];
                ReadOnlySpan<short> chosen = chunk.Actions;
                ReadOnlySpan<byte> masks = chunk.Masks;
                ReadOnlySpan<float> weights = batch.Weights(chunks[c]);
                for (int t = 0; t < steps; t++)
                {
                    for (int a = 0; a < agents; a++)
                    {
                        int from = t * agents + a;
                        int to = (t * chunks.Length + c) * agents + a;
                        // Padding is zero, which would read as option 0: nothing there was chosen.
                        int action = t < chunk.Length ? chosen[from * heads + h] : -1;
                        toActions[to] = Math.Max(action, 0);
                        toUsed[to] = action >= 0 ? weights[from] : 0f;
                        if (action >= 0 && oneHot is not null && Conditions(spec, h, chosen[from * heads]))
                            toOneHot[to * size + action] = 1f;
                        ReadOnlySpan<byte> mask = masks.Slice(from * options + offset, size);
                        Span<float> row = toBias.Slice(to * size, size);
                        for (int i = 0; i < size; i++)
                            row[i] = (1 - mask[i]) * Forbidden;
                    }
                }
            }
            offset += size;
            result[h] = new HeadInputs(place.AsIs(actions), place.Loss(used), place.Loss(bias), oneHot is null ? null : place.Layers(oneHot));
        }
        return result;
    }

    /// <summary>Whether a choice was one of the action: those drawn from heads that the verb does not use condition nothing.</summary>
    private static bool Conditions(EnvironmentSpec spec, int head, int verb) => head == 0 || (verb >= 0 && spec.Heads[head].MaskRows[verb] >= 0);

    protected static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}

/// <summary>Decoders of the blocks that a network reads.</summary>
internal sealed class Decoders(NetworkPlan plan)
{
    public IReadOnlyList<BlockDecoder> Observation { get; } = Of(plan, LayerScope.Agent);

    public IReadOnlyList<BlockDecoder> FullState { get; } = Of(plan, LayerScope.Team);

    private static BlockDecoder[] Of(NetworkPlan plan, LayerScope scope)
        => [.. plan.Layers.Where(l => l.Kind == LayerKind.Encode && l.Scope == scope).Select(l => l.Block!).DistinctBy(b => b.Name).Select(b => new BlockDecoder(b))];
}
