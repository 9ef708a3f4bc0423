using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Layers, their functional forms, initialisation and gradient clipping.</summary>
    public static partial class nn
    {
        /// <summary>
        /// A named tree of parameters and buffers. Parameters are listed in the order of registration, a module's own
        /// before those of its children, so that a saved state does not depend on anything else.
        /// </summary>
        public partial class Module : IDisposable
        {
            private readonly Dictionary<string, Module> children_ = [];
            private readonly Dictionary<string, Parameter> parameters_ = [];
            private readonly Dictionary<string, (Tensor Tensor, bool Persistent)> buffers_ = [];
            private readonly List<string> childOrder = [];
            private readonly List<string> parameterOrder = [];
            private readonly List<string> bufferOrder = [];
            private bool training_ = true;
            private bool registered;

            protected Module(string name) => this.name = name;

            protected string? name;

            public virtual string GetName() => name ?? GetType().Name;

            public virtual bool training => training_;

            public virtual void train(bool train = true)
            {
                training_ = train;
                foreach ((_, Module child) in named_children())
                {
                    child.train(train);
                }
            }

            public virtual void eval() => train(false);

            public virtual Module apply(Action<Module> fn)
            {
                foreach ((_, Module child) in named_children())
                {
                    child.apply(fn);
                }
                fn(this);
                return this;
            }

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (Parameter parameter in parameters())
                {
                    if (set_to_none)
                    {
                        parameter.grad = null;
                        continue;
                    }
                    using Tensor? gradient = parameter.grad;
                    gradient?.detach_().zero_();
                }
            }

            public virtual IEnumerable<(string name, Module module)> named_children() => childOrder.Select(n => (n, children_[n]));

            public virtual IEnumerable<Module> children() => named_children().Select(c => c.module);

            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach ((string childName, Module child) in named_children())
                {
                    yield return (childName, child);
                }
                foreach ((string childName, Module child) in named_children())
                {
                    foreach ((string inner, Module module) in child.named_modules())
                    {
                        yield return ($"{childName}.{inner}", module);
                    }
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                HashSet<nint> seen = [];
                foreach (string own in parameterOrder)
                {
                    if (seen.Add(parameters_[own].Handle))
                    {
                        yield return (own, parameters_[own]);
                    }
                }
                if (!recurse)
                {
                    yield break;
                }
                foreach ((string childName, Module child) in named_children())
                {
                    foreach ((string inner, Parameter parameter) in child.named_parameters())
                    {
                        if (seen.Add(parameter.Handle))
                        {
                            yield return ($"{childName}.{inner}", parameter);
                        }
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                foreach (string own in bufferOrder)
                {
                    if (include_nonpersistent || buffers_[own].Persistent)
                    {
                        yield return (own, buffers_[own].Tensor);
                    }
                }
                if (!recurse)
                {
                    yield break;
                }
                foreach ((string childName, Module child) in named_children())
                {
                    foreach ((string inner, Tensor buffer) in child.named_buffers(true, include_nonpersistent))
                    {
                        yield return ($"{childName}.{inner}", buffer);
                    }
                }
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(b => b.buffer);

            public virtual bool has_parameter(string target) => named_parameters().Any(p => p.name == target);

            public virtual Parameter? get_parameter(string target) => named_parameters().FirstOrDefault(p => p.name == target).parameter;

            public virtual void register_parameter(string name, Parameter param)
            {
                ArgumentNullException.ThrowIfNull(param);
                if (!parameters_.TryAdd(name, param))
                {
                    throw new InvalidOperationException($"Parameter {name} is already registered.");
                }
                parameterOrder.Add(name);
                param.DetachFromDisposeScope();
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (!buffers_.TryAdd(name, (tensor, persistent)))
                {
                    throw new InvalidOperationException($"Tensor {name} is already registered.");
                }
                bufferOrder.Add(name);
                tensor.DetachFromDisposeScope();
            }

            public virtual void register_module(string name, Module submodule)
            {
                ArgumentNullException.ThrowIfNull(submodule);
                if (string.IsNullOrEmpty(name) || name.Contains('.'))
                {
                    throw new ArgumentException($"A module's name must not be empty or contain a dot; got '{name}'.", nameof(name));
                }
                if (children_.ContainsKey(name))
                {
                    throw new InvalidOperationException($"Sub-module {name} is already registered.");
                }
                submodule.RegisterComponents();
                children_.Add(name, submodule);
                childOrder.Add(name);
            }

            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>Registers all fields that hold modules, parameters or tensors under the fields' names; call it last in a constructor.</summary>
            protected virtual void RegisterComponents()
            {
                if (registered)
                {
                    return;
                }
                registered = true;
                HashSet<string> seen = [];
                for (Type? type = GetType(); type is not null && type != typeof(Module); type = type.BaseType)
                {
                    foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly))
                    {
                        if (!seen.Add(field.Name) || children_.ContainsKey(field.Name) || parameters_.ContainsKey(field.Name) || buffers_.ContainsKey(field.Name))
                        {
                            continue;
                        }
                        switch (field.GetValue(this))
                        {
                            case Module module:
                                register_module(field.Name, module);
                                break;
                            case Parameter parameter:
                                register_parameter(field.Name, parameter);
                                break;
                            case Tensor tensor:
                                register_buffer(field.Name, tensor);
                                break;
                        }
                    }
                }
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                {
                    return;
                }
                foreach (string own in parameterOrder)
                {
                    parameters_[own].Dispose();
                }
                foreach (string own in bufferOrder)
                {
                    buffers_[own].Tensor.Dispose();
                }
                foreach (string child in childOrder)
                {
                    children_[child].Dispose();
                }
            }

            // Replaces the native tensors in place, so that Parameter objects and optimisers stay valid.
            internal void Convert(ScalarType? type, Device? device, bool nonBlocking)
            {
                if (type is { } wanted && !is_floating_point(wanted))
                {
                    throw new ArgumentException($"A module can only be converted to a floating point type, not to {wanted}.", nameof(type));
                }
                using IDisposable noGrad = no_grad();
                using DisposeScope scope = NewDisposeScope();
                foreach (Tensor tensor in parameters().Concat(buffers()))
                {
                    Tensor? gradient = tensor.grad;
                    tensor.Become(Converted(tensor));
                    if (gradient is not null)
                    {
                        tensor.grad = Converted(gradient);
                    }
                }

                Tensor Converted(Tensor tensor)
                {
                    ScalarType target = type is { } given && tensor.is_floating_point() ? given : tensor.dtype;
                    return device is null ? tensor.to(target, non_blocking: nonBlocking) : tensor.to(target, device, non_blocking: nonBlocking);
                }
            }
        }

        public abstract class Module<T, TResult> : Module
        {
            protected Module(string name)
                : base(name)
            {
            }

            public abstract TResult forward(T input);

            public TResult call(T input) => forward(input);
        }

        public abstract class Module<T1, T2, TResult> : Module
        {
            protected Module(string name)
                : base(name)
            {
            }

            public abstract TResult forward(T1 input1, T2 input2);

            public TResult call(T1 input1, T2 input2) => forward(input1, input2);
        }

        public abstract class Module<T1, T2, T3, TResult> : Module
        {
            protected Module(string name)
                : base(name)
            {
            }

            public abstract TResult forward(T1 input1, T2 input2, T3 input3);

            public TResult call(T1 input1, T2 input2, T3 input3) => forward(input1, input2, input3);
        }
    }

    public partial class Tensor
    {
        internal void Become(Tensor source) => Same(Native.t_set_data(Handle, source.Handle), source);
    }
}

/// <summary>Moving a module to a device or to another floating point type.</summary>
public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false)
        where T : torch.nn.Module
    {
        module.Convert(type, null, non_blocking);
        return module;
    }

    public static T to<T>(this T module, torch.Device device, torch.ScalarType type, bool non_blocking = false)
        where T : torch.nn.Module
    {
        module.Convert(type, device, non_blocking);
        return module;
    }

    public static T to<T>(this T module, torch.Device device, bool non_blocking = false)
        where T : torch.nn.Module
    {
        module.Convert(null, device, non_blocking);
        return module;
    }

    public static T cpu<T>(this T module, bool non_blocking = false)
        where T : torch.nn.Module => module.to(torch.CPU, non_blocking);

    public static T cuda<T>(this T module, int deviceIndex = -1, bool non_blocking = false)
        where T : torch.nn.Module => module.to(new torch.Device(DeviceType.CUDA, deviceIndex), non_blocking);
}
