namespace TorchSharp.Modules
{
    /// <summary>A tensor that a module learns. Takes over the native tensor of its argument, which must not be used after.</summary>
    public class Parameter : torch.Tensor
    {
        public Parameter(torch.Tensor data, bool requires_grad = true)
            : base(data.MoveHandle(out DisposeScope? scope), scope)
        {
            this.requires_grad = requires_grad;
        }
    }
}

namespace TorchSharp
{
    using TorchSharp.Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
