#pragma once
#include <cstdint>

// The constants of one step; unroot is 1 / sqrt(1 - beta2^t), step is lr / (1 - beta1^t).
struct AdamFloat
{
    float sign, shrink, decay, beta1, rest1, beta2, rest2, unroot, eps, step;
};

void adam_float(float* p, const float* g, float* m, float* v, int64_t n, AdamFloat c);
