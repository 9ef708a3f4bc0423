// Memory, factories, element-wise operations and reductions.
#include "shim.hpp"
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <malloc.h>
#include <torch/cuda.h>

using namespace shim;

thread_local std::string shim::error;
std::atomic<int64_t> shim::live{0};

// glibc would map and unmap every large tensor anew: page faults cost more than the arithmetic.
__attribute__((constructor)) static void keep_large_blocks()
{
    mallopt(M_MMAP_THRESHOLD, 512 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

API const char* t_last_error() { return error.c_str(); }
API int64_t t_live() { return live.load(); }
API void t_free(H h)
{
    live.fetch_sub(1, std::memory_order_relaxed);
    c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(h);
}

API int t_get_threads() { return at::get_num_threads(); }
API int t_set_threads(int n) { return run([&] { at::set_num_threads(n); }); }
API int t_cuda_count() { return guard<int>(0, [] { return static_cast<int>(torch::cuda::device_count()); }); }
API int t_cuda_synchronize(int device) { return run([&] { torch::cuda::synchronize(device); }); }

API int t_ndim(H h) { return static_cast<int>(ref(h).dim()); }
API const int64_t* t_sizes(H h) { return ref(h).sizes().data(); }
API const int64_t* t_strides(H h) { return guard<const int64_t*>(nullptr, [&] { return ref(h).strides().data(); }); }
API int64_t t_numel(H h) { return ref(h).numel(); }
API int t_dtype(H h) { return static_cast<int>(ref(h).scalar_type()); }
API int64_t t_element_size(H h) { return static_cast<int64_t>(ref(h).element_size()); }
API int t_device(H h) { return static_cast<int>(ref(h).device().type()); }
API int t_device_index(H h) { return ref(h).device().index(); }
API int t_is_contiguous(H h) { return ref(h).is_contiguous(); }
API void* t_data(H h) { return guard<void*>(nullptr, [&] { return ref(h).data_ptr(); }); }

API int t_requires_grad(H h) { return ref(h).requires_grad(); }
API int t_set_requires_grad(H h, int value) { return run([&] { ref(h).set_requires_grad(value != 0); }); }
API int t_is_leaf(H h) { return ref(h).is_leaf(); }
API int t_backward(H h) { return run([&] { ref(h).backward(); }); }
API int t_retain_grad(H h) { return run([&] { ref(h).retain_grad(); }); }
// Null without an error text: there is no gradient.
API H t_grad(H h)
{
    error.clear();
    return guard<H>(nullptr, [&]() -> H {
        at::Tensor g = ref(h).grad();
        return g.defined() ? release(std::move(g)) : nullptr;
    });
}
API int t_set_grad(H h, H g) { return run([&] { ref(h).mutable_grad() = g ? ref(g) : at::Tensor(); }); }
API int t_set_data(H h, H source) { return run([&] { ref(h).set_data(ref(source)); }); }
API int t_grad_enabled() { return at::GradMode::is_enabled(); }
API void t_set_grad_enabled(int enabled) { at::GradMode::set_enabled(enabled != 0); }
API void* t_inference_enter(int enabled) { return guard<void*>(nullptr, [&] { return new c10::InferenceMode(enabled != 0); }); }
API void t_inference_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }
API int t_inference_enabled() { return c10::InferenceMode::is_enabled(); }

API int t_manual_seed(uint64_t seed) { return run([&] { at::manual_seed(seed); }); }
API void* t_generator(uint64_t seed) { return guard<void*>(nullptr, [&] { return new at::Generator(at::detail::createCPUGenerator(seed)); }); }
API void* t_generator_default() { return guard<void*>(nullptr, [&] { return new at::Generator(at::detail::getDefaultCPUGenerator()); }); }
API void t_generator_free(void* g) { delete static_cast<at::Generator*>(g); }
API int t_generator_seed(void* g, uint64_t seed)
{
    return run([&] { static_cast<at::Generator*>(g)->set_current_seed(seed); });
}
API uint64_t t_generator_initial_seed(void* g) { return static_cast<at::Generator*>(g)->current_seed(); }
API H t_generator_state(void* g) { return make([&] { return static_cast<at::Generator*>(g)->get_state(); }); }
API int t_generator_set_state(void* g, H state) { return run([&] { static_cast<at::Generator*>(g)->set_state(ref(state)); }); }
static shim::optional<at::Generator> gen(void* g)
{
    return g ? shim::optional<at::Generator>(*static_cast<at::Generator*>(g)) : shim::optional<at::Generator>();
}

#define FACTORY(name) \
    API H t_##name(const int64_t* size, int n, int type, int device, int index) \
    { \
        return make([&] { return at::name(dims(size, n), options(type, device, index)); }); \
    }
FACTORY(zeros)
FACTORY(ones)
FACTORY(empty)
API H t_full(const int64_t* size, int n, Num value, int type, int device, int index)
{
    return make([&] { return at::full(dims(size, n), num(value), options(type, device, index)); });
}
API H t_randn(const int64_t* size, int n, void* g, int type, int device, int index)
{
    return make([&] { return at::randn(dims(size, n), gen(g), options(type, device, index)); });
}
API H t_rand(const int64_t* size, int n, void* g, int type, int device, int index)
{
    return make([&] { return at::rand(dims(size, n), gen(g), options(type, device, index)); });
}
API H t_randint(int64_t low, int64_t high, const int64_t* size, int n, void* g, int type, int device, int index)
{
    return make([&] { return at::randint(low, high, dims(size, n), gen(g), options(type, device, index)); });
}
API H t_randperm(int64_t n, void* g, int type, int device, int index)
{
    return make([&] { return at::randperm(n, gen(g), options(type, device, index)); });
}
API H t_arange(Num start, Num stop, Num step, int type, int device, int index)
{
    return make([&] { return at::arange(num(start), num(stop), num(step), options(type, device, index)); });
}
API H t_eye(int64_t rows, int64_t columns, int type, int device, int index)
{
    return make([&] { return at::eye(rows, columns, options(type, device, index)); });
}
API H t_full_like(H a, Num value, int type, int device, int index)
{
    return make([&] { return at::full_like(ref(a), num(value), options(type, device, index)); });
}
#define LIKE(name) \
    API H t_##name##_like(H a, int type, int device, int index) \
    { \
        return make([&] { return at::name##_like(ref(a), options(type, device, index)); }); \
    }
LIKE(zeros)
LIKE(ones)
LIKE(empty)
LIKE(rand)
LIKE(randn)
API H t_from_blob(void* memory, const int64_t* size, int n, int type, void (*done)(void*), void* owner)
{
    return make([&] {
        return at::from_blob(memory, dims(size, n), [done, owner](void*) { done(owner); }, options(type, -1, -1));
    });
}
API H t_to(H a, int type, int device, int index, int non_blocking, int copy)
{
    return make([&] { return ref(a).to(options(type, device, index), non_blocking != 0, copy != 0); });
}

API H t_pin_memory(H a) { return make([&] { return ref(a).pin_memory(); }); }
API int t_is_pinned(H a) { return guard<int>(-1, [&] { return ref(a).is_pinned() ? 1 : 0; }); }

#define UNARY(name) API H t_##name(H a) { return make([&] { return at::name(ref(a)); }); }
UNARY(exp) UNARY(log) UNARY(log1p) UNARY(expm1) UNARY(tanh) UNARY(sigmoid) UNARY(relu) UNARY(silu) UNARY(log_sigmoid)
UNARY(abs) UNARY(sqrt) UNARY(rsqrt) UNARY(square) UNARY(neg) UNARY(reciprocal) UNARY(sign) UNARY(sin) UNARY(cos) UNARY(erf)
UNARY(floor) UNARY(ceil) UNARY(trunc) UNARY(isfinite) UNARY(isnan) UNARY(isinf) UNARY(logical_not) UNARY(bitwise_not)
UNARY(nonzero) UNARY(detach) UNARY(clone) UNARY(alias) UNARY(t) UNARY(all) UNARY(any) UNARY(max) UNARY(min) UNARY(squeeze)
API H t_contiguous(H a) { return make([&] { return ref(a).contiguous(); }); }
API H t_gelu(H a)
{
    return make([&] {
        at::Tensor y = at::gelu(ref(a));
#if TORCH_VERSION_MAJOR < 2
        // oneDNN's backward here misreads a gradient that is not contiguous and returns garbage without an error.
        if (y.requires_grad()) y.register_hook([](at::Tensor g) { return g.contiguous(); });
#endif
        return y;
    });
}
API H t_softplus(H a, double beta, double threshold) { return make([&] { return at::softplus(ref(a), beta, threshold); }); }

#define BINARY(name) API H t_##name(H a, H b) { return make([&] { return at::name(ref(a), ref(b)); }); }
#define SCALAR(name) API H t_##name##_num(H a, Num b) { return make([&] { return at::name(ref(a), num(b)); }); }
#define BOTH(name) BINARY(name) SCALAR(name)
BOTH(add) BOTH(sub) BOTH(mul) BOTH(div) BOTH(pow) BOTH(remainder) BOTH(eq) BOTH(ne) BOTH(lt) BOTH(le) BOTH(gt) BOTH(ge)
BINARY(maximum) BINARY(minimum) BINARY(logical_and) BINARY(logical_or) BINARY(bitwise_and) BINARY(bitwise_or) BINARY(bitwise_xor)
BINARY(matmul) BINARY(mm) BINARY(mv) BINARY(dot) BINARY(outer) BINARY(bmm) BINARY(masked_select)
SCALAR(clamp_min) SCALAR(clamp_max)
API H t_add_alpha(H a, H b, Num alpha) { return make([&] { return at::add(ref(a), ref(b), num(alpha)); }); }
API H t_div_mode(H a, H b, int floor) { return make([&] { return at::div(ref(a), ref(b), floor ? "floor" : "trunc"); }); }
API H t_clamp(H a, Num low, Num high) { return make([&] { return at::clamp(ref(a), optnum(low), optnum(high)); }); }
API H t_clamp_tensor(H a, H low, H high) { return make([&] { return at::clamp(ref(a), opt(low), opt(high)); }); }
API H t_lerp(H a, H b, H weight) { return make([&] { return at::lerp(ref(a), ref(b), ref(weight)); }); }
API H t_addcmul(H a, H b, H c, Num v) { return make([&] { return at::addcmul(ref(a), ref(b), ref(c), num(v)); }); }
API H t_addcdiv(H a, H b, H c, Num v) { return make([&] { return at::addcdiv(ref(a), ref(b), ref(c), num(v)); }); }
API H t_addmm(H a, H b, H c, float beta, float alpha) { return make([&] { return at::addmm(ref(a), ref(b), ref(c), beta, alpha); }); }
API H t_baddbmm(H a, H b, H c, float beta, float alpha) { return make([&] { return at::baddbmm(ref(a), ref(b), ref(c), beta, alpha); }); }

#define INPLACE(name) API int t_##name##_(H a) { return run([&] { ref(a).name##_(); }); }
#define INPLACE_BOTH(name) \
    API int t_##name##_(H a, H b) { return run([&] { ref(a).name##_(ref(b)); }); } \
    API int t_##name##_num_(H a, Num b) { return run([&] { ref(a).name##_(num(b)); }); }
INPLACE(exp) INPLACE(relu) INPLACE(zero) INPLACE(detach)
INPLACE_BOTH(add) INPLACE_BOTH(sub) INPLACE_BOTH(mul) INPLACE_BOTH(div)
API int t_add_alpha_(H a, H b, Num alpha) { return run([&] { ref(a).add_(ref(b), num(alpha)); }); }
API int t_fill_(H a, Num b) { return run([&] { ref(a).fill_(num(b)); }); }
API int t_clamp_(H a, Num low, Num high) { return run([&] { ref(a).clamp_(optnum(low), optnum(high)); }); }
API int t_addcmul_(H a, H b, H c, Num v) { return run([&] { ref(a).addcmul_(ref(b), ref(c), num(v)); }); }
API int t_addcdiv_(H a, H b, H c, Num v) { return run([&] { ref(a).addcdiv_(ref(b), ref(c), num(v)); }); }
API int t_copy_(H a, H b, int non_blocking) { return run([&] { ref(a).copy_(ref(b), non_blocking != 0); }); }
API int t_lerp_(H a, H b, H weight) { return run([&] { ref(a).lerp_(ref(b), ref(weight)); }); }
API int t_normal_(H a, double mean, double std, void* g) { return run([&] { ref(a).normal_(mean, std, gen(g)); }); }
API int t_uniform_(H a, double from, double to, void* g) { return run([&] { ref(a).uniform_(from, to, gen(g)); }); }
API H t_bernoulli(H a, void* g) { return make([&] { return at::bernoulli(ref(a), gen(g)); }); }
API H t_multinomial(H a, int64_t n, int replacement, void* g)
{
    return make([&] { return at::multinomial(ref(a), n, replacement != 0, gen(g)); });
}

// n < 0: over all elements.
#define REDUCE(name) \
    API H t_##name(H a, const int64_t* d, int n, int keep, int type) \
    { \
        return make([&] { \
            return n < 0 ? at::name(ref(a), dtype(type)) : at::name(ref(a), at::OptionalIntArrayRef(dims(d, n)), keep != 0, dtype(type)); \
        }); \
    }
REDUCE(sum)
REDUCE(mean)
#define SPREAD(name) \
    API H t_##name(H a, const int64_t* d, int n, int unbiased, int keep) \
    { \
        return make([&] { \
            return n < 0 ? at::name(ref(a), unbiased != 0) : at::name(ref(a), at::OptionalIntArrayRef(dims(d, n)), unbiased != 0, keep != 0); \
        }); \
    }
SPREAD(var)
SPREAD(std)
#define OVER(name) \
    API H t_##name(H a, const int64_t* d, int n, int keep) { return make([&] { return at::name(ref(a), dims(d, n), keep != 0); }); }
OVER(amax)
OVER(amin)
OVER(logsumexp)
#define INDEXED(name) \
    API H t_##name##_dim(H a, int64_t d, int keep, H* where) { return pair(where, [&] { return at::name(ref(a), d, keep != 0); }); }
INDEXED(max)
INDEXED(min)
API H t_argmax(H a, int64_t d, int has, int keep) { return make([&] { return has ? at::argmax(ref(a), d, keep != 0) : at::argmax(ref(a)); }); }
API H t_argmin(H a, int64_t d, int has, int keep) { return make([&] { return has ? at::argmin(ref(a), d, keep != 0) : at::argmin(ref(a)); }); }
API H t_all_dim(H a, int64_t d, int keep) { return make([&] { return at::all(ref(a), d, keep != 0); }); }
API H t_any_dim(H a, int64_t d, int keep) { return make([&] { return at::any(ref(a), d, keep != 0); }); }
API H t_cumsum(H a, int64_t d, int type) { return make([&] { return at::cumsum(ref(a), d, dtype(type)); }); }
API H t_prod(H a, int type) { return make([&] { return at::prod(ref(a), dtype(type)); }); }
API H t_norm(H a, double p) { return make([&] { return at::norm(ref(a), at::Scalar(p)); }); }
API H t_norm_dim(H a, double p, int64_t d, int keep) { return make([&] { return at::norm(ref(a), at::Scalar(p), dims(&d, 1), keep != 0); }); }
API H t_softmax(H a, int64_t d, int type) { return make([&] { return at::softmax(ref(a), d, dtype(type)); }); }
API H t_log_softmax(H a, int64_t d, int type) { return make([&] { return at::log_softmax(ref(a), d, dtype(type)); }); }
API H t_topk(H a, int64_t k, int64_t d, int largest, int sorted, H* where)
{
    return pair(where, [&] { return at::topk(ref(a), k, d, largest != 0, sorted != 0); });
}
API int t_allclose(H a, H b, double rtol, double atol, int equal_nan)
{
    return guard<int>(-1, [&] { return at::allclose(ref(a), ref(b), rtol, atol, equal_nan != 0) ? 1 : 0; });
}
