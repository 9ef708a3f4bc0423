using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Moba.Systems;

/// <summary>
/// Puts those among eight that bits mean side by side, without a loop over the bits: how many there are is nothing that a branch predictor could
/// learn. Always eight are stored, so a list needs room for seven more than it will hold.
/// </summary>
internal static class Packed
{
    /// <summary>By eight bits: the numbers of those that are set, a byte each, the lowest first; 0 behind.</summary>
    private static readonly ulong[] Orders = [.. Enumerable.Range(0, 256).Select(OrderOf)];

    /// <summary>A byte, eight times.</summary>
    public const ulong Each = 0x01_01_01_01_01_01_01_01;

    private static ulong OrderOf(int bits)
    {
        ulong order = 0;
        for (int i = 7; i >= 0; i--)
            order = (bits >> i & 1) != 0 ? order << 8 | (uint)i : order;
        return order;
    }

    /// <summary>Which of eight come first, a byte each: those that the low eight bits mean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Order(uint bits) => Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Orders), (int)(bits & 255));

    /// <summary>An order as <see cref="Of(Vector256{float}, Vector256{int})"/> takes it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Lanes(ulong order)
    {
        Vector128<ushort> half = Vector128.WidenLower(Vector128.CreateScalar(order).AsByte());
        return Vector256.Create(Vector128.WidenLower(half), Vector128.WidenUpper(half)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> eight, Vector256<int> lanes) => Vector256.ShuffleNative(eight, lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Of(Vector256<int> eight, Vector256<int> lanes) => Vector256.ShuffleNative(eight, lanes);

    /// <summary>Of eight bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ulong eight, ulong order)
        => Vector128.ShuffleNative(Vector128.CreateScalar(eight).AsByte(), Vector128.CreateScalar(order).AsByte()).AsUInt64().ToScalar();

    /// <summary>How many of eight are meant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Count(uint bits) => BitOperations.PopCount(bits & 255);
}
