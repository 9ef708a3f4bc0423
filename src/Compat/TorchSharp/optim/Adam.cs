using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>
    /// What Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019) share; they differ in how weights decay.
    /// One native call updates a whole group.
    /// </summary>
    public abstract unsafe class AdamFamily : OptimizerHelper, IBetas
    {
        private readonly Options defaults;
        private readonly bool decoupled;

        private protected AdamFamily(IEnumerable<ParamGroup> groups, Options defaults, bool decoupled)
        {
            this.defaults = defaults;
            this.decoupled = decoupled;
            Require(defaults.LearningRate >= 0, "lr", defaults.LearningRate);
            Require(defaults.beta1 is >= 0 and < 1, "beta1", defaults.beta1);
            Require(defaults.beta2 is >= 0 and < 1, "beta2", defaults.beta2);
            Require(defaults.eps >= 0, "eps", defaults.eps);
            Require(defaults.weight_decay >= 0, "weight_decay", defaults.weight_decay);
            foreach (ParamGroup group in groups)
            {
                add_param_group(group);
            }
        }

        public (double, double) Betas
        {
            get => (defaults.beta1!.Value, defaults.beta2!.Value);
            set => (defaults.beta1, defaults.beta2) = value;
        }

        public sealed override void add_param_group(Modules.ParamGroup param_group)
        {
            param_group.Options ??= new Options();
            var options = (Options)param_group.Options;
            options.LearningRate ??= defaults.LearningRate;
            options.beta1 ??= defaults.beta1;
            options.beta2 ??= defaults.beta2;
            options.eps ??= defaults.eps;
            options.weight_decay ??= defaults.weight_decay;
            options.amsgrad ??= defaults.amsgrad;
            options.maximize ??= defaults.maximize;
            options.InitialLearningRate = options.LearningRate!.Value;
            param_group.Parameters = param_group.Parameters.ToList();
            _parameter_groups.Add(param_group);
            foreach (Parameter parameter in param_group.Parameters)
            {
                var state = new State(parameter);
                states[parameter] = state;
                state.Initialize(options);
            }
        }

        public override Tensor? step(Func<Tensor>? closure = null)
        {
            Tensor? loss = null;
            if (closure is not null)
            {
                using IDisposable grad = enable_grad();
                loss = closure();
            }
            foreach (Modules.ParamGroup group in _parameter_groups)
            {
                Update((Options)group.Options, group.Parameters.Select(p => (p, (State)states[p])).ToArray());
            }
            return loss;
        }

        protected override void Dispose(bool disposing)
        {
            foreach (State state in states.Values.Cast<State>())
            {
                state.Dispose();
            }
        }

        private void Update(Options options, (Parameter Parameter, State State)[] entries)
        {
            int n = entries.Length;
            var constants = new AdamStep
            {
                LearningRate = options.LearningRate!.Value,
                Beta1 = options.beta1!.Value,
                Beta2 = options.beta2!.Value,
                Epsilon = options.eps!.Value,
                Decay = options.weight_decay!.Value,
                Decoupled = decoupled ? 1 : 0,
                Maximize = options.maximize!.Value ? 1 : 0,
            };
            fixed (nint* parameters = Array.ConvertAll(entries, e => e.Parameter.Handle))
            fixed (nint* first = Array.ConvertAll(entries, e => e.State.exp_avg.Handle))
            fixed (nint* second = Array.ConvertAll(entries, e => e.State.exp_avg_sq.Handle))
            fixed (nint* largest = options.amsgrad!.Value ? Array.ConvertAll(entries, e => e.State.max_exp_avg_sq!.Handle) : null)
            fixed (long* steps = Array.ConvertAll(entries, e => e.State.step))
            {
                int result = Native.t_adam_step(parameters, first, second, largest, steps, n, &constants);
                for (int i = 0; i < n; i++)
                {
                    entries[i].State.step = steps[i];
                }
                GC.KeepAlive(entries);
                Native.Check(result);
            }
        }

        private static void Require(bool holds, string name, double? value)
        {
            if (!holds)
            {
                throw new ArgumentException($"Invalid {name}: {value}", name);
            }
        }

        /// <summary>The number of updates and the running averages of a parameter's gradient and of its square.</summary>
        public sealed class State : OptimizerState, IDisposable
        {
            public long step;
            public Tensor exp_avg = null!;
            public Tensor exp_avg_sq = null!;

            /// <summary>The largest mean square so far, with AMSGrad only.</summary>
            public Tensor? max_exp_avg_sq;

            public State(Parameter parameter)
                : base(parameter)
            {
            }

            public override void Initialize(OptimizerOptions options)
            {
                Dispose();
                step = 0;
                using IDisposable noGrad = no_grad();
                exp_avg = _parameter.zeros_like().DetachFromDisposeScope();
                exp_avg_sq = _parameter.zeros_like().DetachFromDisposeScope();
                max_exp_avg_sq = ((Options)options).amsgrad == true ? _parameter.zeros_like().DetachFromDisposeScope() : null;
            }

            public override void SaveStateDict(BinaryWriter writer)
            {
                writer.Write(step);
                exp_avg.Save(writer);
                exp_avg_sq.Save(writer);
                writer.Write(max_exp_avg_sq is not null);
                max_exp_avg_sq?.Save(writer);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                step = reader.ReadInt64();
                exp_avg.Load(reader);
                exp_avg_sq.Load(reader);
                max_exp_avg_sq?.Dispose();
                max_exp_avg_sq = null;
                if (reader.ReadBoolean())
                {
                    using DisposeScope scope = NewDisposeScope();
                    max_exp_avg_sq = Tensor.Load(reader).to(_parameter.device).DetachFromDisposeScope();
                }
            }

            public override void LoadStateDict(OptimizerState source)
            {
                var other = (State)source;
                Dispose();
                step = other.step;
                exp_avg = other.exp_avg.to(_parameter.device, copy: true).DetachFromDisposeScope();
                exp_avg_sq = other.exp_avg_sq.to(_parameter.device, copy: true).DetachFromDisposeScope();
                max_exp_avg_sq = other.max_exp_avg_sq?.to(_parameter.device, copy: true).DetachFromDisposeScope();
            }

            public override bool ApproximatelyEquals(OptimizerState other) =>
                other is State o && step == o.step && exp_avg.allclose(o.exp_avg) && exp_avg_sq.allclose(o.exp_avg_sq)
                && (max_exp_avg_sq is null ? o.max_exp_avg_sq is null : o.max_exp_avg_sq is not null && max_exp_avg_sq.allclose(o.max_exp_avg_sq));

            public override void to(Device device)
            {
                exp_avg = exp_avg.to(device, disposeAfter: true).DetachFromDisposeScope();
                exp_avg_sq = exp_avg_sq.to(device, disposeAfter: true).DetachFromDisposeScope();
                max_exp_avg_sq = max_exp_avg_sq?.to(device, disposeAfter: true).DetachFromDisposeScope();
            }

            public void Dispose()
            {
                exp_avg?.Dispose();
                exp_avg_sq?.Dispose();
                max_exp_avg_sq?.Dispose();
            }
        }

        public class Options : OptimizerOptions
        {
            public double? beta1;
            public double? beta2;
            public double? weight_decay;
            public double? eps;
            public bool? amsgrad;
            public bool? maximize;

            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                writer.Write(beta1!.Value);
                writer.Write(beta2!.Value);
                writer.Write(eps!.Value);
                writer.Write(weight_decay!.Value);
                writer.Write(amsgrad!.Value);
                writer.Write(maximize!.Value);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                beta1 = reader.ReadDouble();
                beta2 = reader.ReadDouble();
                eps = reader.ReadDouble();
                weight_decay = reader.ReadDouble();
                amsgrad = reader.ReadBoolean();
                maximize = reader.ReadBoolean();
            }

            public override void LoadStateDict(OptimizerOptions source)
            {
                base.LoadStateDict(source);
                var other = (Options)source;
                (beta1, beta2, eps, weight_decay, amsgrad, maximize) = (other.beta1, other.beta2, other.eps, other.weight_decay, other.amsgrad, other.maximize);
            }
        }

        public class ParamGroup : ParamGroup<Options>, IBetas
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                : base(parameters, NewOptions(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize))
            {
            }

            public (double, double) Betas
            {
                get => (Options.beta1!.Value, Options.beta2!.Value);
                set => (Options.beta1, Options.beta2) = value;
            }
        }

        internal static Options NewOptions(double lr, double beta1, double beta2, double eps, double decay, bool amsgrad, bool maximize) => new()
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = decay,
            amsgrad = amsgrad,
            maximize = maximize,
        };
    }

    /// <summary>Adam; weight decay is added to the gradient.</summary>
    public sealed class Adam : AdamFamily
    {
        public Adam(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
        {
        }

        public Adam(IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, NewOptions(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize), decoupled: false)
        {
        }
    }

    /// <summary>AdamW; weights shrink by lr × weight_decay at each step, apart from the gradient.</summary>
    public sealed class AdamW : AdamFamily
    {
        public AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
        {
        }

        public AdamW(IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, NewOptions(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize), decoupled: true)
        {
        }
    }
}

namespace TorchSharp
{
    using TorchSharp.Modules;

    public static partial class torch
    {
        public static partial class optim
        {
            public static Adam Adam(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static Adam Adam(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
