using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>These count native tensors, so nothing else may make tensors meanwhile: see Parallel.cs.</summary>
public sealed class LifetimeTests
{
    [Fact]
    public void A_scope_frees_all_that_was_made_in_it()
    {
        Settle();
        long before = Native.t_live();
        using (NewDisposeScope())
        {
            Tensor x = randn([10]).requires_grad_();
            (x * 2 + 1).exp().sum().backward();
            _ = x.grad;
            _ = x.reshape(2, 5).unbind();
            Assert.True(Native.t_live() > before + 5);
        }
        Assert.Equal(before, Native.t_live());
    }

    [Fact]
    public void Moved_tensors_live_until_the_outer_scope_ends_and_detached_ones_longer()
    {
        Tensor moved, detached;
        using (DisposeScope outer = NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                moved = ones(2).MoveToOuterDisposeScope();
                detached = ones(3).DetachFromDisposeScope();
            }
            Assert.Equal(2, moved.sum().item<float>());
            Assert.True(outer.Contains(moved));
        }
        Assert.True(moved.IsInvalid);
        Assert.Equal(3, detached.sum().item<float>());
        detached.Dispose();
    }

    [Fact]
    public void Early_disposal_within_a_scope_is_harmless()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] all = [.. Enumerable.Range(0, 20).Select(i => ones(i))];
        foreach (int i in new[] { 3, 19, 0, 7, 3 })
        {
            all[i].Dispose();
        }
        Assert.Equal(16, scope.DisposablesCount);
        scope.DisposeEverythingBut(all[5]);
        Assert.False(all[5].IsInvalid);
        Assert.True(all[6].IsInvalid);
    }

    [Fact]
    public void Each_thread_has_its_own_scopes()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor? other = null;
        var thread = new Thread(() => other = ones(1));
        thread.Start();
        thread.Join();
        Assert.Equal(0, scope.DisposablesCount);
        other!.Dispose();
    }

    [Fact]
    public void A_forgotten_tensor_is_freed_by_the_finalizer()
    {
        Settle();
        long before = Native.t_live();
        Forget();
        Settle();
        Assert.Equal(before, Native.t_live());
    }

    [Fact]
    public void A_disposed_tensor_says_so()
    {
        Tensor x = ones(1);
        x.Dispose();
        x.Dispose();
        Assert.Contains("disposed", Assert.Throws<InvalidOperationException>(() => x + 1).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => x.shape);
    }

    [Fact]
    public void Native_errors_carry_libtorchs_message()
    {
        using DisposeScope scope = NewDisposeScope();
        ExternalException view = Assert.Throws<ExternalException>(() => ones(4).view(3));
        Assert.Contains("shape '[3]' is invalid for input of size 4", view.Message, StringComparison.Ordinal);
        Assert.Throws<ExternalException>(() => ones([2, 3]).mm(ones([2, 3])));
        Assert.Contains("[2, 3]", Assert.Throws<ExternalException>(() => ones([2, 3]).matmul(ones([2, 3]))).Message, StringComparison.Ordinal);
        Assert.Throws<ExternalException>(() => ones(2).add_(ones(3)));
        Assert.Throws<ExternalException>(() => ones(2).backward());
    }

    [Fact]
    public void A_parameter_takes_over_its_tensor_and_a_module_disposes_it()
    {
        Settle();
        long before = Native.t_live();
        Modules.GRU gru = nn.GRU(2, 3);
        Assert.Equal(before + 4, Native.t_live());
        gru.Dispose();
        Assert.Equal(before, Native.t_live());
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Forget() => _ = ones(3).exp();

    private static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
