namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public Tensor reshape(params long[] shape)
        {
            fixed (long* d = shape)
            {
                return Wrap(Native.t_reshape(Handle, d, shape.Length), this);
            }
        }

        public Tensor view(params long[] shape)
        {
            fixed (long* d = shape)
            {
                return Wrap(Native.t_view(Handle, d, shape.Length), this);
            }
        }

        public Tensor view_as(Tensor other) => view(other.shape);

        public Tensor permute(params long[] permutation)
        {
            fixed (long* d = permutation)
            {
                return Wrap(Native.t_permute(Handle, d, permutation.Length), this);
            }
        }

        public Tensor expand(params long[] sizes)
        {
            fixed (long* d = sizes)
            {
                return Wrap(Native.t_expand(Handle, d, sizes.Length), this);
            }
        }

        public Tensor expand_as(Tensor other) => expand(other.shape);

        public Tensor repeat(params long[] sizes)
        {
            fixed (long* d = sizes)
            {
                return Wrap(Native.t_repeat(Handle, d, sizes.Length), this);
            }
        }

        public Tensor flip(params long[] dims)
        {
            fixed (long* d = dims)
            {
                return Wrap(Native.t_flip(Handle, d, dims.Length), this);
            }
        }

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Wrap(Native.t_repeat_interleave(Handle, repeats, dim ?? 0, dim is null ? 0 : 1), this);

        public Tensor t() => Wrap(Native.t_t(Handle), this);
        public Tensor transpose(long dim0, long dim1) => Wrap(Native.t_transpose(Handle, dim0, dim1), this);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Wrap(Native.t_flatten(Handle, start_dim, end_dim), this);
        public Tensor squeeze(long? dim = null) => Wrap(dim is { } d ? Native.t_squeeze_dim(Handle, d) : Native.t_squeeze(Handle), this);
        public Tensor unsqueeze(long dim) => Wrap(Native.t_unsqueeze(Handle, dim), this);
        public Tensor select(long dim, long index) => Wrap(Native.t_select(Handle, dim, index), this);
        public Tensor narrow(long dim, long start, long length) => Wrap(Native.t_narrow(Handle, dim, start, length), this);
        public Tensor slice(long dim, long start, long finish, long step) => Wrap(Native.t_slice(Handle, dim, start, finish, step), this);
        public Tensor tril(long diagonal = 0) => Wrap(Native.t_tril(Handle, diagonal), this);
        public Tensor triu(long diagonal = 0) => Wrap(Native.t_triu(Handle, diagonal), this);
        public Tensor diag(long diagonal = 0) => Wrap(Native.t_diag(Handle, diagonal), this);
        public Tensor nonzero() => Wrap(Native.t_nonzero(Handle), this);

        /// <summary>Cuts a dimension into views of single entries; in a recurrent loop far cheaper than indexing at each step.</summary>
        public Tensor[] unbind(long dimension = 0L)
        {
            var handles = new nint[size((int)dimension)];
            fixed (nint* h = handles)
            {
                return WrapAll(Native.t_unbind(Handle, dimension, h), handles, this);
            }
        }

        public Tensor[] chunk(long chunks, long dim = 0L)
        {
            var handles = new nint[Math.Max(chunks, 0)];
            fixed (nint* h = handles)
            {
                return WrapAll(Native.t_chunk(Handle, chunks, dim, h), handles, this);
            }
        }

        public Tensor[] split(long size, int dim = 0)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
            var handles = new nint[Math.Max(1, (this.size(dim) + size - 1) / size)];
            fixed (nint* h = handles)
            {
                return WrapAll(Native.t_split(Handle, size, dim, h), handles, this);
            }
        }

        public Tensor[] split(long[] sizes, long dim = 0)
        {
            var handles = new nint[sizes.Length];
            fixed (nint* h = handles)
            fixed (long* s = sizes)
            {
                return WrapAll(Native.t_split_sizes(Handle, s, sizes.Length, dim, h), handles, this);
            }
        }

        public Tensor gather(long dim, Tensor index) => Wrap(Native.t_gather(Handle, dim, index.Handle), this, index);
        public Tensor index_select(long dim, Tensor index) => Wrap(Native.t_index_select(Handle, dim, index.Handle), this, index);
        public Tensor masked_select(Tensor mask) => Wrap(Native.t_masked_select(Handle, mask.Handle), this, mask);
        public Tensor masked_fill(Tensor mask, Scalar value) => Wrap(Native.t_masked_fill(Handle, mask.Handle, value.Value), this, mask);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Same(Native.t_masked_fill_(Handle, mask.Handle, value.Value), mask);
        public Tensor scatter(long dim, Tensor index, Tensor src) => Wrap(Native.t_scatter(Handle, dim, index.Handle, src.Handle), this, index, src);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Same(Native.t_scatter_(Handle, dim, index.Handle, src.Handle), index, src);
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Wrap(Native.t_scatter_add(Handle, dim, index.Handle, src.Handle), this, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Same(Native.t_scatter_add_(Handle, dim, index.Handle, src.Handle), index, src);
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Wrap(Native.t_index_add(Handle, dim, index.Handle, source.Handle, alpha.Value), this, index, source);
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => Same(Native.t_index_add_(Handle, dim, index.Handle, source.Handle, alpha.Value), index, source);
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Same(Native.t_index_copy_(Handle, dim, index.Handle, source.Handle), index, source);

        /// <summary>This tensor where the condition holds, else y.</summary>
        public Tensor where(Tensor condition, Tensor y) => Wrap(Native.t_where(condition.Handle, Handle, y.Handle), this, condition, y);

        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Like(Native.t_zeros_like(Handle, Code(dtype), DeviceCode(device), DeviceIndex(device)), requires_grad);
        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Like(Native.t_ones_like(Handle, Code(dtype), DeviceCode(device), DeviceIndex(device)), requires_grad);
        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Like(Native.t_empty_like(Handle, Code(dtype), DeviceCode(device), DeviceIndex(device)), requires_grad);
        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Like(Native.t_rand_like(Handle, Code(dtype), DeviceCode(device), DeviceIndex(device)), requires_grad);
        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Like(Native.t_randn_like(Handle, Code(dtype), DeviceCode(device), DeviceIndex(device)), requires_grad);
        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Like(Native.t_full_like(Handle, value.Value, Code(dtype), DeviceCode(device), DeviceIndex(device)), requires_grad);

        internal static int DeviceCode(Device? device) => device is null ? -1 : (int)device.type;

        internal static int DeviceIndex(Device? device) => device is null || device.type == DeviceType.CPU ? -1 : device.index;

        private Tensor Like(nint result, bool requiresGrad)
        {
            Tensor tensor = Wrap(result, this);
            return requiresGrad ? tensor.requires_grad_() : tensor;
        }
    }
}
