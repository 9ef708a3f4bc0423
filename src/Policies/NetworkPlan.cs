using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>
/// A network description resolved against an environment's spec: shapes, parameters, recurrent layout and cost. Interpreters and exporters
/// start from it, so that they need no rules of their own about what fits.
/// </summary>
public sealed class NetworkPlan
{
    private readonly Dictionary<string, PlannedLayer> _byName = [];

    /// <exception cref="InvalidNetworkException">The description breaks a rule or does not fit the environment.</exception>
    public NetworkPlan(NetworkDescription description, EnvironmentSpec spec)
    {
        if (description.Format != 1)
            throw new InvalidNetworkException($"network '{description.Name}' has format {description.Format}; this program reads format 1");
        Description = description;
        Spec = spec;
        Layers = new LayerResolver(description, spec, _byName).Resolve();
        Finish();
    }

    public NetworkDescription Description { get; }

    public EnvironmentSpec Spec { get; }

    /// <summary>All layers in evaluation order.</summary>
    public IReadOnlyList<PlannedLayer> Layers { get; }

    /// <summary>Parameters, each once, in the order of their layers.</summary>
    public IReadOnlyList<ParameterSpec> Parameters { get; private set; } = [];

    /// <summary>For each head of the spec, its layer.</summary>
    public IReadOnlyList<PlannedLayer> Heads { get; private set; } = [];

    /// <summary>The critic's output layer; null if the environment has no value heads.</summary>
    public PlannedLayer? Values { get; private set; }

    /// <summary>H: width of the recurrent state, all recurrent layers together.</summary>
    public int RecurrentSize { get; private set; }

    /// <summary>Number of weights.</summary>
    public int ParameterCount { get; private set; }

    /// <summary>Multiply-adds for one agent's decision, every slot present, without the critic.</summary>
    public long MultiplyAdds { get; private set; }

    /// <summary>Multiply-adds of the critic for one agent's decision, every slot present, without what its team shares.</summary>
    public long CriticMultiplyAdds { get; private set; }

    /// <summary>Multiply-adds for what a team's agents share in one decision (the full-state part of the critic), every slot present.</summary>
    public long TeamMultiplyAdds { get; private set; }

    /// <exception cref="KeyNotFoundException">No such layer.</exception>
    public PlannedLayer this[string layer] => _byName.TryGetValue(layer, out PlannedLayer? found)
        ? found
        : throw new KeyNotFoundException($"network '{Description.Name}' has no layer '{layer}'; it has: {string.Join(", ", _byName.Keys)}");

    private void Finish()
    {
        Values = Layers.FirstOrDefault(l => l.Kind == LayerKind.Values);
        Heads = [.. Spec.Heads.Select(h => _byName[h.Name])];
        foreach (PlannedLayer recurrent in Layers.Where(l => l.Gates > 0))
        {
            recurrent.RecurrentOffset = RecurrentSize;
            RecurrentSize += recurrent.StateWidth;
        }
        foreach (PlannedLayer layer in Layers.Where(l => l.Gates > 0 || l.Kind is LayerKind.Choice or LayerKind.Pointer))
            MarkActor(layer);
        Parameters = [.. Layers.Where(l => l.Owner == l).SelectMany(ParametersOf)];
        ParameterCount = Parameters.Sum(p => p.Length);
        foreach (PlannedLayer layer in Layers)
        {
            long cost = Cost(layer);
            if (layer.Scope == LayerScope.Team)
                TeamMultiplyAdds += cost;
            else if (layer.IsCritic)
                CriticMultiplyAdds += cost;
            else
                MultiplyAdds += cost;
        }
    }

    private static void MarkActor(PlannedLayer layer)
    {
        if (layer.Scope == LayerScope.Team || layer.Kind == LayerKind.Values)
            throw new InvalidNetworkException($"layer '{layer.Name}' sees the full state and feeds a head or the recurrent core; only the critic may see the full state");
        if (!layer.IsCritic)
            return;
        layer.IsCritic = false;
        foreach (PlannedLayer input in layer.Inputs)
            MarkActor(input);
    }

    private IEnumerable<ParameterSpec> ParametersOf(PlannedLayer l)
    {
        int width = l.Layer.Width;
        Segment[] columns = l.Block is not null && l.Kind == LayerKind.Encode
            ? [.. l.Block.Features.Select(f => new Segment(f.Name, f.Width))]
            : l.Kind is LayerKind.Linear
                ? [.. l.Inputs.Select(i => new Segment(i.Name, i.Width))]
                : [.. l.Inputs.Where(i => !i.IsSet).Select(i => new Segment(i.Name, i.Width))];
        switch (l.Kind)
        {
            case LayerKind.Encode or LayerKind.Linear or LayerKind.Attend:
                yield return new ParameterSpec(l.Name + ".weight", [l.Width, l.InputWidth], columns);
                yield return new ParameterSpec(l.Name + ".bias", [l.Width], []);
                break;
            case LayerKind.Gru or LayerKind.Lstm:
                int gates = l.Gates * width;
                yield return new ParameterSpec(l.Name + ".weight_ih", [gates, l.InputWidth], columns);
                yield return new ParameterSpec(l.Name + ".weight_hh", [gates, width], [new Segment(l.Name, width)]);
                yield return new ParameterSpec(l.Name + ".bias_ih", [gates], []);
                yield return new ParameterSpec(l.Name + ".bias_hh", [gates], []);
                break;
            case LayerKind.Choice or LayerKind.Pointer or LayerKind.Values:
                yield return new ParameterSpec(l.Name + ".hidden.weight", [width, l.InputWidth], columns);
                yield return new ParameterSpec(l.Name + ".hidden.bias", [width], []);
                foreach (int g in l.GivenHeads)
                    yield return new ParameterSpec($"{l.Name}.given.{Spec.Heads[g].Name}", [Spec.Heads[g].Size, width], [new Segment(l.Name, width)]);
                int outputs = l.Kind == LayerKind.Pointer ? l.SetInputs[0].Width : l.Width;
                yield return new ParameterSpec(l.Name + ".out.weight", [outputs, width], [new Segment(l.Name, width)]);
                yield return new ParameterSpec(l.Name + ".out.bias", [outputs], []);
                break;
        }
    }

    /// <summary>Multiply-adds of one evaluation of a layer, for an agent or for a team as its scope has it, every slot present.</summary>
    public static long Cost(PlannedLayer l)
    {
        long width = l.Layer.Width;
        return l.Kind switch
        {
            LayerKind.Encode or LayerKind.Linear => (long)l.Slots * l.Width * l.InputWidth,
            LayerKind.Attend => (long)l.Width * (l.InputWidth + 2 * l.SetInputs.Sum(s => s.Slots)),
            LayerKind.Gru or LayerKind.Lstm => l.Gates * width * (l.InputWidth + width),
            LayerKind.Choice or LayerKind.Values => width * (l.InputWidth + l.Width),
            LayerKind.Pointer => width * (l.InputWidth + l.SetInputs[0].Width) + (long)l.SetInputs[0].Width * l.Width,
            _ => 0,
        };
    }
}
