#pragma once
// A C ABI over libtorch. A handle is the TensorImpl itself with one reference held by the caller:
// at::Tensor is exactly that one pointer, so a borrowed argument needs neither allocation nor counting.
#include <torch/types.h>
#include <torch/version.h>
#include <atomic>
#include <string>

#define API extern "C" __attribute__((visibility("default")))

using H = c10::TensorImpl*;
static_assert(sizeof(at::Tensor) == sizeof(H), "at::Tensor is expected to be a single pointer");

struct Num
{
    int64_t bits;
    int64_t kind; // 0 absent, 1 integer, 2 floating point, 3 bool
};

namespace shim
{
// libtorch's own optional became std's in 2.x and later left its namespace.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
template <class T> using optional = std::optional<T>;
#else
template <class T> using optional = c10::optional<T>;
#endif

extern thread_local std::string error;
extern std::atomic<int64_t> live;

inline at::Tensor& ref(H& handle) { return reinterpret_cast<at::Tensor&>(handle); }
inline optional<at::Tensor> opt(H& handle)
{
    return handle ? optional<at::Tensor>(ref(handle)) : optional<at::Tensor>();
}

inline H release(at::Tensor&& tensor)
{
    live.fetch_add(1, std::memory_order_relaxed);
    return tensor.unsafeReleaseTensorImpl();
}

inline at::Scalar num(Num n)
{
    if (n.kind == 2)
    {
        double d;
        memcpy(&d, &n.bits, sizeof d);
        return at::Scalar(d);
    }
    return n.kind == 3 ? at::Scalar(n.bits != 0) : at::Scalar(n.bits);
}
inline optional<at::Scalar> optnum(Num n)
{
    return n.kind ? optional<at::Scalar>(num(n)) : optional<at::Scalar>();
}
inline optional<at::ScalarType> dtype(int type)
{
    return type < 0 ? optional<at::ScalarType>() : optional<at::ScalarType>(static_cast<at::ScalarType>(type));
}
inline at::TensorOptions options(int type, int device, int index)
{
    at::TensorOptions o;
    if (type >= 0) o = o.dtype(static_cast<at::ScalarType>(type));
    if (device >= 0) o = o.device(at::Device(static_cast<at::DeviceType>(device), static_cast<c10::DeviceIndex>(index)));
    return o;
}
inline at::IntArrayRef dims(const int64_t* values, int n) { return at::IntArrayRef(values, static_cast<size_t>(n)); }
inline std::vector<at::Tensor> list(H* handles, int n)
{
    std::vector<at::Tensor> tensors;
    tensors.reserve(n);
    for (int i = 0; i < n; ++i) tensors.push_back(ref(handles[i]));
    return tensors;
}

// Runs f; an exception becomes the thread's error text and the answer `failed`.
template <class R, class F> R guard(R failed, F&& f) noexcept
{
    try
    {
        return f();
    }
    catch (const c10::Error& e)
    {
        error = e.what_without_backtrace();
    }
    catch (const std::exception& e)
    {
        error = e.what();
    }
    catch (...)
    {
        error = "unknown native exception";
    }
    return failed;
}
template <class F> H make(F&& f) noexcept
{
    return guard<H>(nullptr, [&] { return release(f()); });
}
template <class F> int run(F&& f) noexcept
{
    return guard<int>(-1, [&] { f(); return 0; });
}
template <class F> int fill(H* out, F&& f) noexcept
{
    return guard<int>(-1, [&] {
        std::vector<at::Tensor> tensors = f();
        int n = 0;
        for (auto& t : tensors) out[n++] = release(std::move(t));
        return n;
    });
}
template <class F> H pair(H* second, F&& f) noexcept
{
    return guard<H>(nullptr, [&] {
        auto both = f();
        *second = release(std::move(std::get<1>(both)));
        return release(std::move(std::get<0>(both)));
    });
}
}
