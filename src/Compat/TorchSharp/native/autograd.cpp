// Operations whose backward pass is the caller's.
#include "shim.hpp"
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/variable.h>

using namespace shim;

namespace
{
// Gradients of the outputs come in (null where there is none), one gradient for each input goes out (null for none). Negative: it failed.
using Apply = int (*)(void* owner, H* gradients, int n, H* results, int m);
using Drop = void (*)(void* owner);

struct CallerNode : torch::autograd::Node
{
    void* owner;
    Apply work;
    Drop drop;
    int inputs;

    CallerNode(void* owner, Apply work, Drop drop, int inputs) : owner(owner), work(work), drop(drop), inputs(inputs) {}
    ~CallerNode() override { drop(owner); }
    std::string name() const override { return "CallerNode"; }

    torch::autograd::variable_list apply(torch::autograd::variable_list&& gradients) override
    {
        std::vector<H> given, results(static_cast<size_t>(inputs), nullptr);
        for (const at::Tensor& g : gradients) given.push_back(g.defined() ? release(at::Tensor(g)) : nullptr);
        const int done = work(owner, given.data(), static_cast<int>(given.size()), results.data(), inputs);
        torch::autograd::variable_list made;
        for (H h : results)
        {
            if (h) live.fetch_sub(1, std::memory_order_relaxed);
            made.push_back(h ? at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(h)) : at::Tensor());
        }
        TORCH_CHECK(done >= 0, "the backward pass of an operation of the program's own failed");
        return made;
    }
};
}

// One more reference to the same tensor.
API H t_alias_handle(H a) { return release(at::Tensor(ref(a))); }

// Makes the outputs, computed without gradients from the inputs (null for arguments that are no tensors), depend on them. The owner is dropped with
// the last output. Answers 0, without having taken the owner, where no gradient is asked for.
API int t_function(H* inputs, int n, H* outputs, int m, void* owner, Apply work, Drop drop)
{
    return guard<int>(-1, [&] {
        std::vector<at::Tensor> from;
        bool any = false;
        for (int i = 0; i < n; ++i)
        {
            from.push_back(inputs[i] ? ref(inputs[i]) : at::Tensor());
            any = any || (inputs[i] && ref(inputs[i]).requires_grad());
        }
        if (!any || !at::GradMode::is_enabled()) return 0;
        std::shared_ptr<CallerNode> node(new CallerNode(owner, work, drop, n), torch::autograd::deleteNode);
        node->set_next_edges(torch::autograd::collect_next_edges(from));
        for (int i = 0; i < m; ++i) torch::autograd::create_gradient_edge(ref(outputs[i]), node);
        return 1;
    });
}
