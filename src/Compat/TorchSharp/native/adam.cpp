// Adam's arithmetic in one pass over memory, compiled for several vector widths; the loader picks one.
#include "adam.hpp"
#include <cmath>

#if defined(__x86_64__)
__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif
void adam_float(float* __restrict p, const float* __restrict g, float* __restrict m, float* __restrict v, int64_t n, AdamFloat c)
{
    for (int64_t i = 0; i < n; ++i)
    {
        const float x = p[i] * c.shrink;
        const float grad = g[i] * c.sign + c.decay * x;
        m[i] = m[i] * c.beta1 + grad * c.rest1;
        v[i] = v[i] * c.beta2 + grad * grad * c.rest2;
        p[i] = x - c.step * m[i] / (__builtin_sqrtf(v[i]) * c.unroot + c.eps);
    }
}
