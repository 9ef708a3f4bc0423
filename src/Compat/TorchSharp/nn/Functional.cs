using TorchSharp.Modules;

namespace TorchSharp;

public static unsafe partial class torch
{
    public static partial class nn
    {
        /// <summary>What a loss does with its elements.</summary>
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        /// <summary>Layers and losses as functions of their weights.</summary>
        public static partial class functional
        {
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                Wrapped(Native.t_linear(input.Handle, weights.Handle, Tensor.HandleOrNull(bias)), input, weights, bias);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5)
            {
                fixed (long* d = normalized_shape)
                {
                    return Wrapped(Native.t_layer_norm(input.Handle, d, normalized_shape.Length, Tensor.HandleOrNull(weight), Tensor.HandleOrNull(bias), eps), input, weight, bias);
                }
            }

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_() : x.relu();

            public static Tensor gelu(Tensor x) => x.gelu();

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace ? throw new NotSupportedException("dropout: inplace is not offered here.") : Wrapped(Native.t_dropout(input.Handle, p, training ? 1 : 0), input);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => Wrapped(Native.t_one_hot(x.Handle, num_classes), x);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Wrapped(Native.t_mse_loss(input.Handle, target.Handle, (long)reduction), input, target);

            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1.0) =>
                Wrapped(Native.t_smooth_l1_loss(input.Handle, target.Handle, (long)reduction, beta), input, target);

            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1.0, Reduction reduction = Reduction.Mean) =>
                Wrapped(Native.t_huber_loss(input.Handle, target.Handle, (long)reduction, delta), input, target);

            private static Tensor Wrapped(nint result, Tensor a, Tensor? b = null, Tensor? c = null)
            {
                GC.KeepAlive(a);
                GC.KeepAlive(b);
                GC.KeepAlive(c);
                return new Tensor(result);
            }
        }

        /// <summary>Initial weights, written in place.</summary>
        public static partial class init
        {
            public static Tensor zeros_(Tensor tensor) => Filled(tensor, t => t.zero_());

            public static Tensor ones_(Tensor tensor) => Filled(tensor, t => t.fill_(1));

            public static Tensor constant_(Tensor tensor, Scalar val) => Filled(tensor, t => t.fill_(val));

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) => Filled(tensor, t => t.uniform_(low, high, generator));

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) => Filled(tensor, t => t.normal_(mean, std, generator));

            /// <summary>Orthogonal rows or columns, times gain (Saxe, McClelland and Ganguli 2013).</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1.0)
            {
                Native.Check(Native.t_orthogonal_(tensor.Handle, gain));
                return tensor;
            }

            /// <summary>Uniform within ±gain √(6 / (inputs + outputs)) (Glorot and Bengio 2010).</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1.0)
            {
                (long fanIn, long fanOut) = CalculateFanInAndFanOut(tensor);
                double bound = gain * Math.Sqrt(6.0 / (fanIn + fanOut));
                return uniform_(tensor, -bound, bound);
            }

            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                long[] shape = tensor.shape;
                if (shape.Length < 2)
                {
                    throw new ArgumentException("Fan-in and fan-out need a tensor with two or more dimensions.", nameof(tensor));
                }
                long field = shape.Skip(2).Aggregate(1L, (a, b) => a * b);
                return (shape[1] * field, shape[0] * field);
            }

            private static Tensor Filled(Tensor tensor, Func<Tensor, Tensor> fill)
            {
                using IDisposable noGrad = no_grad();
                return fill(tensor);
            }
        }

        public static partial class utils
        {
            /// <summary>Scales all gradients so that their joint norm is at most max_norm; the norm before is the result.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                IList<Parameter> list = tensors as IList<Parameter> ?? tensors.ToList();
                double total;
                fixed (nint* h = Handles(list))
                {
                    Native.Check(Native.t_clip_grad_norm_(h, list.Count, max_norm, norm_type, &total));
                }
                GC.KeepAlive(list);
                return total;
            }
        }
    }
}
