using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>A layer with its weights packed. Which matrices it has depends on its kind.</summary>
internal sealed class CompiledLayer(PlannedLayer plan)
{
    public readonly PlannedLayer Plan = plan;

    /// <summary>Vectors: first column in the rows of the scope's vectors.</summary>
    public int Offset = -1;

    /// <summary>The sets it reads, and the heads it is conditioned on, as arrays.</summary>
    public readonly PlannedLayer[] Sets = [.. plan.SetInputs];

    public readonly int[] GivenHeads = [.. plan.GivenHeads];

    /// <summary>Encoders: the group that evaluates it, and its place there.</summary>
    public EncoderGroup? Group;

    /// <summary>The first product's inputs of the layer's own scope, with their columns in <see cref="Main"/>.</summary>
    public (PlannedLayer Input, int Column)[] Inputs = [];

    /// <summary>For layers of agents: inputs of team scope, with their columns in <see cref="Team"/>.</summary>
    public (PlannedLayer Input, int Column)[] TeamInputs = [];

    /// <summary>The first product; for a GRU its r and z gates, for an LSTM all four gates, over x and h.</summary>
    public PackedMatrix? Main;

    /// <summary>Columns of the first product that a team's agents share.</summary>
    public PackedMatrix? Team;

    /// <summary>Output of a head; candidate of a GRU over x.</summary>
    public PackedMatrix? Second;

    /// <summary>Candidate of a GRU over h.</summary>
    public PackedMatrix? Third;

    /// <summary>Heads: for each head it is conditioned on, rows [options, padded hidden width].</summary>
    public AlignedFloats[] Given = [];
}

/// <summary>Encoders of one scope that share their parameters: all their present slots go through one product.</summary>
internal sealed unsafe class EncoderGroup
{
    private readonly (int Byte, int Size, AlignedFloats Rows)[] _oneHots;
    private readonly bool _relu;

    public EncoderGroup(int bits, PlannedLayer first, Weights weights, int index)
    {
        Index = index;
        Width = first.Width;
        Scope = first.Scope;
        _relu = first.Layer.Activation == Activation.Relu;
        Decoder = new SlotDecoder(first.Block!);
        float[] w = weights[first.Owner.Name + ".weight"];
        float[] b = weights[first.Owner.Name + ".bias"];
        int inputs = first.InputWidth;
        Matrix = new PackedMatrix(bits, Width, Decoder.DenseColumns.Count, (o, i) => w[o * inputs + Decoder.DenseColumns[i]], o => b[o]);
        _oneHots = [.. Decoder.OneHots.Select(f =>
        {
            var rows = new AlignedFloats((long)f.Size * Matrix.Stride);
            for (int c = 0; c < f.Size; c++)
            {
                for (int o = 0; o < Width; o++)
                    rows.Pointer[c * Matrix.Stride + o] = w[o * inputs + f.Column + c];
            }
            return (f.Byte, f.Size, rows);
        })];
    }

    public int Index { get; }

    public int Width { get; }

    public LayerScope Scope { get; }

    public List<PlannedLayer> Members { get; } = [];

    public SlotDecoder Decoder { get; }

    public PackedMatrix Matrix { get; }

    public bool Accepts(PlannedLayer layer)
        => layer.Owner == Members[0].Owner && layer.Scope == Scope && layer.Layer.Activation == Members[0].Layer.Activation;

    /// <summary>Encodes the slots at the given offsets: <paramref name="dense"/> is scratch of [slots, decoder stride], y has the matrix's stride.</summary>
    public void Encode(byte* observations, ReadOnlySpan<int> slots, float* dense, float* y)
    {
        Decoder.Decode(observations, slots, dense);
        Matrix.Multiply(dense, Decoder.Stride, slots.Length, y, Matrix.Stride, _relu && _oneHots.Length == 0);
        if (_oneHots.Length == 0)
            return;
        float** columns = stackalloc float*[_oneHots.Length];
        foreach (int slot in slots)
        {
            int count = 0;
            foreach ((int at, int size, AlignedFloats rows) in _oneHots)
            {
                int category = observations[slot + at];
                if (category < size)
                    columns[count++] = rows.Pointer + category * Matrix.Stride;
            }
            VectorLoops.AddAll(y, columns, count, Matrix.Stride, _relu);
            y += Matrix.Stride;
        }
        GC.KeepAlive(this);
    }
}
