using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Policies;

/// <summary>Loops over rows that are padded to whole vectors of eight floats.</summary>
internal static unsafe class VectorLoops
{
    /// <summary>y += every row of <paramref name="rows"/>, then ReLU if asked; width is a multiple of 8.</summary>
    public static void AddAll(float* y, float** rows, int count, int width, bool relu)
    {
        for (int i = 0; i < width; i += 8)
        {
            Vector256<float> v = Vector256.Load(y + i);
            for (int r = 0; r < count; r++)
                v += Vector256.Load(rows[r] + i);
            if (relu)
                v = Vector256.Max(v, Vector256<float>.Zero);
            v.Store(y + i);
        }
    }

    /// <summary>Maximum, then mean, of consecutive rows: writes 2 · width floats, and up to 7 more after them.</summary>
    public static void Pool(float* rows, nint stride, int count, int width, float* y)
    {
        if (count == 0)
        {
            new Span<float>(y, 2 * width).Clear();
            return;
        }
        // All maxima first: the last vector of them may write over the first means.
        for (int i = 0; i < width; i += 8)
        {
            Vector256<float> max = Vector256.Load(rows + i);
            for (int r = 1; r < count; r++)
                max = Vector256.Max(max, Vector256.Load(rows + r * stride + i));
            max.Store(y + i);
        }
        float scale = 1f / count;
        for (int i = 0; i < width; i += 8)
        {
            Vector256<float> sum = Vector256.Load(rows + i);
            for (int r = 1; r < count; r++)
                sum += Vector256.Load(rows + r * stride + i);
            (sum * scale).Store(y + width + i);
        }
    }

    /// <summary>Inner product over a width padded to a multiple of 8, where at least one of the two is zero in the padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(float* a, float* b, int width)
    {
        Vector256<float> sum = Vector256<float>.Zero;
        for (int i = 0; i < width; i += 8)
            sum += Vector256.Load(a + i) * Vector256.Load(b + i);
        return Vector256.Sum(sum);
    }

    /// <summary>Softmax in place over a width padded to a multiple of 8; what lies in the padding is overwritten.</summary>
    public static void Softmax(float* x, int count)
    {
        float max = float.NegativeInfinity;
        for (int i = 0; i < count; i++)
            max = MathF.Max(max, x[i]);
        for (int i = count; i < ((count + 7) & ~7); i++)
            x[i] = max;
        for (int i = 0; i < count; i += 8)
            VectorMath.Exp(Vector256.Load(x + i) - Vector256.Create(max)).Store(x + i);
        float sum = 0;
        for (int i = 0; i < count; i++)
            sum += x[i];
        float scale = 1f / sum;
        for (int i = 0; i < count; i++)
            x[i] *= scale;
    }

    /// <summary>
    /// One step of a gated recurrent unit for one row: gates [r, z] before the sigmoid, candidates over x and over h; h is replaced, and copied
    /// to <paramref name="y"/>, which has room for whole vectors.
    /// </summary>
    public static void Gru(float* gates, float* ofInput, float* ofState, Span<float> h, float* y)
    {
        float* old = stackalloc float[8];
        fixed (float* state = h)
        {
            int width = h.Length;
            for (int i = 0; i < width; i += 8)
            {
                float* from = state + i;
                if (i + 8 > width)
                {
                    for (int k = i; k < width; k++)
                        old[k - i] = state[k];
                    from = old;
                }
                Vector256<float> r = VectorMath.Sigmoid(Vector256.Load(gates + i));
                Vector256<float> z = VectorMath.Sigmoid(Vector256.Load(gates + width + i));
                Vector256<float> n = VectorMath.Tanh(Vector256.Load(ofInput + i) + r * Vector256.Load(ofState + i));
                (n + z * (Vector256.Load(from) - n)).Store(y + i);
            }
            Buffer.MemoryCopy(y, state, width * sizeof(float), width * sizeof(float));
        }
    }
    /// <summary>
    /// One step of a long short-term memory for one row: gates [i, f, g, o] before their functions; the state [h, c] is replaced, and h copied to
    /// <paramref name="y"/>, which has room for whole vectors.
    /// </summary>
    public static void Lstm(float* gates, Span<float> state, float* y)
    {
        float* cell = stackalloc float[8];
        int width = state.Length / 2;
        fixed (float* h = state)
        {
            float* c = h + width;
            for (int i = 0; i < width; i += 8)
            {
                // Rows of states lie close: the last vector must not write beyond its row.
                int left = Math.Min(8, width - i);
                Buffer.MemoryCopy(c + i, cell, 8 * sizeof(float), left * sizeof(float));
                Vector256<float> keep = VectorMath.Sigmoid(Vector256.Load(gates + width + i)) * Vector256.Load(cell);
                Vector256<float> now = keep + VectorMath.Sigmoid(Vector256.Load(gates + i)) * VectorMath.Tanh(Vector256.Load(gates + 2 * width + i));
                (VectorMath.Sigmoid(Vector256.Load(gates + 3 * width + i)) * VectorMath.Tanh(now)).Store(y + i);
                now.Store(cell);
                Buffer.MemoryCopy(cell, c + i, left * sizeof(float), left * sizeof(float));
            }
            Buffer.MemoryCopy(y, h, width * sizeof(float), width * sizeof(float));
        }
    }
}
