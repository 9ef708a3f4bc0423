using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Policies;

/// <summary>Elementary functions of eight floats, within about 2e-7 relative of the exact value, the same on every instruction set.</summary>
internal static class VectorMath
{
    /// <summary>e^x; below -87 it stays at e^-87, above 88 at e^88. Taylor's series to the seventh power after taking out a power of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        x = Vector256.Min(Vector256.Max(x, Vector256.Create(-87f)), Vector256.Create(88f));
        Vector256<float> n = Vector256.Round(x * 1.44269504f);
        // ln 2 in two parts, the first with few bits, so that n times it is exact.
        Vector256<float> r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
        Vector256<float> p = Vector256.Create(1f / 5040);
        p = p * r + Vector256.Create(1f / 720);
        p = p * r + Vector256.Create(1f / 120);
        p = p * r + Vector256.Create(1f / 24);
        p = p * r + Vector256.Create(1f / 6);
        p = p * r + Vector256.Create(0.5f);
        p = p * r + Vector256<float>.One;
        p = p * r + Vector256<float>.One;
        Vector256<int> exponent = Vector256.ConvertToInt32(n) + Vector256.Create(127);
        return p * Vector256.ShiftLeft(exponent, 23).AsSingle();
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sigmoid(Vector256<float> x) => Vector256<float>.One / (Vector256<float>.One + Exp(-x));

    /// <summary>tanh x: near zero the odd polynomial of the Cephes library (Moshier), elsewhere by e^2x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Tanh(Vector256<float> x)
    {
        Vector256<float> a = Vector256.Abs(x);
        Vector256<float> far = Vector256<float>.One - Vector256.Create(2f) / (Exp(a + a) + Vector256<float>.One);
        far |= x & Vector256.Create(-0f);
        Vector256<float> z = x * x;
        Vector256<float> p = Vector256.Create(-5.70498872745e-3f);
        p = p * z + Vector256.Create(2.06390887954e-2f);
        p = p * z - Vector256.Create(5.37397155531e-2f);
        p = p * z + Vector256.Create(1.33314422036e-1f);
        p = p * z - Vector256.Create(3.33332819422e-1f);
        return Vector256.ConditionalSelect(Vector256.LessThan(a, Vector256.Create(0.625f)), p * z * x + x, far);
    }
}
