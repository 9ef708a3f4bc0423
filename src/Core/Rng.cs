using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.InteropServices;

namespace SelfPlayArena.Core;

/// <summary>
/// A small value-type random generator (xoshiro256**, Blackman and Vigna 2018), bit-identical everywhere.
/// It is state: copying it copies the sequence.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct Rng
{
    private ulong _a, _b, _c, _d;

    /// <summary>Seeds the four words through SplitMix64, so that near seeds give unrelated sequences.</summary>
    public Rng(ulong seed)
    {
        _a = Seeds.Mix(ref seed);
        _b = Seeds.Mix(ref seed);
        _c = Seeds.Mix(ref seed);
        _d = Seeds.Mix(ref seed);
    }

    /// <summary>The four words, for checkpoints.</summary>
    public readonly (ulong A, ulong B, ulong C, ulong D) State => (_a, _b, _c, _d);

    /// <summary>A generator that goes on where <see cref="State"/> was taken.</summary>
    public static Rng FromState((ulong A, ulong B, ulong C, ulong D) s) => new() { _a = s.A, _b = s.B, _c = s.C, _d = s.D };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong NextUInt64()
    {
        ulong result = ulong.RotateLeft(_b * 5, 7) * 9;
        ulong t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1) with 24 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float NextSingle() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [0, 1) with 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1ul << 53));

    /// <summary>Uniform in [0, bound) by multiplication; the bias is below bound / 2^32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(int bound) => (int)(((NextUInt64() >> 32) * (ulong)(uint)bound) >> 32);
}

/// <summary>Derives independent seeds by name and number from one root seed (SplitMix64, Steele et al. 2014).</summary>
public static class Seeds
{
    /// <summary>Advances a SplitMix64 state and returns its next output.</summary>
    public static ulong Mix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A seed for a purpose and an index, unrelated to those of other purposes and indices.</summary>
    public static ulong Derive(ulong root, string purpose, ulong index = 0)
    {
        ulong state = root ^ StableHash.Of(System.Text.Encoding.UTF8.GetBytes(purpose));
        ulong first = Mix(ref state);
        state = first ^ (index * 0xD1B54A32D192ED03);
        return Mix(ref state);
    }
}

/// <summary>FNV-1a with a final mix: a hash that is the same on every machine and run. Not for security.</summary>
public static class StableHash
{
    public const ulong Start = 14695981039346656037;

    public static ulong Of(ReadOnlySpan<byte> bytes) => Finish(Append(Start, bytes));

    /// <summary>Folds bytes into a running hash, eight at a time.</summary>
    public static ulong Append(ulong hash, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            hash = (hash ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * 1099511628211;
            hash ^= hash >> 29;
            bytes = bytes[8..];
        }
        foreach (byte b in bytes)
            hash = (hash ^ b) * 1099511628211;
        return hash;
    }

    public static ulong Finish(ulong hash) => Seeds.Mix(ref hash);
}

/// <summary>The one rule by which 8-bit scalars are written: q = round(127 · clamp(x, -1, 1)), half away from zero.</summary>
public static class Quantize
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Scalar8(float normalised)
    {
        // One lane of a vector, because neither the limits nor the sign may become branches: observations are made of such numbers.
        Vector128<float> x = Vector128.CreateScalarUnsafe(normalised) * Vector128.CreateScalarUnsafe(127f);
        x = Vector128.MinNative(Vector128.MaxNative(x, Vector128.Create(-127f)), Vector128.Create(127f));
        x += (x & Vector128.Create(-0f)) | Vector128.Create(0.5f);
        return (byte)Vector128.ConvertToInt32Native(x).ToScalar();
    }
}
