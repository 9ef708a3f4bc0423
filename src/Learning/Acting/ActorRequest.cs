using System.Diagnostics;
using System.Runtime.InteropServices;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning.Acting;

/// <summary>
/// A host's rows on their way through a batch: decoded on the host's thread, drawn for when a head's logits are there. One a host, used again and again;
/// its tensors live as long as the host waits.
/// </summary>
internal sealed class ActorRequest(NetworkPlan plan) : IHeadOutputs
{
    private readonly HeadSampler _sampler = new(plan);
    private readonly Decoders _decoders = new(plan);
    private readonly int[] _sizes = [.. plan.Spec.Heads.Select(h => h.Size)];
    private readonly int[] _slots = new int[plan.Spec.Observation.Count == 0 ? 0 : plan.Spec.Observation.Max(b => b.Slots)];
    private float[] _scratch = [];
    private ActorRows _rows = null!;
    private IReadOnlyList<float[]> _logits = [];
    private int _first;
    private Rng _rng;
    private Exception? _fault;
    private bool _done;

    public Publication Version { get; private set; } = null!;

    public int Rows => _rows.Rows;

    public int Teams => _rows.Rows / plan.Spec.AgentsPerTeam;

    public bool Learns => _rows.LearningTeams > 0;

    /// <summary>The host's generator after the draws.</summary>
    public Rng Rng => _rng;

    /// <summary>When it began to wait.</summary>
    public long Since { get; private set; }

    /// <summary>By block, those of the full state only if a team learns.</summary>
    public Dictionary<string, BlockInputs> Blocks { get; } = [];

    /// <summary>[rows, H].</summary>
    public Tensor State { get; private set; } = null!;

    /// <summary>[rows, heads].</summary>
    public ReadOnlySpan<short> Actions => _rows.Actions.AsSpan(0, Rows * _sizes.Length);

    /// <summary>Takes a host's rows up, decoded and on their way to the device.</summary>
    public void Fill(Publication version, ActorRows rows, Rng rng, Placement place)
    {
        (Version, _rows, _rng) = (version, rows, rng);
        EnvironmentSpec spec = plan.Spec;
        Blocks.Clear();
        foreach (BlockDecoder d in _decoders.Observation)
            Blocks.Add(d.Block.Name, Decode(d, rows.Observations, spec.ObservationBytes, Rows, Rows, place));
        if (Learns)
        {
            foreach (BlockDecoder d in _decoders.FullState)
                Blocks.Add(d.Block.Name, Decode(d, rows.FullState, spec.FullStateBytes, Teams, rows.LearningTeams, place));
        }
        Tensor state = empty([Rows, plan.RecurrentSize], ScalarType.Float32);
        rows.Recurrent.AsSpan(0, Rows * plan.RecurrentSize).CopyTo(MemoryMarshal.Cast<byte, float>(state.bytes));
        State = place.Layers(state);
        _sampler.Begin(rows.ToSample(ref _rng));
    }

    /// <summary>Begins to wait.</summary>
    public void Begin() => (_done, _fault, Since) = (false, null, Stopwatch.GetTimestamp());

    /// <summary>Whether the last wait ended with an answer.</summary>
    public bool Answered { get; private set; }

    /// <summary>Waits for the answer; returns what went wrong.</summary>
    public Exception? Await()
    {
        lock (_sampler)
        {
            while (!_done)
                Monitor.Wait(_sampler);
            return _fault;
        }
    }

    /// <summary>Ends the wait.</summary>
    public void Complete(bool answered, Exception? fault = null)
    {
        lock (_sampler)
        {
            (_done, Answered, _fault) = (true, answered, fault);
            Monitor.PulseAll(_sampler);
        }
    }

    /// <summary>Tells where in a batch's logits this request's rows are.</summary>
    /// <param name="logits">By head: [rows of the batch, options].</param>
    public void Place(IReadOnlyList<float[]> logits, int first) => (_logits, _first) = (logits, first);

    /// <summary>Draws from a head whose logits are there.</summary>
    public void Sample(int head) => _sampler.Sample(head, this, _rows.ToSample(ref _rng));

    /// <summary>Takes what is left of the answer, when all heads have been drawn from.</summary>
    /// <param name="states">[rows of the batch, H].</param>
    /// <param name="values">[rows of the batch, value heads]; empty without a critic.</param>
    public void Finish(ReadOnlySpan<float> states, ReadOnlySpan<float> values)
    {
        int width = plan.RecurrentSize, heads = plan.Spec.ValueHeads.Count, learning = _rows.LearningTeams * plan.Spec.AgentsPerTeam;
        states.Slice(_first * width, Rows * width).CopyTo(_rows.Recurrent);
        if (!values.IsEmpty)
            values.Slice(_first * heads, learning * heads).CopyTo(_rows.Values);
        if (_rows.DrawsUnused)
            _sampler.SampleUnused(this, _rows.ToSampleUnused(ref _rng));
    }

    ReadOnlySpan<int> IHeadOutputs.Present(PlannedLayer set, int row)
    {
        BlockSpec block = set.Block!;
        ReadOnlySpan<byte> present = _rows.Observations.AsSpan(row * plan.Spec.ObservationBytes + block.Offset, block.Slots);
        int count = 0;
        for (int s = 0; s < present.Length; s++)
        {
            if (present[s] != 0)
                _slots[count++] = s;
        }
        return _slots.AsSpan(0, count);
    }

    Span<float> IHeadOutputs.Logits(int head, ReadOnlySpan<int> rows, ReadOnlySpan<short> actions, out int stride)
    {
        int size = _sizes[head];
        stride = (size + 7) & ~7;
        if (_scratch.Length < HeadSampler.MostRows * stride)
            _scratch = new float[HeadSampler.MostRows * stride];
        for (int i = 0; i < rows.Length; i++)
            _logits[head].AsSpan((_first + rows[i]) * size, size).CopyTo(_scratch.AsSpan(i * stride));
        return _scratch.AsSpan(0, rows.Length * stride);
    }

    /// <param name="given">The first so many rows are there; the others are left empty.</param>
    private static BlockInputs Decode(BlockDecoder decoder, byte[] source, int bytes, int rows, int given, Placement place)
    {
        int slots = decoder.Block.Slots;
        Tensor inputs = given < rows ? zeros([(long)slots * rows, decoder.Width], ScalarType.Float32) : empty([(long)slots * rows, decoder.Width], ScalarType.Float32);
        Tensor presence = given < rows ? zeros([slots, rows], ScalarType.Float32) : empty([slots, rows], ScalarType.Float32);
        Span<float> x = MemoryMarshal.Cast<byte, float>(inputs.bytes), p = MemoryMarshal.Cast<byte, float>(presence.bytes);
        for (int r = 0; r < given; r++)
            decoder.Decode(source.AsSpan(r * bytes, bytes), x, p, r, rows);
        return new BlockInputs(place.Layers(inputs), place.Layers(presence));
    }
}
