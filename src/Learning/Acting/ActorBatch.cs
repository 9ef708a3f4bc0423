using System.Runtime.InteropServices;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning.Acting;

/// <summary>
/// Answers the requests of several hosts by one pass. A head's logits hang on the choices before it, which are drawn on the processor: so heads go to and
/// fro one after the other, everything before them in one go.
/// </summary>
internal sealed class ActorBatch(NetworkPlan plan)
{
    private readonly Decoders _decoders = new(plan);
    private readonly bool[] _given = [.. Enumerable.Range(0, plan.Heads.Count).Select(h => plan.Heads.Any(l => l.GivenHeads.Contains(h)))];
    private readonly float[][] _logits = [.. plan.Heads.Select(_ => Array.Empty<float>())];

    /// <summary>Evaluates, draws, and writes each request's answer where it wants it.</summary>
    /// <param name="network">Of the plan, with the weights that all requests ask for.</param>
    public void Answer(TorchNetwork network, IReadOnlyList<ActorRequest> requests)
    {
        using DisposeScope scope = NewDisposeScope();
        bool critic = plan.Values is not null && requests.Any(r => r.Learns);
        int rows = 0;
        foreach (ActorRequest request in requests)
        {
            request.Place(_logits, rows);
            rows += request.Rows;
        }
        var heads = new HeadInputs[plan.Heads.Count];
        TorchNetwork.StepwisePass pass = network.Begin(Join(requests, heads, critic, network.Inputs), critic);
        for (int h = 0; h < heads.Length; h++)
        {
            Read(pass.Logits(h), ref _logits[h]);
            int head = h;
            if (requests.Count == 1)
                requests[0].Sample(head);
            else
                Parallel.For(0, requests.Count, i => requests[i].Sample(head));
            if (_given[h])
                heads[h] = new HeadInputs { OneHot = network.Inputs.Layers(OneHot(requests, h, rows)) };
        }
        float[] states = pass.States.Count == 0 ? [] : FlatParameters.ToArray(pass.States.Count == 1 ? pass.States[0] : cat([.. pass.States], 1));
        float[] values = pass.Values is { } v ? FlatParameters.ToArray(v) : [];
        foreach (ActorRequest request in requests)
            request.Finish(states, values);
    }

    /// <summary>The requests side by side: a sequence of one step, with as many chunks as teams.</summary>
    /// <param name="heads">Gets the choices as they are drawn.</param>
    private SequenceInputs Join(IReadOnlyList<ActorRequest> requests, HeadInputs[] heads, bool critic, Placement place)
    {
        var blocks = new Dictionary<string, BlockInputs>();
        foreach (BlockDecoder d in critic ? [.. _decoders.Observation, .. _decoders.FullState] : _decoders.Observation)
            blocks.Add(d.Block.Name, requests.Count == 1 ? requests[0].Blocks[d.Block.Name] : JoinBlock(d, requests, place));
        return new SequenceInputs
        {
            Chunks = requests.Sum(r => r.Teams),
            Steps = 1,
            Agents = plan.Spec.AgentsPerTeam,
            Blocks = blocks,
            Heads = heads,
            InitialState = requests.Count == 1 ? requests[0].State : cat([.. requests.Select(r => r.State)], 0),
        };
    }

    private static BlockInputs JoinBlock(BlockDecoder decoder, IReadOnlyList<ActorRequest> requests, Placement place)
    {
        int slots = decoder.Block.Slots;
        var inputs = new Tensor[requests.Count];
        var presence = new Tensor[requests.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            // Only who does not learn comes without a full state.
            BlockInputs block = requests[i].Blocks.TryGetValue(decoder.Block.Name, out BlockInputs own)
                ? own
                : new BlockInputs(zeros([slots * requests[i].Teams, decoder.Width], place.ComputeType, place.Device), zeros([slots, requests[i].Teams], place.ComputeType, place.Device));
            inputs[i] = block.Inputs.view(slots, -1, decoder.Width);
            presence[i] = block.Presence;
        }
        return new BlockInputs(cat(inputs, 1).view(-1, decoder.Width), cat(presence, 1));
    }

    private Tensor OneHot(IReadOnlyList<ActorRequest> requests, int head, int rows)
    {
        int size = plan.Spec.Heads[head].Size, heads = plan.Heads.Count, row = 0;
        Tensor chosen = zeros([rows, size], ScalarType.Float32);
        Span<float> to = MemoryMarshal.Cast<byte, float>(chosen.bytes);
        foreach (ActorRequest request in requests)
        {
            ReadOnlySpan<short> actions = request.Actions;
            for (int r = 0; r < request.Rows; r++, row++)
            {
                if (actions[r * heads + head] is >= 0 and var option)
                    to[row * size + option] = 1f;
            }
        }
        return chosen;
    }

    private static void Read(Tensor tensor, ref float[] to)
    {
        ReadOnlySpan<float> from = MemoryMarshal.Cast<byte, float>(tensor.cpu().contiguous().bytes);
        if (to.Length < from.Length)
            to = new float[from.Length];
        from.CopyTo(to);
    }
}
