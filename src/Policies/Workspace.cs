using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>Encodings of the present slots of one set, or of several that share an encoder.</summary>
internal sealed class SlotRows
{
    public AlignedFloats? Values;

    /// <summary>Slot of each row within its block.</summary>
    public int[] Slot = [];

    /// <summary>Byte offset of each row's slot in the observations.</summary>
    public int[] Source = [];

    /// <summary>Rows in use.</summary>
    public int Count;

    public void Reserve(int rows)
    {
        if (Slot.Length >= rows)
            return;
        int capacity = Math.Max(rows, Slot.Length * 3 / 2);
        Array.Resize(ref Slot, capacity);
        Array.Resize(ref Source, capacity);
    }
}

/// <summary>A set's part of its <see cref="SlotRows"/>: for each agent (or team) a run of rows.</summary>
internal sealed class SetRuns
{
    public required SlotRows Rows;

    /// <summary>Where the values are: <see cref="Rows"/> for encoders, rows of the same numbering for layers upon them.</summary>
    public required SlotRows Values;

    /// <summary>Floats between rows.</summary>
    public required int Stride;

    public int[] Start = [];
    public int[] Present = [];

    /// <summary>Rows of the range that is being evaluated.</summary>
    public int First, End;
}

/// <summary>What one scope's evaluation writes.</summary>
internal sealed unsafe class Workspace
{
    private PolicyNetwork _network;
    private readonly LayerScope _scope;
    private readonly SlotRows[] _groups;
    private readonly SetRuns?[] _sets;
    private AlignedFloats? _vectors;
    private AlignedFloats? _dense;

    public Workspace(PolicyNetwork network, LayerScope scope)
    {
        _network = network;
        _scope = scope;
        // An odd number of cache lines, so that the rows of a tile do not fall into the same cache sets.
        Stride = network.VectorStride[(int)scope] | 16;
        _groups = [.. network.Groups.Select(_ => new SlotRows())];
        _sets = new SetRuns?[network.Layers.Length];
        Empty = new bool[network.Layers.Length];
        foreach (CompiledLayer c in network.Layers.Where(c => c.Plan.IsSet && c.Plan.Scope == scope))
        {
            SlotRows rows = c.Group is null ? _sets[c.Plan.Inputs[0].Index]!.Rows : _groups[c.Group.Index];
            _sets[c.Plan.Index] = new SetRuns { Rows = rows, Values = c.Group is null ? new SlotRows() : rows, Stride = AlignedFloats.Pad(c.Plan.Width) };
        }
    }

    /// <summary>Floats of one row of vectors.</summary>
    public int Stride { get; }

    /// <summary>[rows, <see cref="Stride"/>].</summary>
    public float* Vectors => _vectors!.Pointer;

    /// <summary>For each layer: it came out zero for the whole range because nothing it looks at is present.</summary>
    public bool[] Empty { get; }

    public SetRuns Set(PlannedLayer layer) => _sets[layer.Index]!;

    public float* Values(SetRuns set) => set.Values.Values!.Pointer;

    /// <summary>Goes on with other weights of the same plan.</summary>
    public void Use(PolicyNetwork network) => _network = network;

    /// <summary>Makes room for that many rows and forgets all slots.</summary>
    public void Begin(int rows)
    {
        _vectors = AlignedFloats.Grow(_vectors, (long)rows * Stride);
        foreach (SlotRows group in _groups)
            group.Count = 0;
        foreach (SetRuns? set in _sets)
        {
            if (set is not null)
                set.Values.Count = 0;
            if (set is not null && set.Rows == set.Values && set.Start.Length < rows)
                (set.Start, set.Present) = (new int[rows], new int[rows]);
        }
    }

    /// <summary>Finds and encodes the present slots of all blocks of this scope, for a range of rows.</summary>
    public void Encode(byte* observations, int bytes, int from, int to)
    {
        foreach (EncoderGroup group in _network.Groups)
        {
            if (group.Scope != _scope)
                continue;
            SlotRows rows = _groups[group.Index];
            int first = rows.Count;
            foreach (PlannedLayer member in group.Members)
            {
                SetRuns set = Set(member);
                set.First = rows.Count;
                rows.Reserve(rows.Count + (to - from) * member.Slots);
                Gather(observations, bytes, member.Block!, set, from, to);
                set.End = rows.Count;
                Empty[member.Index] = set.First == set.End;
            }
            int live = rows.Count - first;
            if (live == 0)
                continue;
            rows.Values = AlignedFloats.Grow(rows.Values, (long)rows.Count * group.Matrix.Stride, (long)first * group.Matrix.Stride);
            _dense = AlignedFloats.Grow(_dense, (long)live * group.Decoder.Stride);
            group.Encode(observations, rows.Source.AsSpan(first, live), _dense.Pointer, rows.Values.Pointer + (long)first * group.Matrix.Stride);
        }
    }

    private static void Gather(byte* observations, int bytes, BlockSpec block, SetRuns set, int from, int to)
    {
        SlotRows rows = set.Rows;
        int count = rows.Count;
        fixed (int* slots = rows.Slot, sources = rows.Source)
        {
            for (int r = from; r < to; r++)
            {
                byte* present = observations + (long)r * bytes + block.Offset;
                int source = r * bytes + block.RowsOffset;
                set.Start[r] = count;
                for (int s = 0; s < block.Slots; s++)
                {
                    // Written always and kept if present: no branch to guess wrong.
                    slots[count] = s;
                    sources[count] = source + s * block.SlotBytes;
                    count += present[s] != 0 ? 1 : 0;
                }
                set.Present[r] = count - set.Start[r];
            }
        }
        rows.Count = count;
    }
}
