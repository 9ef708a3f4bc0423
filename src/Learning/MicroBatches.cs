using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>
/// Hands out micro-batches. Ahead, the next one is decoded on another thread while the present one is computed: decoding is plain C# on
/// one thread, and the network leaves a core idle that hosts do not fill. What is decoded is the same either way.
/// </summary>
/// <param name="decode">Decodes one; its tensors belong to the calling thread's dispose scope.</param>
internal sealed class MicroBatches(IReadOnlyList<int[]> parts, Func<int[], MicroBatch> decode, bool ahead) : IDisposable
{
    private Task<MicroBatch>? _next;

    /// <summary>A micro-batch; its tensors belong to the caller's dispose scope. Ahead, they must be asked for in order and by one thread.</summary>
    public MicroBatch Get(int index, DisposeScope scope)
    {
        if (!ahead)
            return decode(parts[index]);
        MicroBatch micro = (_next ?? Begin(parts[index])).GetAwaiter().GetResult();
        _next = null;
        scope.Attach([.. micro.Tensors]);
        if (index + 1 < parts.Count)
            _next = Begin(parts[index + 1]);
        return micro;
    }

    /// <summary>Waits for what is being decoded, and lets go of it.</summary>
    public void Dispose()
    {
        if (_next is not { } last)
            return;
        _next = null;
        // A failure to decode what nobody asked for any more is nobody's.
        _ = Task.WaitAny(last);
        if (!last.IsCompletedSuccessfully)
            return;
        foreach (Tensor tensor in last.Result.Tensors)
            tensor.Dispose();
    }

    private Task<MicroBatch> Begin(int[] part) => Task.Run(() =>
    {
        using DisposeScope scope = NewDisposeScope();
        MicroBatch micro = decode(part);
        scope.Detach(micro.Tensors);
        return micro;
    });
}
