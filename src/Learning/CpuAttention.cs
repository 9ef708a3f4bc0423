using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>
/// Attention by a few queries over the present slots of a row, with a backward pass of its own, on the CPU in float32. In libtorch's terms each query costs
/// a dozen passes over [slots, rows, width], which do not fit into a cache; here a block of rows goes through all of them while it is there, and absent
/// slots cost nothing.
/// </summary>
/// <remarks>Arguments of apply: queries [rows, K · width], scaled; number of queries; then for each set its encodings [slots, rows, width] and presence [slots, rows].</remarks>
internal sealed unsafe class CpuAttention : autograd.MultiTensorFunction<CpuAttention>
{
    private const int BlockRows = 32;
    private const string QueryCount = "queries";

    public override string Name => "attention on the CPU";

    /// <summary>Whether it can take the place of libtorch's operations.</summary>
    public static bool Fits(Tensor queries, int width, IEnumerable<Tensor> sets)
        => Vector256.IsHardwareAccelerated && width % Vector256<float>.Count == 0 && queries.dtype == ScalarType.Float32 && queries.device_type == DeviceType.CPU && sets.All(s => s.is_contiguous());

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor queries = ((Tensor)vars[0]).contiguous();
        int count = (int)vars[1];
        Tensor[] sets = [.. vars.Skip(2).Cast<Tensor>()];
        int rows = (int)queries.shape[0], width = (int)queries.shape[1] / count, slots = (int)Slots(sets);
        Tensor seen = empty_like(queries), shares = empty([rows, count, slots], ScalarType.Float32);
        ctx.save_data(QueryCount, count);
        ctx.save_for_backward([queries, shares, .. sets]);
        var shape = new Shape(rows, width, count, slots, Parts(sets));
        fixed (Part* parts = shape.Parts)
        {
            var call = new Pointers((nint)parts, Data(queries), Data(shares), Data(seen), 0, 0);
            ForBlocks(rows, (from, to) => Forward(shape, call, from, to));
        }
        GC.KeepAlive(sets);
        return [seen];
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        (Tensor queries, Tensor shares) = (saved[0], saved[1]);
        Tensor[] sets = [.. saved.Skip(2)];
        int count = (int)ctx.get_data(QueryCount);
        int rows = (int)queries.shape[0], width = (int)queries.shape[1] / count, slots = (int)Slots(sets);
        Tensor gradient = grad_outputs[0].contiguous(), toQueries = empty_like(queries);
        Tensor[] toSets = new Tensor[sets.Length];
        for (int i = 0; i < sets.Length; i += 2)
            toSets[i] = empty_like(sets[i]);
        var shape = new Shape(rows, width, count, slots, Parts(sets, toSets));
        fixed (Part* parts = shape.Parts)
        {
            var call = new Pointers((nint)parts, Data(queries), Data(shares), 0, Data(gradient), Data(toQueries));
            ForBlocks(rows, (from, to) => Backward(shape, call, from, to));
        }
        return [toQueries, null!, .. toSets];
    }

    /// <summary>A set: its slots come after those of the sets before it.</summary>
    private struct Part
    {
        public float* Values, Presence, Gradient;
        public int Slots;
    }

    private sealed record Shape(int Rows, int Width, int Queries, int Slots, Part[] Parts);

    private readonly record struct Pointers(nint Parts, nint Queries, nint Shares, nint Seen, nint Gradient, nint ToQueries);

    private static void Forward(Shape shape, Pointers call, int from, int to)
    {
        int width = shape.Width, queries = shape.Queries, slots = shape.Slots, each = queries * width;
        float* q = (float*)call.Queries, shares = (float*)call.Shares, seen = (float*)call.Seen;
        Unsafe.InitBlock(seen + (long)from * each, 0, (uint)((to - from) * each * sizeof(float)));
        var parts = (Part*)call.Parts;
        for (int p = 0, first = 0; p < shape.Parts.Length; first += parts[p++].Slots)
        {
            for (int s = 0; s < parts[p].Slots; s++)
            {
                for (int r = from; r < to; r++)
                {
                    float* score = shares + (long)r * queries * slots + first + s;
                    bool present = parts[p].Presence[(long)s * shape.Rows + r] != 0f;
                    float* x = parts[p].Values + ((long)s * shape.Rows + r) * width;
                    for (int k = 0; k < queries; k++)
                        score[k * slots] = present ? Dot(q + (long)r * each + k * width, x, width) : float.NegativeInfinity;
                }
            }
        }
        for (int r = from; r < to; r++)
        {
            for (int k = 0; k < queries; k++)
                Softmax(new Span<float>(shares + ((long)r * queries + k) * slots, slots));
        }
        for (int p = 0, first = 0; p < shape.Parts.Length; first += parts[p++].Slots)
        {
            for (int s = 0; s < parts[p].Slots; s++)
            {
                for (int r = from; r < to; r++)
                {
                    if (parts[p].Presence[(long)s * shape.Rows + r] == 0f)
                        continue;
                    float* share = shares + (long)r * queries * slots + first + s;
                    float* x = parts[p].Values + ((long)s * shape.Rows + r) * width;
                    for (int k = 0; k < queries; k++)
                        AddScaled(seen + (long)r * each + k * width, x, share[k * slots], width);
                }
            }
        }
    }

    private static void Backward(Shape shape, Pointers call, int from, int to)
    {
        int width = shape.Width, queries = shape.Queries, slots = shape.Slots, each = queries * width;
        float* q = (float*)call.Queries, shares = (float*)call.Shares, gradient = (float*)call.Gradient, toQueries = (float*)call.ToQueries;
        Unsafe.InitBlock(toQueries + (long)from * each, 0, (uint)((to - from) * each * sizeof(float)));
        // [block rows, queries, slots]: first the gradients of the shares, then those of the scores.
        float* scores = (float*)NativeMemory.Alloc((nuint)((to - from) * queries * slots), sizeof(float));
        var parts = (Part*)call.Parts;
        for (int p = 0, first = 0; p < shape.Parts.Length; first += parts[p++].Slots)
        {
            for (int s = 0; s < parts[p].Slots; s++)
            {
                for (int r = from; r < to; r++)
                {
                    float* d = scores + (long)(r - from) * queries * slots + first + s;
                    bool present = parts[p].Presence[(long)s * shape.Rows + r] != 0f;
                    float* x = parts[p].Values + ((long)s * shape.Rows + r) * width;
                    for (int k = 0; k < queries; k++)
                        d[k * slots] = present ? Dot(gradient + (long)r * each + k * width, x, width) : 0f;
                }
            }
        }
        for (int i = 0; i < (to - from) * queries; i++)
        {
            float* d = scores + (long)i * slots, share = shares + ((long)from * queries + i) * slots;
            float mean = 0;
            for (int s = 0; s < slots; s++)
                mean += share[s] * d[s];
            for (int s = 0; s < slots; s++)
                d[s] = share[s] * (d[s] - mean);
        }
        for (int p = 0, first = 0; p < shape.Parts.Length; first += parts[p++].Slots)
        {
            for (int s = 0; s < parts[p].Slots; s++)
            {
                for (int r = from; r < to; r++)
                {
                    long at = ((long)s * shape.Rows + r) * width;
                    float* dx = parts[p].Gradient + at;
                    Unsafe.InitBlock(dx, 0, (uint)(width * sizeof(float)));
                    if (parts[p].Presence[(long)s * shape.Rows + r] == 0f)
                        continue;
                    float* d = scores + (long)(r - from) * queries * slots + first + s, share = shares + (long)r * queries * slots + first + s;
                    for (int k = 0; k < queries; k++)
                    {
                        long row = (long)r * each + k * width;
                        AddScaled(toQueries + row, parts[p].Values + at, d[k * slots], width);
                        AddTwoScaled(dx, gradient + row, share[k * slots], q + row, d[k * slots], width);
                    }
                }
            }
        }
        NativeMemory.Free(scores);
    }

    /// <summary>Over what is above negative infinity; all zeros where nothing is.</summary>
    private static void Softmax(Span<float> scores)
    {
        float most = float.NegativeInfinity;
        foreach (float s in scores)
            most = Math.Max(most, s);
        float sum = 0;
        foreach (ref float s in scores)
        {
            s = s == float.NegativeInfinity ? 0f : MathF.Exp(s - most);
            sum += s;
        }
        if (sum == 0)
            return;
        float scale = 1 / sum;
        foreach (ref float s in scores)
            s *= scale;
    }

    private static float Dot(float* a, float* b, int width)
    {
        Vector256<float> sum = Vector256<float>.Zero;
        for (int i = 0; i < width; i += Vector256<float>.Count)
            sum = Vector256.FusedMultiplyAdd(Vector256.Load(a + i), Vector256.Load(b + i), sum);
        return Vector256.Sum(sum);
    }

    private static void AddScaled(float* to, float* x, float scale, int width)
    {
        Vector256<float> s = Vector256.Create(scale);
        for (int i = 0; i < width; i += Vector256<float>.Count)
            Vector256.FusedMultiplyAdd(Vector256.Load(x + i), s, Vector256.Load(to + i)).Store(to + i);
    }

    private static void AddTwoScaled(float* to, float* x, float xScale, float* y, float yScale, int width)
    {
        Vector256<float> a = Vector256.Create(xScale), b = Vector256.Create(yScale);
        for (int i = 0; i < width; i += Vector256<float>.Count)
            Vector256.FusedMultiplyAdd(Vector256.Load(x + i), a, Vector256.FusedMultiplyAdd(Vector256.Load(y + i), b, Vector256.Load(to + i))).Store(to + i);
    }

    /// <summary>Rows depend on nothing but themselves, so any number of threads computes the same.</summary>
    private static void ForBlocks(int rows, Action<int, int> work)
    {
        int blocks = (rows + BlockRows - 1) / BlockRows, threads = get_num_threads();
        if (threads > 1)
        {
            Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads }, b => work(b * BlockRows, Math.Min(rows, (b + 1) * BlockRows)));
            return;
        }
        for (int b = 0; b < blocks; b++)
            work(b * BlockRows, Math.Min(rows, (b + 1) * BlockRows));
    }

    private static long Slots(Tensor[] sets)
    {
        long slots = 0;
        for (int i = 0; i < sets.Length; i += 2)
            slots += sets[i].shape[0];
        return slots;
    }

    private static Part[] Parts(Tensor[] sets, Tensor[]? gradients = null)
    {
        var parts = new Part[sets.Length / 2];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i].Values = (float*)Data(sets[2 * i]);
            parts[i].Presence = (float*)Data(sets[2 * i + 1]);
            parts[i].Gradient = gradients is null ? null : (float*)Data(gradients[2 * i]);
            parts[i].Slots = (int)sets[2 * i].shape[0];
        }
        return parts;
    }

    /// <summary>A contiguous tensor's memory, which does not move while the tensor lives.</summary>
    private static nint Data(Tensor tensor) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
}
