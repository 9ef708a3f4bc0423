using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class AutogradFunctionTests
{
    /// <summary>(a·b, factor·a), with gradients worked out by hand.</summary>
    private sealed class ProductAndMultiple : autograd.MultiTensorFunction<ProductAndMultiple>
    {
        public override string Name => "product and multiple";

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            (Tensor a, Tensor b, double factor) = ((Tensor)vars[0], (Tensor)vars[1], (double)vars[2]);
            ctx.save_for_backward([a, b]);
            ctx.save_data("factor", factor);
            return [a * b, a * factor];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            List<Tensor> saved = ctx.get_saved_variables();
            Tensor toA = grad_outputs[0] * saved[1];
            if (grad_outputs[1] is { } second)
                toA = toA + second * (double)ctx.get_data("factor");
            return [toA, grad_outputs[0] * saved[0], null!];
        }
    }

    private sealed class Failing : autograd.MultiTensorFunction<Failing>
    {
        public override string Name => "failing";

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars) => [(Tensor)vars[0] * 2];

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => throw new InvalidOperationException("no");
    }

    [Fact]
    public void Gradients_flow_through_an_operation_with_its_own_backward_pass_as_often_as_it_is_used()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = tensor([1f, 2f]).requires_grad_(), b = tensor([3f, 5f]).requires_grad_();
        List<Tensor> first = ProductAndMultiple.apply(a, b, 10.0), again = ProductAndMultiple.apply(first[0], b, 2.0);
        // c = a·b, d = 10 a, e = c·b: d(sum(e) + sum(d))/da = b² + 10, and /db = 2·a·b.
        (again[0].sum() + first[1].sum()).backward();
        Assert.Equal([19f, 35f], a.grad!.data<float>().ToArray());
        Assert.Equal([6f, 20f], b.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Without_gradients_nothing_is_kept_and_what_is_kept_goes_with_the_outputs()
    {
        WeakReference kept = Run(recorded: true), none = Run(recorded: false);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(kept.IsAlive);
        Assert.False(none.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Run(bool recorded)
        {
            using DisposeScope scope = NewDisposeScope();
            object data = new double[3];
            Tensor a = tensor([1f]).requires_grad_();
            using (recorded ? enable_grad() : no_grad())
                Assert.Equal(recorded, Keeping.apply(a, data)[0].requires_grad);
            return new WeakReference(data);
        }
    }

    private sealed class Keeping : autograd.MultiTensorFunction<Keeping>
    {
        public override string Name => "keeping";

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("data", vars[1]);
            return [(Tensor)vars[0] * 2];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => [grad_outputs[0] * 2, null!];
    }

    [Fact]
    public void A_backward_pass_that_fails_is_an_error_of_backward()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = tensor([1f]).requires_grad_();
        Tensor sum = Failing.apply(a)[0].sum();
        Assert.Contains("backward pass", Assert.ThrowsAny<ExternalException>(() => sum.backward()).Message, StringComparison.Ordinal);
    }
}
