using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>
        /// The elements' memory, for a contiguous tensor on the CPU. Setting copies the bytes in; their number must fit.
        /// The span is valid only while the tensor lives.
        /// </summary>
        public Span<byte> bytes
        {
            get
            {
                long size = CheckedSize();
                return size <= int.MaxValue
                    ? new Span<byte>(Data(), (int)size)
                    : throw new ArgumentException($"The tensor has {size} bytes; a span holds at most {int.MaxValue}.");
            }

            set
            {
                long size = CheckedSize();
                if (size != value.Length)
                {
                    throw new ArgumentException($"The tensor has {size} bytes, the given span {value.Length}.", nameof(value));
                }
                value.CopyTo(new Span<byte>(Data(), value.Length));
                GC.KeepAlive(this);
            }
        }

        /// <summary>Typed access to the elements; a tensor on a GPU is copied first. ArgumentException for another type.</summary>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            ScalarType type = dtype;
            bool matches = type switch
            {
                ScalarType.Byte => typeof(T) == typeof(byte),
                ScalarType.Int8 => typeof(T) == typeof(sbyte),
                ScalarType.Int16 => typeof(T) == typeof(short),
                ScalarType.Int32 => typeof(T) == typeof(int),
                ScalarType.Int64 => typeof(T) == typeof(long),
                ScalarType.Float16 => typeof(T) == typeof(Half),
                ScalarType.Float32 => typeof(T) == typeof(float),
                ScalarType.Float64 => typeof(T) == typeof(double),
                ScalarType.Bool => typeof(T) == typeof(bool),
                _ => false,
            };
            if (!matches)
            {
                throw new ArgumentException($"{typeof(T).Name} is not compatible with {type}");
            }
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        /// <summary>The value of a tensor with one element. ArgumentException for more, or for another type.</summary>
        public T item<T>()
            where T : unmanaged
        {
            if (NumberOfElements != 1)
            {
                throw new ArgumentException($"item() needs a tensor with one element; this one has {NumberOfElements}.");
            }
            T value = *(T*)data<T>().Pointer;
            GC.KeepAlive(this);
            return value;
        }

        internal void* Data()
        {
            nint data = Native.t_data(Handle);
            return data != 0 || NumberOfElements == 0 ? (void*)data : throw Native.Error();
        }

        internal void WriteTo(Stream stream)
        {
            long size = CheckedSize();
            byte* data = (byte*)Data();
            for (long at = 0; at < size; at += 1 << 20)
            {
                stream.Write(new ReadOnlySpan<byte>(data + at, (int)Math.Min(1 << 20, size - at)));
            }
            GC.KeepAlive(this);
        }

        internal void ReadFrom(Stream stream)
        {
            long size = CheckedSize();
            byte* data = (byte*)Data();
            for (long at = 0; at < size; at += 1 << 20)
            {
                stream.ReadExactly(new Span<byte>(data + at, (int)Math.Min(1 << 20, size - at)));
            }
            GC.KeepAlive(this);
        }

        private long CheckedSize()
        {
            if (!is_contiguous())
            {
                throw new InvalidOperationException("The bytes of a tensor that is not contiguous cannot be reached; call contiguous() first.");
            }
            return is_cpu()
                ? NumberOfElements * ElementSize
                : throw new InvalidOperationException("The bytes of a tensor on a GPU cannot be reached; copy it with cpu() first.");
        }
    }
}
