using System.Runtime.CompilerServices;

namespace SelfPlayArena.Policies;

/// <summary>
/// A pinned float array that starts at a cache line. The pointer is good only while this object is reachable: whoever works on the pointer
/// keeps the owner alive.
/// </summary>
internal sealed unsafe class AlignedFloats
{
    private readonly float[] _array;

    public AlignedFloats(long length)
    {
        Length = checked((int)length);
        _array = GC.AllocateArray<float>(Length + 16, pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref _array[0]);
        Pointer = (float*)((address + 63) & ~(nint)63);
    }

    public int Length { get; }

    public float* Pointer { get; }

    public Span<float> Span => new(Pointer, Length);

    /// <summary>Rounds up to whole panels of 32.</summary>
    public static int Pad(int width) => (width + 31) & ~31;

    /// <summary>A buffer of at least that length, holding the first <paramref name="keep"/> floats of an old one.</summary>
    public static AlignedFloats Grow(AlignedFloats? old, long length, long keep = 0)
    {
        if (old is not null && old.Length >= length)
            return old;
        var grown = new AlignedFloats(Math.Max(length, old is null ? 0 : old.Length + old.Length / 2L));
        if (keep > 0)
            old!.Span[..(int)keep].CopyTo(grown.Span);
        return grown;
    }
}
