using System.Runtime.CompilerServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A libtorch tensor. Owns one native reference, freed by <see cref="Dispose()"/>, by the <see cref="DisposeScope"/>
    /// it was created in, or at last by the finalizer. Members have the names, arguments and meaning of TorchSharp's.
    /// </summary>
    public unsafe partial class Tensor : IDisposable
    {
        private nint handle;

        internal Tensor(nint handle)
            : this(handle, DisposeScope.Current)
        {
        }

        internal Tensor(nint handle, DisposeScope? scope)
        {
            if (handle == 0)
            {
                GC.SuppressFinalize(this);
                throw Native.Error();
            }
            this.handle = handle;
            scope?.Add(this);
        }

        ~Tensor() => Dispose(false);

        internal DisposeScope? OwningScope { get; set; }

        internal int ScopeIndex { get; set; }

        /// <summary>The native tensor. InvalidOperationException once disposed.</summary>
        public nint Handle => handle != 0 ? handle : throw new InvalidOperationException("This tensor has been disposed, by itself or with its dispose scope.");

        public bool IsInvalid => handle == 0;

        public void Dispose()
        {
            OwningScope?.Remove(this);
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            nint freed = Interlocked.Exchange(ref handle, 0);
            if (freed != 0)
            {
                Native.t_free(freed);
            }
        }

        /// <summary>Lets the tensor outlive its scope: the scope around it disposes it, or nobody where there is none.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            DisposeScope.MoveOut(this);
            return this;
        }

        /// <summary>Takes the tensor out of all scopes.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningScope?.Remove(this);
            return this;
        }

        // Gives the native reference to a new wrapper; this one is then as if disposed.
        internal nint MoveHandle(out DisposeScope? scope)
        {
            scope = OwningScope;
            OwningScope?.Remove(this);
            nint moved = Handle;
            handle = 0;
            GC.SuppressFinalize(this);
            return moved;
        }

        // Arguments stay reachable until the native call has returned; else a finalizer could free them during it.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private protected static Tensor Wrap(nint result, Tensor a, Tensor? b = null, Tensor? c = null)
        {
            GC.KeepAlive(a);
            GC.KeepAlive(b);
            GC.KeepAlive(c);
            return new Tensor(result);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Tensor Same(int result, Tensor? b = null, Tensor? c = null)
        {
            GC.KeepAlive(this);
            GC.KeepAlive(b);
            GC.KeepAlive(c);
            Native.Check(result);
            return this;
        }

        internal static Tensor[] WrapAll(int count, ReadOnlySpan<nint> handles, Tensor source)
        {
            GC.KeepAlive(source);
            Native.Check(count);
            var tensors = new Tensor[count];
            for (int i = 0; i < count; i++)
            {
                tensors[i] = new Tensor(handles[i]);
            }
            return tensors;
        }

        internal static nint HandleOrNull(Tensor? tensor) => tensor is null ? 0 : tensor.Handle;

        public long Dimensions => Native.t_ndim(Handle);

        public long ndim => Dimensions;

        public long dim() => Dimensions;

        public long NumberOfElements => Native.t_numel(Handle);

        public long numel() => NumberOfElements;

        public long ElementSize => Native.t_element_size(Handle);

        public long element_size() => ElementSize;

        public ScalarType dtype => (ScalarType)Native.t_dtype(Handle);

        public DeviceType device_type => (DeviceType)Native.t_device(Handle);

        public int device_index => Native.t_device_index(Handle);

        public Device device => device_type == DeviceType.CPU ? CPU : new Device(device_type, device_index);

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_integral() => torch.is_integral(dtype);

        public long[] shape => new ReadOnlySpan<long>(Native.t_sizes(Handle), Native.t_ndim(Handle)).ToArray();

        public long[] size() => shape;

        public long size(int dim)
        {
            int n = Native.t_ndim(Handle);
            int index = dim < 0 ? dim + n : dim;
            return index >= 0 && index < n
                ? Native.t_sizes(Handle)[index]
                : throw new ArgumentOutOfRangeException(nameof(dim), dim, $"The tensor has {n} dimensions.");
        }

        public long[] stride()
        {
            long* strides = Native.t_strides(Handle);
            return strides == null && Dimensions > 0 ? throw Native.Error() : new ReadOnlySpan<long>(strides, Native.t_ndim(Handle)).ToArray();
        }

        public long stride(int dim) => stride()[dim < 0 ? dim + Dimensions : dim];

        public bool is_contiguous() => Native.t_is_contiguous(Handle) != 0;

        public bool is_leaf => Native.t_is_leaf(Handle) != 0;

        public bool requires_grad
        {
            get => Native.t_requires_grad(Handle) != 0;
            set => Same(Native.t_set_requires_grad(Handle, value ? 1 : 0));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        /// <summary>The gradient, a new wrapper at each call; null before a backward pass has reached the tensor.</summary>
        public Tensor? grad
        {
            get
            {
                nint result = Native.t_grad(Handle);
                GC.KeepAlive(this);
                return result != 0 ? new Tensor(result) : *Native.t_last_error() == 0 ? null : throw Native.Error();
            }
            set
            {
                Same(Native.t_set_grad(Handle, HandleOrNull(value)), value);
            }
        }

        /// <summary>Keeps the gradient of a tensor which is not a leaf.</summary>
        public void retain_grad() => Same(Native.t_retain_grad(Handle));

        /// <summary>Adds the gradients of this scalar to all leaves it was computed from.</summary>
        public void backward() => Same(Native.t_backward(Handle));

        public Tensor detach() => Wrap(Native.t_detach(Handle), this);

        public Tensor detach_() => Same(Native.t_detach_(Handle));

        public Tensor clone() => Wrap(Native.t_clone(Handle), this);

        public Tensor alias() => Wrap(Native.t_alias(Handle), this);

        public Tensor contiguous() => Wrap(Native.t_contiguous(Handle), this);

        /// <summary>A copy in page-locked memory, from which a GPU copies by itself; this tensor if it lies there already. Needs a CUDA device.</summary>
        public Tensor pin_memory() => Wrap(Native.t_pin_memory(Handle), this);

        public bool is_pinned() => Native.Check(Native.t_is_pinned(Handle)) != 0;

        public Tensor cpu() => to(CPU);

        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Moved((int)type, null, copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Moved(-1, device, copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Moved((int)type, device, copy, disposeAfter, non_blocking);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(type, copy, disposeAfter, non_blocking);

        public Tensor type(ScalarType dtype) => to(dtype);

        private Tensor Moved(int type, Device? device, bool copy, bool disposeAfter, bool nonBlocking)
        {
            int index = device is null || device.type == DeviceType.CPU ? -1 : device.index;
            Tensor result = Wrap(Native.t_to(Handle, type, device is null ? -1 : (int)device.type, index, nonBlocking ? 1 : 0, copy ? 1 : 0), this);
            if (disposeAfter)
            {
                Dispose();
            }
            return result;
        }

        public override bool Equals(object? obj) => ReferenceEquals(this, obj);

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

        public override string ToString() =>
            IsInvalid ? "(disposed tensor)" : $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";
    }
}
