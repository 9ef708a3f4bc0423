namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Wrap(Native.t_sum(Handle, null, -1, 0, Code(type)), this);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => Wrap(Native.t_sum(Handle, &dim, 1, keepdim ? 1 : 0, Code(type)), this);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => sum((ReadOnlySpan<long>)dim, keepdim, type);

        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* d = dim)
            {
                return Wrap(Native.t_sum(Handle, d, dim.Length, keepdim ? 1 : 0, Code(type)), this);
            }
        }

        public Tensor mean() => Wrap(Native.t_mean(Handle, null, -1, 0, -1), this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* d = dimensions)
            {
                return Wrap(Native.t_mean(Handle, d, dimensions.Length, keepdim ? 1 : 0, Code(type)), this);
            }
        }

        public Tensor prod(ScalarType? type = null) => Wrap(Native.t_prod(Handle, Code(type)), this);

        public Tensor var(bool unbiased = true) => Wrap(Native.t_var(Handle, null, -1, unbiased ? 1 : 0, 0), this);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Cast(Wrap(Native.t_var(Handle, &dim, 1, unbiased ? 1 : 0, keepdim ? 1 : 0), this), type);

        public Tensor std(bool unbiased = true) => Wrap(Native.t_std(Handle, null, -1, unbiased ? 1 : 0, 0), this);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Cast(Wrap(Native.t_std(Handle, &dim, 1, unbiased ? 1 : 0, keepdim ? 1 : 0), this), type);

        public Tensor max() => Wrap(Native.t_max(Handle), this);

        public Tensor min() => Wrap(Native.t_min(Handle), this);

        public Tensor max(Tensor other) => maximum(other);

        public Tensor min(Tensor other) => minimum(other);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false)
        {
            nint where;
            Tensor values = Wrap(Native.t_max_dim(Handle, dim, keepdim ? 1 : 0, &where), this);
            return (values, new Tensor(where));
        }

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false)
        {
            nint where;
            Tensor values = Wrap(Native.t_min_dim(Handle, dim, keepdim ? 1 : 0, &where), this);
            return (values, new Tensor(where));
        }

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true)
        {
            nint where;
            Tensor values = Wrap(Native.t_topk(Handle, k, dim, largest ? 1 : 0, sorted ? 1 : 0, &where), this);
            return (values, new Tensor(where));
        }

        public Tensor argmax() => Wrap(Native.t_argmax(Handle, 0, 0, 0), this);

        public Tensor argmax(long dim, bool keepdim = false) => Wrap(Native.t_argmax(Handle, dim, 1, keepdim ? 1 : 0), this);

        public Tensor argmin() => Wrap(Native.t_argmin(Handle, 0, 0, 0), this);

        public Tensor argmin(long dim, bool keepdim = false) => Wrap(Native.t_argmin(Handle, dim, 1, keepdim ? 1 : 0), this);

        public Tensor amax(params long[] dims) => amax((ReadOnlySpan<long>)dims);

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => amax((ReadOnlySpan<long>)dims, keepdim, @out);

        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null)
        {
            fixed (long* d = dims)
            {
                return Into(Wrap(Native.t_amax(Handle, d, dims.Length, keepdim ? 1 : 0), this), @out);
            }
        }

        public Tensor amin(params long[] dims) => amin((ReadOnlySpan<long>)dims);

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => amin((ReadOnlySpan<long>)dims, keepdim, @out);

        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null)
        {
            fixed (long* d = dims)
            {
                return Into(Wrap(Native.t_amin(Handle, d, dims.Length, keepdim ? 1 : 0), this), @out);
            }
        }

        public Tensor all() => Wrap(Native.t_all(Handle), this);

        public Tensor all(long dim, bool keepdim = false) => Wrap(Native.t_all_dim(Handle, dim, keepdim ? 1 : 0), this);

        public Tensor any() => Wrap(Native.t_any(Handle), this);

        public Tensor any(long dim, bool keepdim = false) => Wrap(Native.t_any_dim(Handle, dim, keepdim ? 1 : 0), this);

        public Tensor cumsum(long dim, ScalarType? type = null) => Wrap(Native.t_cumsum(Handle, dim, Code(type)), this);

        public Tensor norm(float p = 2.0f) => Wrap(Native.t_norm(Handle, p), this);

        public Tensor norm(int dim, bool keepdim = false, float p = 2.0f) => Wrap(Native.t_norm_dim(Handle, p, dim, keepdim ? 1 : 0), this);

        public Tensor logsumexp(long dim, bool keepdim = false) => Wrap(Native.t_logsumexp(Handle, &dim, 1, keepdim ? 1 : 0), this);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Wrap(Native.t_softmax(Handle, dim, Code(dtype)), this);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Wrap(Native.t_log_softmax(Handle, dim, Code(dtype)), this);

        internal static int Code(ScalarType? type) => type is { } given ? (int)given : -1;

        private static Tensor Cast(Tensor tensor, ScalarType? type) => type is { } given && given != tensor.dtype ? tensor.to(given, disposeAfter: true) : tensor;

        private static Tensor Into(Tensor result, Tensor? target)
        {
            if (target is null)
            {
                return result;
            }
            target.copy_(result);
            result.Dispose();
            return target;
        }
    }
}
