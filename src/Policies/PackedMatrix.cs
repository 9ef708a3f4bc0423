namespace SelfPlayArena.Policies;

/// <summary>A weight matrix and its bias, packed for <see cref="Tiles"/>; outputs are padded with zeros to whole panels of 32.</summary>
internal sealed unsafe class PackedMatrix
{
    private readonly AlignedFloats _weights;
    private readonly AlignedFloats? _bias;
    private readonly int _bits;

    /// <param name="weight">Weight of (output, input).</param>
    /// <param name="bias">Bias of an output, or null for none.</param>
    public PackedMatrix(int bits, int outputs, int inputs, Func<int, int, float> weight, Func<int, float>? bias)
    {
        _bits = bits;
        Inputs = inputs;
        Stride = AlignedFloats.Pad(outputs);
        _weights = new AlignedFloats((long)Stride * inputs);
        for (int o = 0; o < outputs; o++)
        {
            float* to = _weights.Pointer + (long)(o / 32) * inputs * 32 + o % 32;
            for (int i = 0; i < inputs; i++)
                to[i * 32L] = weight(o, i);
        }
        if (bias is null)
            return;
        _bias = new AlignedFloats(Stride);
        for (int o = 0; o < outputs; o++)
            _bias.Pointer[o] = bias(o);
    }

    /// <summary>Columns of the matrix.</summary>
    public int Inputs { get; }

    /// <summary>Padded number of outputs: what a row of y must have room for.</summary>
    public int Stride { get; }

    /// <summary>y = W x + b for all rows, then ReLU if asked.</summary>
    public void Multiply(Operand* inputs, int count, int rows, float* y, nint stride, bool relu)
    {
        if (rows == 0)
            return;
        for (int p = 0; p < Stride / 32; p++)
            Tiles.Panel(_bits, inputs, count, rows, _weights.Pointer + (long)p * Inputs * 32, _bias is null ? null : _bias.Pointer + p * 32, y + p * 32, stride, relu);
        GC.KeepAlive(this);
    }

    /// <summary>The product of one dense input.</summary>
    public void Multiply(float* x, nint xStride, int rows, float* y, nint stride, bool relu)
    {
        var operand = new Operand(x, xStride, Inputs, 0);
        Multiply(&operand, 1, rows, y, stride, relu);
    }
}
