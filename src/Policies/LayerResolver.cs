using System.Diagnostics.CodeAnalysis;
using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>Turns the layers of a description into planned ones, in order, refusing what the layer language does not allow.</summary>
internal sealed class LayerResolver(NetworkDescription description, EnvironmentSpec spec, Dictionary<string, PlannedLayer> byName)
{
    private const int WidestLayer = 1 << 16;
    private Layer _layer = description.Layers is { Count: > 0 } ? description.Layers[0] : throw new InvalidNetworkException($"network '{description.Name}' has no layers");

    public List<PlannedLayer> Resolve()
    {
        var layers = new List<PlannedLayer>();
        foreach (Layer layer in description.Layers)
        {
            _layer = layer ?? throw new InvalidNetworkException($"network '{description.Name}' has a layer that is null; a layer is an object");
            Require(!string.IsNullOrEmpty(layer.Name), "has no name", "a unique name");
            Require(!byName.ContainsKey(layer.Name), "has the name of an earlier layer", "a unique name");
            Require(layer.Inputs is not null && layer.Inputs.All(i => i is not null), "has no inputs", "a list of names");
            Require(layer.Width is >= 0 and <= WidestLayer, $"has width {layer.Width}", $"0 to {WidestLayer}");
            PlannedLayer planned = layer.Kind == LayerKind.Encode ? Encode(layers.Count) : Other(layers.Count);
            Share(planned);
            layers.Add(planned);
            byName.Add(layer.Name, planned);
        }
        foreach (ActionHeadSpec head in spec.Heads)
        {
            if (!byName.TryGetValue(head.Name, out PlannedLayer? l) || l.Head < 0)
                throw new InvalidNetworkException($"network '{description.Name}' has no Choice or Pointer layer for the head '{head.Name}' of {spec.Name}");
        }
        if (spec.ValueHeads.Count > 0 && !byName.ContainsKey("values"))
            throw new InvalidNetworkException($"network '{description.Name}' has no layer 'values' for the value heads of {spec.Name}: {string.Join(", ", spec.ValueHeads)}");
        return layers;
    }

    private PlannedLayer Encode(int index)
    {
        Require(_layer.Inputs.Count == 1, $"has {_layer.Inputs.Count} inputs", "exactly one block");
        string name = _layer.Inputs[0];
        BlockSpec? seen = spec.Observation.FirstOrDefault(b => b.Name == name);
        BlockSpec? full = spec.FullState.FirstOrDefault(b => b.Name == name);
        Require(seen is not null || full is not null, $"reads the unknown block '{name}'", "observation blocks " + Names(spec.Observation) + "; full-state blocks " + Names(spec.FullState));
        Require(seen is null || full is null, $"reads '{name}', which is both an observation and a full-state block", "a name that only one of them has");
        BlockSpec block = (seen ?? full)!;
        Require(_layer.Width > 0, "has width 0", $"1 to {WidestLayer}");
        return new PlannedLayer(_layer, index, [])
        {
            IsSet = true,
            Block = block,
            Slots = block.Slots,
            Width = _layer.Width,
            InputWidth = block.Width,
            Scope = seen is null ? LayerScope.Team : LayerScope.Agent,
        };

        static string Names(IReadOnlyList<BlockSpec> blocks) => blocks.Count == 0 ? "none" : string.Join(", ", blocks.Select(b => b.Name));
    }

    private PlannedLayer Other(int index)
    {
        PlannedLayer[] inputs = [.. _layer.Inputs.Select(Input)];
        Require(inputs.Length > 0, "has no inputs", "names of earlier layers");
        PlannedLayer[] vectors = [.. inputs.Where(i => !i.IsSet)];
        PlannedLayer[] sets = [.. inputs.Where(i => i.IsSet)];
        var planned = new PlannedLayer(_layer, index, inputs)
        {
            InputWidth = vectors.Sum(v => v.Width),
            Scope = inputs.All(i => i.Scope == LayerScope.Team) ? LayerScope.Team : LayerScope.Agent,
        };
        if (_layer.Kind is not (LayerKind.Linear or LayerKind.Values))
            Require(inputs.All(i => i.Scope == planned.Scope), "mixes full-state layers with layers of agents", "one scope (only Linear and Values may join both)");
        bool sized = _layer.Kind is LayerKind.Linear or LayerKind.Gru or LayerKind.Lstm or LayerKind.Choice or LayerKind.Pointer or LayerKind.Values;
        Require(!sized || _layer.Width > 0, "has width 0", $"1 to {WidestLayer}");
        Require(_layer.Activation == Activation.None || _layer.Kind == LayerKind.Linear, $"has the activation {_layer.Activation}", "activations on Encode and Linear only");
        Require(_layer.Given is null or { Count: 0 } || _layer.Kind is LayerKind.Choice or LayerKind.Pointer, "is conditioned on heads", "'given' on Choice and Pointer only");
        switch (_layer.Kind)
        {
            case LayerKind.Linear:
                Require(sets.Length == 0 || inputs.Length == 1, $"mixes sets ({Join(sets)}) with other inputs", "any number of vectors, or exactly one set");
                planned.Width = _layer.Width;
                if (sets.Length == 1)
                {
                    planned.IsSet = true;
                    planned.Slots = sets[0].Slots;
                    planned.Block = sets[0].Block;
                    planned.InputWidth = sets[0].Width;
                }
                break;
            case LayerKind.Pool:
                Require(vectors.Length == 0, $"has the vector inputs {Join(vectors)}", "sets of one width");
                planned.Width = 2 * CommonWidth(sets);
                break;
            case LayerKind.Single:
                Require(inputs.Length == 1 && sets.Length == 1 && sets[0].Slots == 1, $"has the inputs {Join(inputs)}", "one set of one slot");
                planned.Width = sets[0].Width;
                break;
            case LayerKind.Attend:
                RequireVectorsThenSets(inputs, vectors, sets);
                Require(_layer.Queries is > 0 and <= 64, $"has {_layer.Queries} queries", "1 to 64");
                planned.Width = _layer.Queries * CommonWidth(sets);
                break;
            case LayerKind.Gru or LayerKind.Lstm:
                RequireVectors(sets);
                planned.Width = _layer.Width;
                break;
            case LayerKind.Choice:
                RequireVectors(sets);
                planned.Width = Head(planned, pointer: false).Size;
                break;
            case LayerKind.Pointer:
                RequireVectorsThenSets(inputs, vectors, sets);
                CommonWidth(sets);
                ActionHeadSpec head = Head(planned, pointer: true);
                Require(sets.Select(s => s.Block!.Name).SequenceEqual(head.PointerBlocks!), $"points at {string.Join(", ", sets.Select(s => s.Block!.Name))}", "encodings of the head's blocks in order: " + string.Join(", ", head.PointerBlocks!));
                planned.Width = head.Size;
                break;
            case LayerKind.Values:
                RequireVectors(sets);
                Require(_layer.Name == "values", "is a Values layer of another name", "one layer of this kind, named 'values'");
                Require(spec.ValueHeads.Count > 0, "has no value heads to learn", "no Values layer for an environment without value heads");
                planned.Width = spec.ValueHeads.Count;
                planned.Scope = LayerScope.Agent;
                break;
            default:
                throw Error($"has the unknown kind {(int)_layer.Kind}", string.Join(", ", Enum.GetNames<LayerKind>()));
        }
        return planned;
    }

    private PlannedLayer Input(string name)
    {
        if (!byName.TryGetValue(name, out PlannedLayer? input))
            throw Error($"reads '{name}', which is no earlier layer", byName.Count == 0 ? "no layer comes before it" : "one of " + string.Join(", ", byName.Keys));
        Require(input.Kind is not (LayerKind.Choice or LayerKind.Pointer or LayerKind.Values), $"reads the output layer '{name}'", "layers that are not heads or values");
        return input;
    }

    private ActionHeadSpec Head(PlannedLayer planned, bool pointer)
    {
        int index = spec.Heads.ToList().FindIndex(h => h.Name == _layer.Name);
        Require(index >= 0, $"is for no head of {spec.Name}", "one of " + string.Join(", ", spec.Heads.Select(h => h.Name)));
        ActionHeadSpec head = spec.Heads[index];
        Require(head.PointerBlocks is not null == pointer, head.PointerBlocks is null ? "points, but the head is a plain choice" : "is a plain choice, but the head points at slots", head.PointerBlocks is null ? "Choice" : "Pointer");
        planned.Head = index;
        var given = new List<int>();
        foreach (string g in _layer.Given ?? [])
        {
            int earlier = spec.Heads.Take(index).ToList().FindIndex(h => h.Name == g);
            Require(earlier >= 0 && !given.Contains(earlier), $"is conditioned on '{g}'", index == 0 ? "nothing: it is sampled first" : "each at most once, heads sampled before it: " + string.Join(", ", spec.Heads.Take(index).Select(h => h.Name)));
            given.Add(earlier);
        }
        planned.GivenHeads = given;
        return head;
    }

    private void Share(PlannedLayer planned)
    {
        if (_layer.Shares is null)
            return;
        if (!byName.TryGetValue(_layer.Shares, out PlannedLayer? other))
            throw Error($"shares the parameters of '{_layer.Shares}', which is no earlier layer", "an earlier layer of the same kind and shapes");
        Require(planned.Kind is not (LayerKind.Choice or LayerKind.Pointer or LayerKind.Values), "is an output layer that shares parameters", "sharing among Encode, Linear, Attend, Gru and Lstm");
        Require(other.Kind == planned.Kind && other.Width == planned.Width && other.InputWidth == planned.InputWidth,
            $"shares the parameters of '{other.Name}' ({other.Kind}, [{other.Width}, {other.InputWidth}]) but is {planned.Kind}, [{planned.Width}, {planned.InputWidth}]", "the same kind and shapes");
        Require(planned.Kind != LayerKind.Encode || other.Block!.Features.SequenceEqual(planned.Block!.Features), $"shares the encoder '{other.Name}', whose block has other features", "blocks with the same features");
        planned.Owner = other.Owner;
    }

    private int CommonWidth(PlannedLayer[] sets)
    {
        Require(sets.All(s => s.Width == sets[0].Width), "joins sets of different widths: " + string.Join(", ", sets.Select(s => $"{s.Name} {s.Width}")), "one width");
        return sets[0].Width;
    }

    private void RequireVectors(PlannedLayer[] sets) => Require(sets.Length == 0, $"has the set inputs {Join(sets)}", "vectors only; pool a set first");

    private void RequireVectorsThenSets(PlannedLayer[] inputs, PlannedLayer[] vectors, PlannedLayer[] sets)
        => Require(vectors.Length == 1 && sets.Length > 0 && !inputs[0].IsSet, $"has the inputs {Join(inputs)}", "one vector, then one or more sets");

    private static string Join(PlannedLayer[] layers) => string.Join(", ", layers.Select(l => l.Name));

    private void Require([DoesNotReturnIf(false)] bool ok, string problem, string allowed)
    {
        if (!ok)
            throw Error(problem, allowed);
    }

    private InvalidNetworkException Error(string problem, string allowed)
        => new($"network '{description.Name}', layer '{_layer.Name}' ({_layer.Kind}): {problem}; allowed: {allowed}");
}
