using System.Collections;

namespace TorchSharp.Utils;

/// <summary>Typed reading and writing of a tensor's elements in row-major order, whatever its strides.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T>
    where T : unmanaged
{
    private readonly torch.Tensor tensor;

    internal TensorAccessor(torch.Tensor tensor)
    {
        this.tensor = tensor;
        Pointer = tensor.Data();
    }

    internal void* Pointer { get; }

    public long Count => tensor.numel();

    public bool IsReadOnly => false;

    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array);
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Copies elements from tensorIndex on, as many as there are and as fit.</summary>
    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        Span<T> target = array[arrayIndex..];
        int count = (int)Math.Min(target.Length, Count - tensorIndex);
        if (tensor.is_contiguous())
        {
            new ReadOnlySpan<T>((T*)Pointer + tensorIndex, count).CopyTo(target);
            GC.KeepAlive(tensor);
            return;
        }
        using torch.Tensor rows = tensor.contiguous();
        new ReadOnlySpan<T>((T*)rows.Data() + tensorIndex, count).CopyTo(target);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        ReadOnlySpan<T> source = array[arrayIndex..];
        int count = (int)Math.Min(source.Length, Count - tensorIndex);
        if (tensor.is_contiguous())
        {
            source[..count].CopyTo(new Span<T>((T*)Pointer + tensorIndex, count));
        }
        else
        {
            long[] shape = tensor.shape, strides = tensor.stride();
            for (int i = 0; i < count; i++)
            {
                long at = 0, rest = tensorIndex + i;
                for (int d = shape.Length - 1; d >= 0; d--)
                {
                    at += rest % shape[d] * strides[d];
                    rest /= shape[d];
                }
                ((T*)Pointer)[at] = source[i];
            }
        }
        GC.KeepAlive(tensor);
    }

    /// <summary>One element by its index in each dimension; a single index counts in row-major order.</summary>
    public T this[params long[] indices]
    {
        get
        {
            T value = ((T*)Pointer)[Offset(indices)];
            GC.KeepAlive(tensor);
            return value;
        }

        set
        {
            ((T*)Pointer)[Offset(indices)] = value;
            GC.KeepAlive(tensor);
        }
    }

    private long Offset(long[] indices)
    {
        long[] shape = tensor.shape, strides = tensor.stride();
        if (indices.Length == 1)
        {
            long rest = indices[0], at = 0;
            if (rest < 0 || rest >= Count)
            {
                throw new ArgumentOutOfRangeException(nameof(indices), rest, $"The tensor has {Count} elements.");
            }
            for (int d = shape.Length - 1; d >= 0; d--)
            {
                at += rest % shape[d] * strides[d];
                rest /= shape[d];
            }
            return at;
        }
        if (indices.Length != shape.Length)
        {
            throw new ArgumentException($"{indices.Length} indices for a tensor with {shape.Length} dimensions.", nameof(indices));
        }
        long offset = 0;
        for (int d = 0; d < shape.Length; d++)
        {
            if (indices[d] < 0 || indices[d] >= shape[d])
            {
                throw new ArgumentOutOfRangeException(nameof(indices), indices[d], $"Dimension {d} has {shape[d]} elements.");
            }
            offset += indices[d] * strides[d];
        }
        return offset;
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The tensor stays alive: the accessor does not own it.</summary>
    public void Dispose()
    {
    }
}
