using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>A number on its way into the shim; <see cref="Kind"/> 0 says that none was given.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Num(long bits, long kind)
{
    public readonly long Bits = bits;
    public readonly long Kind = kind;
}

/// <summary>One part of an index expression; the kinds are those of the shim's Index.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Index
{
    public long Kind;
    public long Start;
    public long Stop;
    public long Step;
    public nint Tensor;
}

/// <summary>The constants of one Adam step.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AdamStep
{
    public double LearningRate;
    public double Beta1;
    public double Beta2;
    public double Epsilon;
    public double Decay;
    public long Decoupled;
    public long Maximize;
}

/// <summary>
/// The shim's C ABI (native/*.cpp). A handle is one reference to a TensorImpl. Functions that can fail answer a null
/// handle or a negative number and leave the text in <see cref="Error"/>, per thread.
/// </summary>
internal static unsafe class Native
{
    private const string Shim = "torch_shim";

    /// <summary>The exception for the last failure on this thread, with libtorch's own message.</summary>
    public static ExternalException Error() => new(Marshal.PtrToStringUTF8((nint)t_last_error()));

    /// <summary>Throws where an in-place operation has failed.</summary>
    public static int Check(int result) => result >= 0 ? result : throw Error();

    [DllImport(Shim)] internal static extern byte* t_last_error();
    [DllImport(Shim)] internal static extern long t_live();
    [DllImport(Shim)] internal static extern void t_free(nint h);
    [DllImport(Shim)] internal static extern int t_get_threads();
    [DllImport(Shim)] internal static extern int t_set_threads(int n);
    [DllImport(Shim)] internal static extern int t_cuda_count();
    [DllImport(Shim)] internal static extern int t_cuda_synchronize(int device);
    [SuppressGCTransition, DllImport(Shim)] internal static extern int t_ndim(nint h);
    [SuppressGCTransition, DllImport(Shim)] internal static extern long* t_sizes(nint h);
    [DllImport(Shim)] internal static extern long* t_strides(nint h);
    [SuppressGCTransition, DllImport(Shim)] internal static extern long t_numel(nint h);
    [SuppressGCTransition, DllImport(Shim)] internal static extern int t_dtype(nint h);
    [SuppressGCTransition, DllImport(Shim)] internal static extern long t_element_size(nint h);
    [SuppressGCTransition, DllImport(Shim)] internal static extern int t_device(nint h);
    [SuppressGCTransition, DllImport(Shim)] internal static extern int t_device_index(nint h);
    [SuppressGCTransition, DllImport(Shim)] internal static extern int t_is_contiguous(nint h);
    [DllImport(Shim)] internal static extern nint t_data(nint h);
    [SuppressGCTransition, DllImport(Shim)] internal static extern int t_requires_grad(nint h);
    [DllImport(Shim)] internal static extern int t_set_requires_grad(nint h, int value);
    [DllImport(Shim)] internal static extern int t_is_leaf(nint h);
    [DllImport(Shim)] internal static extern int t_backward(nint h);
    [DllImport(Shim)] internal static extern int t_retain_grad(nint h);
    [DllImport(Shim)] internal static extern nint t_grad(nint h);
    [DllImport(Shim)] internal static extern int t_set_grad(nint h, nint g);
    [DllImport(Shim)] internal static extern int t_set_data(nint h, nint source);
    [SuppressGCTransition, DllImport(Shim)] internal static extern int t_grad_enabled();
    [DllImport(Shim)] internal static extern void t_set_grad_enabled(int enabled);
    [DllImport(Shim)] internal static extern nint t_inference_enter(int enabled);
    [DllImport(Shim)] internal static extern void t_inference_leave(nint guard);
    [DllImport(Shim)] internal static extern int t_inference_enabled();
    [DllImport(Shim)] internal static extern int t_manual_seed(ulong seed);
    [DllImport(Shim)] internal static extern nint t_generator(ulong seed);
    [DllImport(Shim)] internal static extern nint t_generator_default();
    [DllImport(Shim)] internal static extern void t_generator_free(nint g);
    [DllImport(Shim)] internal static extern int t_generator_seed(nint g, ulong seed);
    [DllImport(Shim)] internal static extern ulong t_generator_initial_seed(nint g);
    [DllImport(Shim)] internal static extern nint t_generator_state(nint g);
    [DllImport(Shim)] internal static extern int t_generator_set_state(nint g, nint state);
    [DllImport(Shim)] internal static extern nint t_zeros(long* size, int n, int type, int device, int index);
    [DllImport(Shim)] internal static extern nint t_ones(long* size, int n, int type, int device, int index);
    [DllImport(Shim)] internal static extern nint t_empty(long* size, int n, int type, int device, int index);
    [DllImport(Shim)] internal static extern nint t_full(long* size, int n, Num value, int type, int device, int index);
    [DllImport(Shim)] internal static extern nint t_randn(long* size, int n, nint g, int type, int device, int index);
    [DllImport(Shim)] internal static extern nint t_rand(long* size, int n, nint g, int type, int device, int index);
    [DllImport(Shim)] internal static extern nint t_randint(long low, long high, long* size, int n, nint g, int type, int device, int index);
    [DllImport(Shim)] internal static extern nint t_randperm(long n, nint g, int type, int device, int index);
    [DllImport(Shim)] internal static extern nint t_arange(Num start, Num stop, Num step, int type, int device, int index);
    [DllImport(Shim)] internal static extern nint t_eye(long rows, long columns, int type, int device, int index);
    [DllImport(Shim)] internal static extern nint t_full_like(nint a, Num value, int type, int device, int index);
    [DllImport(Shim)] internal static extern nint t_zeros_like(nint a, int type, int device, int index);
    [DllImport(Shim)] internal static extern nint t_ones_like(nint a, int type, int device, int index);
    [DllImport(Shim)] internal static extern nint t_empty_like(nint a, int type, int device, int index);
    [DllImport(Shim)] internal static extern nint t_rand_like(nint a, int type, int device, int index);
    [DllImport(Shim)] internal static extern nint t_randn_like(nint a, int type, int device, int index);
    [DllImport(Shim)] internal static extern nint t_from_blob(nint memory, long* size, int n, int type, delegate* unmanaged<nint, void> done, nint owner);
    [DllImport(Shim)] internal static extern nint t_to(nint a, int type, int device, int index, int non_blocking, int copy);
    [DllImport(Shim)] internal static extern nint t_alias_handle(nint a);
    [DllImport(Shim)] internal static extern int t_function(nint* inputs, int n, nint* outputs, int m, nint owner, delegate* unmanaged<nint, nint*, int, nint*, int, int> work, delegate* unmanaged<nint, void> drop);
    [DllImport(Shim)] internal static extern nint t_pin_memory(nint a);
    [DllImport(Shim)] internal static extern int t_is_pinned(nint a);
    [DllImport(Shim)] internal static extern nint t_exp(nint a);
    [DllImport(Shim)] internal static extern nint t_log(nint a);
    [DllImport(Shim)] internal static extern nint t_log1p(nint a);
    [DllImport(Shim)] internal static extern nint t_expm1(nint a);
    [DllImport(Shim)] internal static extern nint t_tanh(nint a);
    [DllImport(Shim)] internal static extern nint t_sigmoid(nint a);
    [DllImport(Shim)] internal static extern nint t_relu(nint a);
    [DllImport(Shim)] internal static extern nint t_silu(nint a);
    [DllImport(Shim)] internal static extern nint t_log_sigmoid(nint a);
    [DllImport(Shim)] internal static extern nint t_abs(nint a);
    [DllImport(Shim)] internal static extern nint t_sqrt(nint a);
    [DllImport(Shim)] internal static extern nint t_rsqrt(nint a);
    [DllImport(Shim)] internal static extern nint t_square(nint a);
    [DllImport(Shim)] internal static extern nint t_neg(nint a);
    [DllImport(Shim)] internal static extern nint t_reciprocal(nint a);
    [DllImport(Shim)] internal static extern nint t_sign(nint a);
    [DllImport(Shim)] internal static extern nint t_sin(nint a);
    [DllImport(Shim)] internal static extern nint t_cos(nint a);
    [DllImport(Shim)] internal static extern nint t_erf(nint a);
    [DllImport(Shim)] internal static extern nint t_floor(nint a);
    [DllImport(Shim)] internal static extern nint t_ceil(nint a);
    [DllImport(Shim)] internal static extern nint t_trunc(nint a);
    [DllImport(Shim)] internal static extern nint t_isfinite(nint a);
    [DllImport(Shim)] internal static extern nint t_isnan(nint a);
    [DllImport(Shim)] internal static extern nint t_isinf(nint a);
    [DllImport(Shim)] internal static extern nint t_logical_not(nint a);
    [DllImport(Shim)] internal static extern nint t_bitwise_not(nint a);
    [DllImport(Shim)] internal static extern nint t_nonzero(nint a);
    [DllImport(Shim)] internal static extern nint t_detach(nint a);
    [DllImport(Shim)] internal static extern nint t_clone(nint a);
    [DllImport(Shim)] internal static extern nint t_alias(nint a);
    [DllImport(Shim)] internal static extern nint t_t(nint a);
    [DllImport(Shim)] internal static extern nint t_all(nint a);
    [DllImport(Shim)] internal static extern nint t_any(nint a);
    [DllImport(Shim)] internal static extern nint t_max(nint a);
    [DllImport(Shim)] internal static extern nint t_min(nint a);
    [DllImport(Shim)] internal static extern nint t_squeeze(nint a);
    [DllImport(Shim)] internal static extern nint t_contiguous(nint a);
    [DllImport(Shim)] internal static extern nint t_gelu(nint a);
    [DllImport(Shim)] internal static extern nint t_softplus(nint a, double beta, double threshold);
    [DllImport(Shim)] internal static extern nint t_add(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_add_num(nint a, Num b);
    [DllImport(Shim)] internal static extern nint t_sub(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_sub_num(nint a, Num b);
    [DllImport(Shim)] internal static extern nint t_mul(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_mul_num(nint a, Num b);
    [DllImport(Shim)] internal static extern nint t_div(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_div_num(nint a, Num b);
    [DllImport(Shim)] internal static extern nint t_pow(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_pow_num(nint a, Num b);
    [DllImport(Shim)] internal static extern nint t_remainder(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_remainder_num(nint a, Num b);
    [DllImport(Shim)] internal static extern nint t_eq(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_eq_num(nint a, Num b);
    [DllImport(Shim)] internal static extern nint t_ne(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_ne_num(nint a, Num b);
    [DllImport(Shim)] internal static extern nint t_lt(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_lt_num(nint a, Num b);
    [DllImport(Shim)] internal static extern nint t_le(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_le_num(nint a, Num b);
    [DllImport(Shim)] internal static extern nint t_gt(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_gt_num(nint a, Num b);
    [DllImport(Shim)] internal static extern nint t_ge(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_ge_num(nint a, Num b);
    [DllImport(Shim)] internal static extern nint t_maximum(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_minimum(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_logical_and(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_logical_or(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_bitwise_and(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_bitwise_or(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_bitwise_xor(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_matmul(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_mm(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_mv(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_dot(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_outer(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_bmm(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_masked_select(nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_clamp_min_num(nint a, Num b);
    [DllImport(Shim)] internal static extern nint t_clamp_max_num(nint a, Num b);
    [DllImport(Shim)] internal static extern nint t_add_alpha(nint a, nint b, Num alpha);
    [DllImport(Shim)] internal static extern nint t_div_mode(nint a, nint b, int floor);
    [DllImport(Shim)] internal static extern nint t_clamp(nint a, Num low, Num high);
    [DllImport(Shim)] internal static extern nint t_clamp_tensor(nint a, nint low, nint high);
    [DllImport(Shim)] internal static extern nint t_lerp(nint a, nint b, nint weight);
    [DllImport(Shim)] internal static extern nint t_addcmul(nint a, nint b, nint c, Num v);
    [DllImport(Shim)] internal static extern nint t_addcdiv(nint a, nint b, nint c, Num v);
    [DllImport(Shim)] internal static extern nint t_addmm(nint a, nint b, nint c, float beta, float alpha);
    [DllImport(Shim)] internal static extern nint t_baddbmm(nint a, nint b, nint c, float beta, float alpha);
    [DllImport(Shim)] internal static extern int t_exp_(nint a);
    [DllImport(Shim)] internal static extern int t_relu_(nint a);
    [DllImport(Shim)] internal static extern int t_zero_(nint a);
    [DllImport(Shim)] internal static extern int t_detach_(nint a);
    [DllImport(Shim)] internal static extern int t_add_(nint a, nint b);
    [DllImport(Shim)] internal static extern int t_add_num_(nint a, Num b);
    [DllImport(Shim)] internal static extern int t_sub_(nint a, nint b);
    [DllImport(Shim)] internal static extern int t_sub_num_(nint a, Num b);
    [DllImport(Shim)] internal static extern int t_mul_(nint a, nint b);
    [DllImport(Shim)] internal static extern int t_mul_num_(nint a, Num b);
    [DllImport(Shim)] internal static extern int t_div_(nint a, nint b);
    [DllImport(Shim)] internal static extern int t_div_num_(nint a, Num b);
    [DllImport(Shim)] internal static extern int t_add_alpha_(nint a, nint b, Num alpha);
    [DllImport(Shim)] internal static extern int t_fill_(nint a, Num b);
    [DllImport(Shim)] internal static extern int t_clamp_(nint a, Num low, Num high);
    [DllImport(Shim)] internal static extern int t_addcmul_(nint a, nint b, nint c, Num v);
    [DllImport(Shim)] internal static extern int t_addcdiv_(nint a, nint b, nint c, Num v);
    [DllImport(Shim)] internal static extern int t_copy_(nint a, nint b, int non_blocking);
    [DllImport(Shim)] internal static extern int t_lerp_(nint a, nint b, nint weight);
    [DllImport(Shim)] internal static extern int t_normal_(nint a, double mean, double std, nint g);
    [DllImport(Shim)] internal static extern int t_uniform_(nint a, double from, double to, nint g);
    [DllImport(Shim)] internal static extern nint t_bernoulli(nint a, nint g);
    [DllImport(Shim)] internal static extern nint t_multinomial(nint a, long n, int replacement, nint g);
    [DllImport(Shim)] internal static extern nint t_sum(nint a, long* d, int n, int keep, int type);
    [DllImport(Shim)] internal static extern nint t_mean(nint a, long* d, int n, int keep, int type);
    [DllImport(Shim)] internal static extern nint t_var(nint a, long* d, int n, int unbiased, int keep);
    [DllImport(Shim)] internal static extern nint t_std(nint a, long* d, int n, int unbiased, int keep);
    [DllImport(Shim)] internal static extern nint t_amax(nint a, long* d, int n, int keep);
    [DllImport(Shim)] internal static extern nint t_amin(nint a, long* d, int n, int keep);
    [DllImport(Shim)] internal static extern nint t_logsumexp(nint a, long* d, int n, int keep);
    [DllImport(Shim)] internal static extern nint t_max_dim(nint a, long d, int keep, nint* where);
    [DllImport(Shim)] internal static extern nint t_min_dim(nint a, long d, int keep, nint* where);
    [DllImport(Shim)] internal static extern nint t_argmax(nint a, long d, int has, int keep);
    [DllImport(Shim)] internal static extern nint t_argmin(nint a, long d, int has, int keep);
    [DllImport(Shim)] internal static extern nint t_all_dim(nint a, long d, int keep);
    [DllImport(Shim)] internal static extern nint t_any_dim(nint a, long d, int keep);
    [DllImport(Shim)] internal static extern nint t_cumsum(nint a, long d, int type);
    [DllImport(Shim)] internal static extern nint t_prod(nint a, int type);
    [DllImport(Shim)] internal static extern nint t_norm(nint a, double p);
    [DllImport(Shim)] internal static extern nint t_norm_dim(nint a, double p, long d, int keep);
    [DllImport(Shim)] internal static extern nint t_softmax(nint a, long d, int type);
    [DllImport(Shim)] internal static extern nint t_log_softmax(nint a, long d, int type);
    [DllImport(Shim)] internal static extern nint t_topk(nint a, long k, long d, int largest, int sorted, nint* where);
    [DllImport(Shim)] internal static extern int t_allclose(nint a, nint b, double rtol, double atol, int equal_nan);
    [DllImport(Shim)] internal static extern nint t_reshape(nint a, long* d, int n);
    [DllImport(Shim)] internal static extern nint t_view(nint a, long* d, int n);
    [DllImport(Shim)] internal static extern nint t_permute(nint a, long* d, int n);
    [DllImport(Shim)] internal static extern nint t_expand(nint a, long* d, int n);
    [DllImport(Shim)] internal static extern nint t_repeat(nint a, long* d, int n);
    [DllImport(Shim)] internal static extern nint t_flip(nint a, long* d, int n);
    [DllImport(Shim)] internal static extern nint t_transpose(nint a, long x, long y);
    [DllImport(Shim)] internal static extern nint t_flatten(nint a, long from, long to);
    [DllImport(Shim)] internal static extern nint t_squeeze_dim(nint a, long d);
    [DllImport(Shim)] internal static extern nint t_unsqueeze(nint a, long d);
    [DllImport(Shim)] internal static extern nint t_select(nint a, long d, long i);
    [DllImport(Shim)] internal static extern nint t_narrow(nint a, long d, long start, long length);
    [DllImport(Shim)] internal static extern nint t_slice(nint a, long d, long start, long end, long step);
    [DllImport(Shim)] internal static extern nint t_tril(nint a, long d);
    [DllImport(Shim)] internal static extern nint t_triu(nint a, long d);
    [DllImport(Shim)] internal static extern nint t_diag(nint a, long d);
    [DllImport(Shim)] internal static extern nint t_repeat_interleave(nint a, long n, long d, int has);
    [DllImport(Shim)] internal static extern int t_unbind(nint a, long d, nint* result);
    [DllImport(Shim)] internal static extern int t_chunk(nint a, long n, long d, nint* result);
    [DllImport(Shim)] internal static extern int t_split(nint a, long size, long d, nint* result);
    [DllImport(Shim)] internal static extern int t_split_sizes(nint a, long* sizes, int n, long d, nint* result);
    [DllImport(Shim)] internal static extern nint t_cat(nint* parts, int n, long d);
    [DllImport(Shim)] internal static extern nint t_stack(nint* parts, int n, long d);
    [DllImport(Shim)] internal static extern nint t_where(nint c, nint a, nint b);
    [DllImport(Shim)] internal static extern nint t_gather(nint a, long d, nint i);
    [DllImport(Shim)] internal static extern nint t_index_select(nint a, long d, nint i);
    [DllImport(Shim)] internal static extern nint t_masked_fill(nint a, nint mask, Num v);
    [DllImport(Shim)] internal static extern int t_masked_fill_(nint a, nint mask, Num v);
    [DllImport(Shim)] internal static extern nint t_scatter(nint a, long d, nint i, nint s);
    [DllImport(Shim)] internal static extern int t_scatter_(nint a, long d, nint i, nint s);
    [DllImport(Shim)] internal static extern nint t_scatter_add(nint a, long d, nint i, nint s);
    [DllImport(Shim)] internal static extern int t_scatter_add_(nint a, long d, nint i, nint s);
    [DllImport(Shim)] internal static extern nint t_index_add(nint a, long d, nint i, nint s, Num alpha);
    [DllImport(Shim)] internal static extern int t_index_add_(nint a, long d, nint i, nint s, Num alpha);
    [DllImport(Shim)] internal static extern int t_index_copy_(nint a, long d, nint i, nint s);
    [DllImport(Shim)] internal static extern nint t_index(nint a, Index* parts, int n);
    [DllImport(Shim)] internal static extern int t_index_put_(nint a, Index* parts, int n, nint value);
    [DllImport(Shim)] internal static extern int t_index_put_num_(nint a, Index* parts, int n, Num value);
    [DllImport(Shim)] internal static extern int t_index_accumulate_(nint a, nint* where, int n, nint value, int accumulate);
    [DllImport(Shim)] internal static extern nint t_linear(nint x, nint w, nint b);
    [DllImport(Shim)] internal static extern nint t_layer_norm(nint x, long* d, int n, nint w, nint b, double eps);
    [DllImport(Shim)] internal static extern nint t_embedding(nint w, nint i, long padding);
    [DllImport(Shim)] internal static extern nint t_dropout(nint x, double p, int train);
    [DllImport(Shim)] internal static extern nint t_one_hot(nint x, long classes);
    [DllImport(Shim)] internal static extern nint t_mse_loss(nint x, nint y, long reduction);
    [DllImport(Shim)] internal static extern nint t_smooth_l1_loss(nint x, nint y, long reduction, double beta);
    [DllImport(Shim)] internal static extern nint t_huber_loss(nint x, nint y, long reduction, double delta);
    [DllImport(Shim)] internal static extern nint t_gru(nint x, nint h, nint* weights, int n, int bias, long layers, double dropout, int train, int both, int batch_first, nint* last);
    [DllImport(Shim)] internal static extern nint t_lstm(nint x, nint h, nint c, nint* weights, int n, int bias, long layers, double dropout, int train, int both, int batch_first, nint* last, nint* cell);
    [DllImport(Shim)] internal static extern nint t_gru_cell(nint x, nint h, nint wi, nint wh, nint bi, nint bh);
    [DllImport(Shim)] internal static extern nint t_lstm_cell(nint x, nint h, nint c, nint wi, nint wh, nint bi, nint bh, nint* cell);
    [DllImport(Shim)] internal static extern int t_orthogonal_(nint a, double gain);
    [DllImport(Shim)] internal static extern int t_clip_grad_norm_(nint* parameters, int n, double max_norm, double norm_type, double* total);
    [DllImport(Shim)] internal static extern int t_adam_step(nint* parameters, nint* first, nint* second, nint* largest, long* steps, int n, AdamStep* o);
}
