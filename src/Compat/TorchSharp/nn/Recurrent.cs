using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    // The weights of a GRU (three gates) or LSTM (four), flat in the order libtorch expects.
    internal sealed class RecurrentWeights
    {
        public readonly List<Parameter> Flat = [];

        public RecurrentWeights(nn.Module owner, int gates, long input, long hidden, long layers, bool bias, bool both, Device? device, ScalarType? dtype)
        {
            double bound = hidden > 0 ? 1 / Math.Sqrt(hidden) : 0;
            for (long layer = 0; layer < layers; layer++)
            {
                long width = layer == 0 ? input : both ? 2 * hidden : hidden;
                foreach (string suffix in both ? new[] { $"_l{layer}", $"_l{layer}_reverse" } : [$"_l{layer}"])
                {
                    Add("weight_ih" + suffix, [gates * hidden, width]);
                    Add("weight_hh" + suffix, [gates * hidden, hidden]);
                    if (bias)
                    {
                        Add("bias_ih" + suffix, [gates * hidden]);
                        Add("bias_hh" + suffix, [gates * hidden]);
                    }
                }
            }

            void Add(string name, long[] shape)
            {
                Parameter parameter = nn.NewUniform(shape, bound, device, dtype);
                owner.register_parameter(name, parameter);
                Flat.Add(parameter);
            }
        }
    }

    /// <summary>Gated recurrent layers in PyTorch's variant: the reset gate scales the hidden product after its bias.</summary>
    public sealed unsafe class GRU : nn.Module<Tensor, Tensor, (Tensor, Tensor)>
    {
        private readonly RecurrentWeights weights;
        private readonly long hidden, layers;
        private readonly bool bias, batchFirst, both;
        private readonly double dropout;

        internal GRU(long input, long hidden, long layers, bool bias, bool batchFirst, double dropout, bool both, Device? device, ScalarType? dtype)
            : base(nameof(GRU))
        {
            (this.hidden, this.layers, this.bias, this.batchFirst, this.dropout, this.both) = (hidden, layers, bias, batchFirst, dropout, both);
            weights = new RecurrentWeights(this, 3, input, hidden, layers, bias, both, device, dtype);
        }

        /// <param name="input">[steps, batch, inputs], or [batch, steps, inputs] for batchFirst</param>
        /// <param name="h0">[layers × directions, batch, hidden], zero where absent</param>
        /// <returns>the outputs of all steps, and the last state shaped as h0</returns>
        public override (Tensor, Tensor) forward(Tensor input, Tensor? h0 = null)
        {
            Tensor state = h0 ?? zeros([layers * (both ? 2 : 1), input.size(batchFirst ? 0 : 1), hidden], input.dtype, input.device);
            nint last;
            fixed (nint* w = Handles(weights.Flat))
            {
                var output = new Tensor(Native.t_gru(input.Handle, state.Handle, w, weights.Flat.Count, bias ? 1 : 0, layers, dropout, training ? 1 : 0, both ? 1 : 0, batchFirst ? 1 : 0, &last));
                GC.KeepAlive(input);
                GC.KeepAlive(state);
                GC.KeepAlive(this);
                return (output, new Tensor(last));
            }
        }

        public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => forward(input, h0);

        /// <summary>The weights are always flat here.</summary>
        public void flatten_parameters()
        {
        }
    }

    /// <summary>Long short-term memory layers.</summary>
    public sealed unsafe class LSTM : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
    {
        private readonly RecurrentWeights weights;
        private readonly long hidden, layers;
        private readonly bool bias, batchFirst, both;
        private readonly double dropout;

        internal LSTM(long input, long hidden, long layers, bool bias, bool batchFirst, double dropout, bool both, Device? device, ScalarType? dtype)
            : base(nameof(LSTM))
        {
            (this.hidden, this.layers, this.bias, this.batchFirst, this.dropout, this.both) = (hidden, layers, bias, batchFirst, dropout, both);
            weights = new RecurrentWeights(this, 4, input, hidden, layers, bias, both, device, dtype);
        }

        /// <param name="input">[steps, batch, inputs], or [batch, steps, inputs] for batchFirst</param>
        /// <param name="h0_c0">hidden and cell state, each [layers × directions, batch, hidden]; zero where absent</param>
        /// <returns>the outputs of all steps, the last hidden state, the last cell state</returns>
        public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null)
        {
            long[] shape = [layers * (both ? 2 : 1), input.size(batchFirst ? 0 : 1), hidden];
            (Tensor h, Tensor c) = h0_c0 ?? (zeros(shape, input.dtype, input.device), zeros(shape, input.dtype, input.device));
            nint last, cell;
            fixed (nint* w = Handles(weights.Flat))
            {
                var output = new Tensor(Native.t_lstm(input.Handle, h.Handle, c.Handle, w, weights.Flat.Count, bias ? 1 : 0, layers, dropout, training ? 1 : 0, both ? 1 : 0, batchFirst ? 1 : 0, &last, &cell));
                GC.KeepAlive(input);
                GC.KeepAlive(h);
                GC.KeepAlive(c);
                GC.KeepAlive(this);
                return (output, new Tensor(last), new Tensor(cell));
            }
        }

        public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => forward(input, h0_c0);

        /// <summary>The weights are always flat here.</summary>
        public void flatten_parameters()
        {
        }
    }

    /// <summary>One step of a gated recurrent unit; input [batch, inputs], state [batch, hidden].</summary>
    public sealed class GRUCell : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly long hidden;

        internal GRUCell(long input, long hidden, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(GRUCell))
        {
            this.hidden = hidden;
            (weight_ih, weight_hh, bias_ih, bias_hh) = nn.NewCell(this, 3, input, hidden, bias, device, dtype);
        }

        public Parameter weight_ih { get; }

        public Parameter weight_hh { get; }

        public Parameter? bias_ih { get; }

        public Parameter? bias_hh { get; }

        public override Tensor forward(Tensor input, Tensor? h0 = null)
        {
            Tensor state = h0 ?? zeros([input.size(0), hidden], input.dtype, input.device);
            var next = new Tensor(Native.t_gru_cell(input.Handle, state.Handle, weight_ih.Handle, weight_hh.Handle, Tensor.HandleOrNull(bias_ih), Tensor.HandleOrNull(bias_hh)));
            GC.KeepAlive(input);
            GC.KeepAlive(state);
            GC.KeepAlive(this);
            return next;
        }
    }

    /// <summary>One step of a long short-term memory; input [batch, inputs], hidden and cell state [batch, hidden].</summary>
    public sealed unsafe class LSTMCell : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor)>
    {
        private readonly long hidden;

        internal LSTMCell(long input, long hidden, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(LSTMCell))
        {
            this.hidden = hidden;
            (weight_ih, weight_hh, bias_ih, bias_hh) = nn.NewCell(this, 4, input, hidden, bias, device, dtype);
        }

        public Parameter weight_ih { get; }

        public Parameter weight_hh { get; }

        public Parameter? bias_ih { get; }

        public Parameter? bias_hh { get; }

        public override (Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0)
        {
            long[] shape = [input.size(0), hidden];
            (Tensor h, Tensor c) = h0_c0 ?? (zeros(shape, input.dtype, input.device), zeros(shape, input.dtype, input.device));
            nint cell;
            var next = new Tensor(Native.t_lstm_cell(input.Handle, h.Handle, c.Handle, weight_ih.Handle, weight_hh.Handle, Tensor.HandleOrNull(bias_ih), Tensor.HandleOrNull(bias_hh), &cell));
            GC.KeepAlive(input);
            GC.KeepAlive(h);
            GC.KeepAlive(c);
            GC.KeepAlive(this);
            return (next, new Tensor(cell));
        }

        public new (Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => forward(input, h0_c0);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static GRU GRU(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0.0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);

            public static LSTM LSTM(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0.0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);

            public static GRUCell GRUCell(long inputSize, long hiddenSize, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, bias, device, dtype);

            public static LSTMCell LSTMCell(long inputSize, long hiddenSize, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, bias, device, dtype);

            internal static (Parameter WeightIh, Parameter WeightHh, Parameter? BiasIh, Parameter? BiasHh) NewCell(Module owner, int gates, long input, long hidden, bool bias, Device? device, ScalarType? dtype)
            {
                double bound = hidden > 0 ? 1 / Math.Sqrt(hidden) : 0;
                return (
                    New("weight_ih", [gates * hidden, input]),
                    New("weight_hh", [gates * hidden, hidden]),
                    bias ? New("bias_ih", [gates * hidden]) : null,
                    bias ? New("bias_hh", [gates * hidden]) : null);

                Parameter New(string name, long[] shape)
                {
                    Parameter parameter = NewUniform(shape, bound, device, dtype);
                    owner.register_parameter(name, parameter);
                    return parameter;
                }
            }
        }
    }
}
