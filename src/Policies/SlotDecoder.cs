using System.Runtime.Intrinsics;
using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>
/// Turns the bytes of gathered slots into dense input rows, one feature at a time over all rows. One-hot features stay out of the rows:
/// their weight column is added after the product instead.
/// </summary>
internal sealed unsafe class SlotDecoder
{
    private readonly List<(FeatureKind Kind, int Byte, int Column, int Count)> _runs = [];
    private readonly List<(int Byte, int Size, int Column)> _oneHots = [];
    private readonly List<int> _denseColumns = [];

    public SlotDecoder(BlockSpec block)
    {
        int at = 0;
        int column = 0;
        foreach (FeatureSpec f in block.Features)
        {
            if (f.Kind == FeatureKind.Categorical)
            {
                _oneHots.Add((at, f.Size, column));
            }
            else
            {
                if (f.Kind != FeatureKind.BitSet && _runs.Count > 0 && _runs[^1].Kind == f.Kind && _runs[^1].Byte + _runs[^1].Count * f.Bytes == at)
                    _runs[^1] = _runs[^1] with { Count = _runs[^1].Count + 1 };
                else
                    _runs.Add((f.Kind, at, _denseColumns.Count, f.Kind == FeatureKind.BitSet ? f.Bytes : 1));
                for (int i = 0; i < f.Width; i++)
                    _denseColumns.Add(column + i);
            }
            at += f.Bytes;
            column += f.Width;
        }
        // A bit set writes whole bytes of eight floats; the next feature, or this room, takes what is too many.
        Stride = (_denseColumns.Count + 8 + 15) & ~15;
    }

    /// <summary>For each dense column, the column of the weight matrix.</summary>
    public IReadOnlyList<int> DenseColumns => _denseColumns;

    /// <summary>One-hot features: byte in the slot, number of categories, first column of the weight matrix.</summary>
    public IReadOnlyList<(int Byte, int Size, int Column)> OneHots => _oneHots;

    /// <summary>Floats between dense rows.</summary>
    public int Stride { get; }

    /// <summary>Decodes the slots that start at the given offsets.</summary>
    public void Decode(byte* observations, ReadOnlySpan<int> slots, float* rows)
    {
        foreach ((FeatureKind kind, int first, int column, int count) in _runs)
        {
            float* to = rows + column;
            switch (kind)
            {
                case FeatureKind.Scalar8:
                    foreach (int slot in slots)
                    {
                        Scalars(observations + slot + first, count, to);
                        to += Stride;
                    }
                    break;
                case FeatureKind.Half:
                    foreach (int slot in slots)
                    {
                        byte* from = observations + slot + first;
                        for (int i = 0; i < count; i++)
                            to[i] = Half((uint)(from[2 * i] | from[2 * i + 1] << 8));
                        to += Stride;
                    }
                    break;
                default:
                    Vector256<int> bits = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
                    foreach (int slot in slots)
                    {
                        byte* from = observations + slot + first;
                        for (int i = 0; i < count; i++)
                        {
                            Vector256<int> set = Vector256.Equals(Vector256.Create((int)from[i]) & bits, bits);
                            (set.AsSingle() & Vector256<float>.One).Store(to + 8 * i);
                        }
                        to += Stride;
                    }
                    break;
            }
        }
    }

    private static void Scalars(byte* from, int count, float* to)
    {
        const float Unit = 1f / 127;
        int i = 0;
        for (; i + 8 <= count; i += 8)
        {
            (Vector128<short> low, _) = Vector128.Widen(Vector64.Load((sbyte*)from + i).ToVector128());
            (Vector256.ConvertToSingle(Vector256.WidenLower(low.ToVector256())) * Unit).Store(to + i);
        }
        for (; i < count; i++)
            to[i] = (sbyte)from[i] * Unit;
    }

    /// <summary>IEEE half to float by moving the bits and rescaling, which also serves denormals; infinities and NaN do not occur in observations.</summary>
    private static float Half(uint half)
    {
        float magnitude = BitConverter.UInt32BitsToSingle((half & 0x7fff) << 13) * BitConverter.UInt32BitsToSingle(0x77800000);
        return BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(magnitude) | (half & 0x8000) << 16);
    }
}
