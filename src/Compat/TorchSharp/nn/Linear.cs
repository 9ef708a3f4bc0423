using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>x Wᵀ + b; weight [outputs, inputs], initialised uniformly within ±1/√inputs as in PyTorch.</summary>
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype)
            : base(nameof(Linear))
        {
            in_features = inputSize;
            out_features = outputSize;
            double bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
            weight = nn.NewUniform([outputSize, inputSize], bound, device, dtype);
            register_parameter(nameof(weight), weight);
            if (hasBias)
            {
                bias = nn.NewUniform([outputSize], bound, device, dtype);
                register_parameter(nameof(bias), bias);
            }
        }

        public Parameter weight { get; }

        public Parameter? bias { get; }

        public long in_features { get; set; }

        public long out_features { get; set; }

        public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);
    }

    /// <summary>A row of weights for each integer; weight [entries, dimensions], initialised N(0, 1) with a zero row for padding.</summary>
    public sealed class Embedding : nn.Module<Tensor, Tensor>
    {
        private readonly long padding;

        internal Embedding(long entries, long dimensions, long? padding, Device? device, ScalarType? dtype)
            : base(nameof(Embedding))
        {
            this.padding = padding is { } p ? (p < 0 ? p + entries : p) : -1;
            using (no_grad())
            {
                Tensor rows = randn([entries, dimensions], dtype, device);
                if (this.padding >= 0)
                {
                    using Tensor row = rows[this.padding];
                    row.zero_();
                }
                weight = new Parameter(rows);
            }
            register_parameter(nameof(weight), weight);
        }

        public Parameter weight { get; }

        public override Tensor forward(Tensor input)
        {
            var result = new Tensor(Native.t_embedding(weight.Handle, input.Handle, padding));
            GC.KeepAlive(input);
            return result;
        }
    }

    /// <summary>Normalises over the last dimensions, then scales and shifts.</summary>
    public sealed class LayerNorm : nn.Module<Tensor, Tensor>
    {
        internal LayerNorm(long[] shape, double eps, bool affine, bool hasBias, Device? device, ScalarType? dtype)
            : base(nameof(LayerNorm))
        {
            normalized_shape = shape;
            this.eps = eps;
            elementwise_affine = affine;
            if (affine)
            {
                weight = new Parameter(ones(shape, dtype, device));
                register_parameter(nameof(weight), weight);
                if (hasBias)
                {
                    bias = new Parameter(zeros(shape, dtype, device));
                    register_parameter(nameof(bias), bias);
                }
            }
        }

        public Parameter? weight { get; }

        public Parameter? bias { get; }

        public long[] normalized_shape { get; set; }

        public double eps { get; set; }

        public bool elementwise_affine { get; set; }

        public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, normalized_shape, weight, bias, eps);
    }

    public sealed class ReLU : nn.Module<Tensor, Tensor>
    {
        internal ReLU(bool inplace)
            : base(nameof(ReLU)) => this.inplace = inplace;

        public bool inplace { get; set; }

        public override Tensor forward(Tensor tensor) => nn.functional.relu(tensor, inplace);
    }

    public sealed class GELU : nn.Module<Tensor, Tensor>
    {
        internal GELU()
            : base(nameof(GELU))
        {
        }

        public override Tensor forward(Tensor tensor) => tensor.gelu();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                if (max_norm is not null || scale_grad_by_freq || sparse)
                {
                    throw new NotSupportedException("Embedding: max_norm, scale_grad_by_freq and sparse are not offered here.");
                }
                return new Embedding(num_embeddings, embedding_dims, padding_idx, device, dtype);
            }

            public static LayerNorm LayerNorm(long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new([normalized_shape], eps, elementwise_affine, bias, device, dtype);

            public static LayerNorm LayerNorm(long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static ReLU ReLU(bool inplace = false) => new(inplace);

            public static GELU GELU() => new();

            internal static Parameter NewUniform(long[] shape, double bound, Device? device, ScalarType? dtype)
            {
                using IDisposable noGrad = no_grad();
                return new Parameter(empty(shape, dtype, device).uniform_(-bound, bound));
            }
        }
    }
}
