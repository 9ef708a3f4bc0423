namespace SelfPlayArena.Policies;

/// <summary>One named parameter's values, row-major.</summary>
public sealed record WeightTensor(int[] Shape, float[] Values);

/// <summary>All parameters of a network by name. The arrays are the caller's to fill; interpreters copy what they pack.</summary>
public sealed class Weights
{
    private readonly Dictionary<string, WeightTensor> _tensors;

    public Weights(IEnumerable<KeyValuePair<string, WeightTensor>> tensors) => _tensors = new Dictionary<string, WeightTensor>(tensors);

    public IReadOnlyDictionary<string, WeightTensor> Tensors => _tensors;

    /// <summary>Values of a parameter, row-major.</summary>
    /// <exception cref="KeyNotFoundException">No such parameter.</exception>
    public float[] this[string name] => _tensors.TryGetValue(name, out WeightTensor? t)
        ? t.Values
        : throw new KeyNotFoundException($"no parameter '{name}'; there are: {string.Join(", ", _tensors.Keys)}");

    /// <summary>Zeros in the shapes of a plan.</summary>
    public static Weights Zeros(NetworkPlan plan)
        => new(plan.Parameters.Select(p => KeyValuePair.Create(p.Name, new WeightTensor(p.Shape, new float[p.Length]))));

    /// <summary>An independent copy.</summary>
    public Weights Copy()
        => new(_tensors.Select(t => KeyValuePair.Create(t.Key, new WeightTensor(t.Value.Shape, (float[])t.Value.Values.Clone()))));

    /// <summary>Checks that these are exactly a plan's parameters.</summary>
    /// <exception cref="InvalidNetworkException">A parameter is missing, superfluous, or of another shape.</exception>
    public void Check(NetworkPlan plan)
    {
        foreach (ParameterSpec p in plan.Parameters)
        {
            if (!_tensors.TryGetValue(p.Name, out WeightTensor? t))
                throw new InvalidNetworkException($"the weights lack the parameter '{p.Name}' [{string.Join(", ", p.Shape)}] of network '{plan.Description.Name}'");
            if (!t.Shape.AsSpan().SequenceEqual(p.Shape) || t.Values.Length != p.Length)
                throw new InvalidNetworkException($"parameter '{p.Name}' has shape [{string.Join(", ", t.Shape)}]; network '{plan.Description.Name}' needs [{string.Join(", ", p.Shape)}]");
        }
        if (_tensors.Count != plan.Parameters.Count)
        {
            IEnumerable<string> extra = _tensors.Keys.Except(plan.Parameters.Select(p => p.Name));
            throw new InvalidNetworkException($"the weights have parameters that network '{plan.Description.Name}' lacks: {string.Join(", ", extra)}");
        }
    }
}
