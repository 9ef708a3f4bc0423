using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Operations with a backward pass of their own.</summary>
    public static partial class autograd
    {
        /// <summary>What an operation's forward pass keeps for its backward pass. It lives as long as the operation's outputs.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> _data = [];
            private List<Tensor> _saved = [];

            internal AutogradContext()
            {
            }

            /// <summary>At most once, from within forward. What is got back is cut off from the graph.</summary>
            public void save_for_backward(List<Tensor> tensors) => _saved = [.. tensors.Select(t => t.detach().DetachFromDisposeScope())];

            /// <summary>Keeps something that is no tensor.</summary>
            public void save_data(string key, object value) => _data[key] = value;

            public List<Tensor> get_saved_variables() => [.. _saved];

            /// <summary>Null for an unknown key.</summary>
            public object get_data(string key) => _data.TryGetValue(key, out object? value) ? value : null!;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                foreach (Tensor t in _saved)
                {
                    t.Dispose();
                }
                _saved = [];
            }
        }

        /// <summary>One instance of each kind serves all calls: what belongs to a call belongs into its context.</summary>
        public abstract class Function<T>
            where T : Function<T>, new()
        {
            private static readonly T Instance = new();

            public abstract string Name { get; }

            /// <summary>
            /// One gradient for each argument of forward, null for those that are no tensors or need none. Gradients of outputs that nothing depended
            /// on are null here; the real package gives zeros.
            /// </summary>
            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            internal abstract List<Tensor> Forward(AutogradContext ctx, object[] vars);

            private protected static unsafe List<Tensor> Apply(object[] vars)
            {
                var call = new Call(new AutogradContext(), Instance);
                List<Tensor> outputs;
                using (no_grad())
                {
                    outputs = Instance.Forward(call.Context, vars);
                }
                nint[] inputs = [.. vars.Select(v => v is Tensor t ? t.Handle : 0)];
                nint[] handles = [.. outputs.Select(t => t.Handle)];
                nint owner = GCHandle.ToIntPtr(GCHandle.Alloc(call));
                int taken;
                fixed (nint* from = inputs, to = handles)
                {
                    taken = Native.t_function(from, inputs.Length, to, handles.Length, owner, &FunctionCalls.Backward, &FunctionCalls.Drop);
                }
                GC.KeepAlive(vars);
                if (taken <= 0)
                {
                    FunctionCalls.Free(owner);
                    Native.Check(taken);
                }
                return outputs;
            }

            private sealed class Call(AutogradContext context, T function) : FunctionCall(context)
            {
                public override List<Tensor> Backward(List<Tensor> gradients) => function.backward(Context, gradients);
            }
        }

        /// <summary>An operation with any number of outputs.</summary>
        public abstract class MultiTensorFunction<T> : Function<T>
            where T : MultiTensorFunction<T>, new()
        {
            /// <summary>Runs forward without gradients and makes its outputs depend on those arguments that are tensors.</summary>
            public static List<Tensor> apply(params object[] vars) => Apply(vars);

            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            internal sealed override List<Tensor> Forward(AutogradContext ctx, object[] vars) => forward(ctx, vars);
        }
    }
}

/// <summary>One call of an operation, which libtorch's graph holds by a handle.</summary>
internal abstract class FunctionCall(torch.autograd.AutogradContext context)
{
    public torch.autograd.AutogradContext Context => context;

    public abstract List<torch.Tensor> Backward(List<torch.Tensor> gradients);
}

/// <summary>What libtorch calls: exceptions must not reach it.</summary>
internal static unsafe class FunctionCalls
{
    [UnmanagedCallersOnly]
    public static int Backward(nint owner, nint* gradients, int n, nint* results, int m)
    {
        try
        {
            var call = (FunctionCall)GCHandle.FromIntPtr(owner).Target!;
            using DisposeScope scope = torch.NewDisposeScope();
            using IDisposable guard = torch.no_grad();
            var given = new List<torch.Tensor>(n);
            for (int i = 0; i < n; i++)
            {
                given.Add(gradients[i] == 0 ? null! : new torch.Tensor(gradients[i]));
            }
            List<torch.Tensor> made = call.Backward(given);
            for (int i = 0; i < m; i++)
            {
                // An own reference: the scope gives its one back.
                results[i] = i < made.Count && made[i] is { } t ? Native.t_alias_handle(t.Handle) : 0;
            }
            return 0;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e);
            return -1;
        }
    }

    [UnmanagedCallersOnly]
    public static void Drop(nint owner) => Free(owner);

    public static void Free(nint owner)
    {
        var handle = GCHandle.FromIntPtr(owner);
        ((FunctionCall)handle.Target!).Context.Dispose();
        handle.Free();
    }
}
