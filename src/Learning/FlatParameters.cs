using System.Runtime.InteropServices;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>
/// All parameters of a network in one flat tensor. The tensors by name are views of it that collect gradients of their own, so that the
/// optimiser, clipping, publishing and checkpoints each are a few operations whatever the number of layers.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly Dictionary<string, Tensor> _byName = [];
    private readonly Tensor[] _views;
    private readonly NetworkPlan _plan;
    private readonly bool _owned;

    public FlatParameters(NetworkPlan plan, Weights weights, Device device, ScalarType type)
        : this(plan, zeros([plan.ParameterCount], type, device).DetachFromDisposeScope(), owned: true)
        => Import(weights);

    /// <summary>The same values, with gradients that are collected apart. Dispose of it before what it shares them with.</summary>
    public FlatParameters(FlatParameters shared)
        : this(shared._plan, shared.Values, owned: false)
    {
    }

    private FlatParameters(NetworkPlan plan, Tensor values, bool owned)
    {
        (_plan, Values, _owned) = (plan, values, owned);
        _views = new Tensor[plan.Parameters.Count];
        using DisposeScope scope = NewDisposeScope();
        int offset = 0;
        for (int i = 0; i < _views.Length; i++)
        {
            ParameterSpec p = plan.Parameters[i];
            Tensor view = Values.narrow(0, offset, p.Length).view([.. p.Shape.Select(d => (long)d)]).detach().requires_grad_();
            _views[i] = view.DetachFromDisposeScope();
            _byName.Add(p.Name, view);
            offset += p.Length;
        }
    }

    /// <summary>[parameters]. Write to it only without gradients.</summary>
    public Tensor Values { get; }

    public Tensor this[string name] => _byName[name];

    /// <summary>The collected gradients [parameters]; zeros for what had none.</summary>
    public Tensor Gradient()
    {
        var parts = new Tensor[_views.Length];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = (_views[i].grad ?? zeros_like(_views[i])).reshape(-1);
        return cat(parts, 0);
    }

    public void ZeroGradient()
    {
        foreach (Tensor v in _views)
            _ = v.grad?.zero_();
    }

    /// <summary>Name of the parameter that a flat index belongs to.</summary>
    public string NameAt(long index)
    {
        foreach (ParameterSpec p in _plan.Parameters)
        {
            if (index < p.Length)
                return p.Name;
            index -= p.Length;
        }
        throw new ArgumentOutOfRangeException(nameof(index));
    }

    public void Import(Weights weights)
    {
        weights.Check(_plan);
        var flat = new float[_plan.ParameterCount];
        int offset = 0;
        foreach (ParameterSpec p in _plan.Parameters)
        {
            weights[p.Name].CopyTo(flat, offset);
            offset += p.Length;
        }
        SetValues(flat);
    }

    public void SetValues(float[] flat) => Set(Values, flat);

    /// <summary>Overwrites a flat tensor on whichever device.</summary>
    public static void Set(Tensor target, float[] flat)
    {
        using IDisposable guard = no_grad();
        using DisposeScope scope = NewDisposeScope();
        _ = target.copy_(tensor(flat));
    }

    public Weights Export()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        ReadOnlySpan<float> flat = MemoryMarshal.Cast<byte, float>(Values.detach().to(ScalarType.Float32).cpu().contiguous().bytes);
        int offset = 0;
        var tensors = new List<KeyValuePair<string, WeightTensor>>(_views.Length);
        foreach (ParameterSpec p in _plan.Parameters)
        {
            tensors.Add(KeyValuePair.Create(p.Name, new WeightTensor(p.Shape, flat.Slice(offset, p.Length).ToArray())));
            offset += p.Length;
        }
        return new Weights(tensors);
    }

    /// <summary>A float tensor's elements, from whichever device.</summary>
    public static float[] ToArray(Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        return MemoryMarshal.Cast<byte, float>(tensor.detach().to(ScalarType.Float32).cpu().contiguous().bytes).ToArray();
    }

    public void Dispose()
    {
        foreach (Tensor v in _views)
            v.Dispose();
        if (_owned)
            Values.Dispose();
    }
}
