// Shapes, indexing, layers, losses and the optimiser step.
#include "shim.hpp"
#include "adam.hpp"
#include <ATen/TensorIndexing.h>
#include <cmath>

using namespace shim;

#define SHAPE(name) API H t_##name(H a, const int64_t* d, int n) { return make([&] { return ref(a).name(dims(d, n)); }); }
SHAPE(reshape) SHAPE(view) SHAPE(permute) SHAPE(expand) SHAPE(repeat) SHAPE(flip)
API H t_transpose(H a, int64_t x, int64_t y) { return make([&] { return at::transpose(ref(a), x, y); }); }
API H t_flatten(H a, int64_t from, int64_t to) { return make([&] { return at::flatten(ref(a), from, to); }); }
API H t_squeeze_dim(H a, int64_t d) { return make([&] { return at::squeeze(ref(a), d); }); }
API H t_unsqueeze(H a, int64_t d) { return make([&] { return at::unsqueeze(ref(a), d); }); }
API H t_select(H a, int64_t d, int64_t i) { return make([&] { return at::select(ref(a), d, i); }); }
API H t_narrow(H a, int64_t d, int64_t start, int64_t length) { return make([&] { return at::narrow(ref(a), d, start, length); }); }
API H t_slice(H a, int64_t d, int64_t start, int64_t end, int64_t step) { return make([&] { return at::slice(ref(a), d, start, end, step); }); }
API H t_tril(H a, int64_t d) { return make([&] { return at::tril(ref(a), d); }); }
API H t_triu(H a, int64_t d) { return make([&] { return at::triu(ref(a), d); }); }
API H t_diag(H a, int64_t d) { return make([&] { return at::diag(ref(a), d); }); }
API H t_repeat_interleave(H a, int64_t n, int64_t d, int has)
{
    return make([&] { return has ? at::repeat_interleave(ref(a), n, d) : at::repeat_interleave(ref(a), n); });
}
API int t_unbind(H a, int64_t d, H* out) { return fill(out, [&] { return at::unbind(ref(a), d); }); }
API int t_chunk(H a, int64_t n, int64_t d, H* out) { return fill(out, [&] { return at::chunk(ref(a), n, d); }); }
API int t_split(H a, int64_t size, int64_t d, H* out) { return fill(out, [&] { return at::split(ref(a), size, d); }); }
API int t_split_sizes(H a, const int64_t* sizes, int n, int64_t d, H* out)
{
    return fill(out, [&] { return at::split_with_sizes(ref(a), dims(sizes, n), d); });
}
API H t_cat(H* parts, int n, int64_t d) { return make([&] { return at::cat(list(parts, n), d); }); }
API H t_stack(H* parts, int n, int64_t d) { return make([&] { return at::stack(list(parts, n), d); }); }

API H t_where(H c, H a, H b) { return make([&] { return at::where(ref(c), ref(a), ref(b)); }); }
API H t_gather(H a, int64_t d, H i) { return make([&] { return at::gather(ref(a), d, ref(i)); }); }
API H t_index_select(H a, int64_t d, H i) { return make([&] { return at::index_select(ref(a), d, ref(i)); }); }
API H t_masked_fill(H a, H mask, Num v) { return make([&] { return at::masked_fill(ref(a), ref(mask), num(v)); }); }
API int t_masked_fill_(H a, H mask, Num v) { return run([&] { ref(a).masked_fill_(ref(mask), num(v)); }); }
API H t_scatter(H a, int64_t d, H i, H s) { return make([&] { return at::scatter(ref(a), d, ref(i), ref(s)); }); }
API int t_scatter_(H a, int64_t d, H i, H s) { return run([&] { ref(a).scatter_(d, ref(i), ref(s)); }); }
API H t_scatter_add(H a, int64_t d, H i, H s) { return make([&] { return at::scatter_add(ref(a), d, ref(i), ref(s)); }); }
API int t_scatter_add_(H a, int64_t d, H i, H s) { return run([&] { ref(a).scatter_add_(d, ref(i), ref(s)); }); }
API H t_index_add(H a, int64_t d, H i, H s, Num alpha) { return make([&] { return at::index_add(ref(a), d, ref(i), ref(s), num(alpha)); }); }
API int t_index_add_(H a, int64_t d, H i, H s, Num alpha) { return run([&] { ref(a).index_add_(d, ref(i), ref(s), num(alpha)); }); }
API int t_index_copy_(H a, int64_t d, H i, H s) { return run([&] { ref(a).index_copy_(d, ref(i), ref(s)); }); }

struct Index
{
    int64_t kind; // 0 ellipsis, 1 new axis, 2 single, 3 slice, 4 tensor, 5 bool
    int64_t start, stop, step;
    H tensor;
};
static std::vector<at::indexing::TensorIndex> indices(Index* parts, int n)
{
    using namespace at::indexing;
    std::vector<TensorIndex> result;
    for (int i = 0; i < n; ++i)
    {
        Index& p = parts[i];
        switch (p.kind)
        {
        case 0: result.emplace_back(Ellipsis); break;
        case 1: result.emplace_back(None); break;
        case 2: result.emplace_back(p.start); break;
        case 3:
            // int64 minimum means "not given"; libtorch's own defaults then hold.
            result.emplace_back(Slice(p.start == INT64_MIN ? 0 : p.start, p.stop == INT64_MIN ? INT64_MAX : p.stop, p.step == INT64_MIN ? 1 : p.step));
            break;
        case 4: result.emplace_back(ref(p.tensor)); break;
        default: result.emplace_back(p.start != 0); break;
        }
    }
    return result;
}
API H t_index(H a, Index* parts, int n) { return make([&] { return ref(a).index(indices(parts, n)); }); }
API int t_index_put_(H a, Index* parts, int n, H value) { return run([&] { ref(a).index_put_(indices(parts, n), ref(value)); }); }
API int t_index_put_num_(H a, Index* parts, int n, Num value) { return run([&] { ref(a).index_put_(indices(parts, n), num(value)); }); }
API int t_index_accumulate_(H a, H* where, int n, H value, int accumulate)
{
    return run([&] {
        c10::List<shim::optional<at::Tensor>> list;
        for (int i = 0; i < n; ++i) list.push_back(opt(where[i]));
        ref(a).index_put_(list, ref(value), accumulate != 0);
    });
}

API H t_linear(H x, H w, H b) { return make([&] { return at::linear(ref(x), ref(w), opt(b)); }); }
API H t_layer_norm(H x, const int64_t* d, int n, H w, H b, double eps)
{
    return make([&] { return at::layer_norm(ref(x), dims(d, n), opt(w), opt(b), eps); });
}
API H t_embedding(H w, H i, int64_t padding) { return make([&] { return at::embedding(ref(w), ref(i), padding); }); }
API H t_dropout(H x, double p, int train) { return make([&] { return at::dropout(ref(x), p, train != 0); }); }
API H t_one_hot(H x, int64_t classes) { return make([&] { return at::one_hot(ref(x), classes); }); }
API H t_mse_loss(H x, H y, int64_t reduction) { return make([&] { return at::mse_loss(ref(x), ref(y), reduction); }); }
API H t_smooth_l1_loss(H x, H y, int64_t reduction, double beta) { return make([&] { return at::smooth_l1_loss(ref(x), ref(y), reduction, beta); }); }
API H t_huber_loss(H x, H y, int64_t reduction, double delta) { return make([&] { return at::huber_loss(ref(x), ref(y), reduction, delta); }); }

API H t_gru(H x, H h, H* weights, int n, int bias, int64_t layers, double dropout, int train, int both, int batch_first, H* last)
{
    return pair(last, [&] {
        return at::gru(ref(x), ref(h), list(weights, n), bias != 0, layers, dropout, train != 0, both != 0, batch_first != 0);
    });
}
API H t_lstm(H x, H h, H c, H* weights, int n, int bias, int64_t layers, double dropout, int train, int both, int batch_first, H* last, H* cell)
{
    return guard<H>(nullptr, [&] {
        std::vector<at::Tensor> state{ref(h), ref(c)};
        auto r = at::lstm(ref(x), state, list(weights, n), bias != 0, layers, dropout, train != 0, both != 0, batch_first != 0);
        *last = release(std::move(std::get<1>(r)));
        *cell = release(std::move(std::get<2>(r)));
        return release(std::move(std::get<0>(r)));
    });
}
API H t_gru_cell(H x, H h, H wi, H wh, H bi, H bh)
{
    return make([&] { return at::gru_cell(ref(x), ref(h), ref(wi), ref(wh), opt(bi), opt(bh)); });
}
API H t_lstm_cell(H x, H h, H c, H wi, H wh, H bi, H bh, H* cell)
{
    return pair(cell, [&] {
        std::vector<at::Tensor> state{ref(h), ref(c)};
        return at::lstm_cell(ref(x), state, ref(wi), ref(wh), opt(bi), opt(bh));
    });
}

API int t_orthogonal_(H a, double gain)
{
    return run([&] {
        at::NoGradGuard no_grad;
        at::Tensor& t = ref(a);
        TORCH_CHECK(t.dim() >= 2, "Only tensors with 2 or more dimensions are supported");
        int64_t rows = t.size(0), columns = t.numel() / rows;
        at::Tensor flat = at::randn({rows, columns}, t.options().dtype(at::kFloat));
        if (rows < columns) flat = flat.t();
        auto qr = at::linalg_qr(flat.contiguous());
        at::Tensor q = std::get<0>(qr) * std::get<1>(qr).diag(0).sign();
        if (rows < columns) q = q.t();
        t.copy_(q.contiguous().view(t.sizes()));
        t.mul_(gain);
    });
}

// Scales the gradients so that their joint norm is at most max_norm; answers the norm before.
API int t_clip_grad_norm_(H* parameters, int n, double max_norm, double norm_type, double* total)
{
    return run([&] {
        at::NoGradGuard no_grad;
        std::vector<at::Tensor> grads, norms;
        for (int i = 0; i < n; ++i)
        {
            const at::Tensor& g = ref(parameters[i]).grad();
            if (g.defined()) grads.push_back(g);
        }
        *total = 0;
        if (grads.empty()) return;
        const bool largest = std::isinf(norm_type);
        for (auto& g : grads) norms.push_back(largest ? g.abs().max().to(at::kDouble) : at::norm(g, at::Scalar(norm_type)).to(at::kDouble));
        at::Tensor all = at::stack(norms);
        at::Tensor joint = largest ? all.max() : at::norm(all, at::Scalar(norm_type));
        *total = joint.item<double>();
        const double scale = max_norm / (*total + 1e-6);
        // A NaN norm must poison the gradients, as libtorch's own clamp does, so that a check for finite numbers sees it.
        if (scale >= 1) return;
        for (auto& g : grads) g.mul_(scale);
    });
}

struct Adam
{
    double lr, beta1, beta2, eps, decay;
    int64_t decoupled, maximize;
};

// One Adam (Kingma and Ba) or AdamW (Loshchilov and Hutter) step of every parameter that has a gradient.
// largest may be null (no AMSGrad). steps[i] counts the updates of parameter i.
API int t_adam_step(H* parameters, H* first, H* second, H* largest, int64_t* steps, int n, const Adam* o)
{
    return run([&] {
        at::NoGradGuard no_grad;
        for (int i = 0; i < n; ++i)
        {
            at::Tensor& p = ref(parameters[i]);
            at::Tensor g = p.grad();
            if (!g.defined()) continue;
            at::Tensor& m = ref(first[i]);
            at::Tensor& v = ref(second[i]);
            const double t = static_cast<double>(++steps[i]);
            const double step = o->lr / (1 - std::pow(o->beta1, t)), root = std::sqrt(1 - std::pow(o->beta2, t));
            const double shrink = o->decoupled ? 1 - o->lr * o->decay : 1;
            const bool simple = p.is_cpu() && p.scalar_type() == at::kFloat && g.scalar_type() == at::kFloat && !g.is_sparse() && !largest
                && p.is_contiguous() && m.is_contiguous() && v.is_contiguous();
            if (simple)
            {
                g = g.contiguous();
                AdamFloat c;
                c.sign = o->maximize ? -1 : 1;
                c.shrink = shrink;
                c.decay = o->decoupled ? 0 : o->decay;
                c.beta1 = o->beta1;
                c.rest1 = 1 - o->beta1;
                c.beta2 = o->beta2;
                c.rest2 = 1 - o->beta2;
                c.unroot = 1 / root;
                c.eps = o->eps;
                c.step = step;
                adam_float(p.data_ptr<float>(), g.data_ptr<float>(), m.data_ptr<float>(), v.data_ptr<float>(), p.numel(), c);
                // Written past autograd: a graph that saved the old values must notice.
                p.unsafeGetTensorImpl()->bump_version();
                continue;
            }
            if (o->maximize) g = -g;
            if (o->decay != 0)
            {
                if (o->decoupled) p.mul_(shrink);
                else g = g.add(p, o->decay);
            }
            m.mul_(o->beta1).add_(g, 1 - o->beta1);
            v.mul_(o->beta2).addcmul_(g, g, 1 - o->beta2);
            at::Tensor scale = v;
            if (largest)
            {
                at::Tensor& top = ref(largest[i]);
                at::maximum_out(top, top, v);
                scale = top;
            }
            p.addcdiv_(m, (scale.sqrt() / root).add_(o->eps), -step);
        }
    });
}
