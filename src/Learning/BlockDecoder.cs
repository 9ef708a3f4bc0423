using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SelfPlayArena.Core;

namespace SelfPlayArena.Learning;

/// <summary>
/// Expands one block's stored bytes into network inputs. A slot's inputs are followed by a 1 if it is present; absent slots are all zero.
/// That last column takes the place of the bias, so that what an encoder makes of an absent slot is zero without a mask.
/// </summary>
internal sealed class BlockDecoder
{
    private static readonly float[] Scalars = [.. Enumerable.Range(0, 256).Select(i => (sbyte)i / 127f)];

    private readonly record struct Part(FeatureKind Kind, int Source, int Target, int Size);

    private readonly Part[] _parts;

    public BlockDecoder(BlockSpec block)
    {
        Block = block;
        var parts = new List<Part>();
        int source = 0;
        int target = 0;
        foreach (FeatureSpec f in block.Features)
        {
            if (f.Kind == FeatureKind.Scalar8 && parts.Count > 0 && parts[^1].Kind == FeatureKind.Scalar8)
                parts[^1] = parts[^1] with { Size = parts[^1].Size + 1 };
            else
                parts.Add(new Part(f.Kind, source, target, f.Size));
            source += f.Bytes;
            target += f.Width;
        }
        _parts = [.. parts];
    }

    public BlockSpec Block { get; }

    /// <summary>Inputs of a slot with the presence column.</summary>
    public int Width => Block.Width + 1;

    /// <summary>
    /// Writes one observation as row <paramref name="row"/> of inputs [slots, rows, Width] and presence [slots, rows].
    /// </summary>
    public void Decode(ReadOnlySpan<byte> observation, Span<float> inputs, Span<float> presence, int row, int rows)
    {
        BlockSpec block = Block;
        int width = Width;
        for (int s = 0; s < block.Slots; s++)
        {
            Span<float> x = inputs.Slice((s * rows + row) * width, width);
            if (observation[block.Offset + s] == 0)
            {
                x.Clear();
                presence[s * rows + row] = 0f;
                continue;
            }
            presence[s * rows + row] = 1f;
            ReadOnlySpan<byte> slot = observation.Slice(block.RowsOffset + s * block.SlotBytes, block.SlotBytes);
            foreach (Part p in _parts)
                Expand(p, slot[p.Source..], x[p.Target..]);
            x[width - 1] = 1f;
        }
    }

    private static void Expand(Part p, ReadOnlySpan<byte> source, Span<float> target)
    {
        switch (p.Kind)
        {
            case FeatureKind.Scalar8:
                ExpandScalars(source[..p.Size], target);
                break;
            case FeatureKind.Half:
                target[0] = (float)BinaryPrimitives.ReadHalfLittleEndian(source);
                break;
            case FeatureKind.Categorical:
                target[..p.Size].Clear();
                if (source[0] < p.Size)
                    target[source[0]] = 1f;
                break;
            default:
                for (int i = 0; i < p.Size; i++)
                    target[i] = (source[i >> 3] >> (i & 7)) & 1;
                break;
        }
    }

    private static void ExpandScalars(ReadOnlySpan<byte> source, Span<float> target)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<float> scale = Vector256.Create(127f);
            ref byte from = ref MemoryMarshal.GetReference(source);
            ref float to = ref MemoryMarshal.GetReference(target[..source.Length]);
            for (; i <= source.Length - 8; i += 8)
            {
                Vector128<sbyte> q = Vector128.CreateScalar(System.Runtime.CompilerServices.Unsafe.ReadUnaligned<ulong>(ref System.Runtime.CompilerServices.Unsafe.Add(ref from, i))).AsSByte();
                (Vector128<int> low, Vector128<int> high) = Vector128.Widen(Vector128.WidenLower(q));
                Vector256<float> x = Vector256.ConvertToSingle(Vector256.Create(low, high)) / scale;
                Vector256.StoreUnsafe(x, ref to, (nuint)i);
            }
        }
        for (; i < source.Length; i++)
            target[i] = Scalars[source[i]];
    }
}
