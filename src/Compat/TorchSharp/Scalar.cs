namespace TorchSharp;

/// <summary>A number with its kind, as torch operations take it; made by implicit conversion.</summary>
public sealed class Scalar : IDisposable
{
    internal Scalar(long value) => Value = new Num(value, 1);

    internal Scalar(double value) => Value = new Num(BitConverter.DoubleToInt64Bits(value), 2);

    internal Scalar(bool value) => Value = new Num(value ? 1 : 0, 3);

    internal Num Value { get; }

    internal static Num Of(Scalar? scalar) => scalar is null ? default : scalar.Value;

    /// <summary>Int64, Float64 or Bool.</summary>
    public torch.ScalarType Type => Value.Kind switch
    {
        1 => torch.ScalarType.Int64,
        2 => torch.ScalarType.Float64,
        _ => torch.ScalarType.Bool,
    };

    /// <summary>Nothing to free here; exists because the real scalar owns native memory.</summary>
    public void Dispose()
    {
    }

    public static implicit operator Scalar(byte value) => new((long)value);
    public static implicit operator Scalar(sbyte value) => new((long)value);
    public static implicit operator Scalar(short value) => new((long)value);
    public static implicit operator Scalar(int value) => new((long)value);
    public static implicit operator Scalar(long value) => new(value);
    public static implicit operator Scalar(float value) => new((double)value);
    public static implicit operator Scalar(double value) => new(value);
    public static implicit operator Scalar(bool value) => new(value);
}

/// <summary>Reading a <see cref="Scalar"/> back.</summary>
public static class ScalarExtensionMethods
{
    public static double ToDouble(this Scalar value) => value.Value.Kind == 2 ? BitConverter.Int64BitsToDouble(value.Value.Bits) : value.Value.Bits;
    public static float ToSingle(this Scalar value) => (float)value.ToDouble();
    public static long ToInt64(this Scalar value) => value.Value.Kind == 2 ? (long)value.ToDouble() : value.Value.Bits;
    public static int ToInt32(this Scalar value) => (int)value.ToInt64();
    public static bool ToBoolean(this Scalar value) => value.ToDouble() != 0;
}
