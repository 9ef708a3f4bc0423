namespace TorchSharp;

public static partial class torch
{
    /// <summary>Opens a scope on this thread: dispose it to dispose the tensors made since.</summary>
    public static DisposeScope NewDisposeScope() => new();

    public static DisposeScope? CurrentDisposeScope => DisposeScope.Current;

    /// <summary>No operation of this thread is recorded for a backward pass until the result is disposed.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static bool is_grad_enabled() => Native.t_grad_enabled() != 0;

    /// <summary>As <see cref="no_grad"/>, and the tensors made can never take part in a backward pass: the least work per operation.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => Native.t_inference_enabled() != 0;

    /// <summary>Threads within one operation; 1 in a process that shares its cores with actors.</summary>
    public static void set_num_threads(int num) => Native.Check(Native.t_set_threads(num));

    public static int get_num_threads() => Native.t_get_threads();

    private sealed class GradMode : IDisposable
    {
        private readonly int before = Native.t_grad_enabled();

        public GradMode(bool enabled) => Native.t_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => Native.t_set_grad_enabled(before);
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint guard = Native.t_inference_enter(enabled ? 1 : 0);

        public void Dispose()
        {
            if (guard != 0)
            {
                Native.t_inference_leave(guard);
                guard = 0;
            }
        }
    }
}
