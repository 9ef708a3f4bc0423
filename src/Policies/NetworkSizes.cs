using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>Widths of a network family member; <see cref="Describe"/> turns them into layers for any environment.</summary>
/// <param name="Entity">Width of an entity's encoding.</param>
/// <param name="Queries">Queries of the attention over all entities.</param>
/// <param name="Trunk">Width before the recurrent core.</param>
/// <param name="Core">Width of the recurrent core.</param>
/// <param name="Head">Hidden width of an action head.</param>
/// <param name="Critic">Widths of the full-state trunk and of the value layer.</param>
public sealed record NetworkSize(string Name, int Entity, int Queries, int Trunk, int Core, int Head, int Critic)
{
    public static NetworkSize Tiny { get; } = new("tiny", Entity: 32, Queries: 2, Trunk: 128, Core: 96, Head: 32, Critic: 64);

    public static NetworkSize Small { get; } = new("small", Entity: 64, Queries: 4, Trunk: 256, Core: 256, Head: 64, Critic: 128);

    public static IReadOnlyList<NetworkSize> All { get; } = [Tiny, Small];

    /// <exception cref="ArgumentException">Unknown name.</exception>
    public static NetworkSize Named(string name)
        => All.FirstOrDefault(s => s.Name == name)
           ?? throw new ArgumentException($"unknown network size '{name}'; allowed: {string.Join(", ", All.Select(s => s.Name))}", nameof(name));

    /// <summary>
    /// Builds the description for an environment: an encoder for each entity type, pools for blocks of several slots, attention by a few
    /// queries over all entities, a trunk, a recurrent core, one head for each action head conditioned on the verb, and a critic that also sees
    /// the full state.
    /// </summary>
    public NetworkDescription Describe(EnvironmentSpec spec)
    {
        var layers = new List<Layer>();
        var vectors = new List<string>();
        var sets = new List<string>();
        Encoders(layers, spec.Observation, vectors, sets);
        if (sets.Count > 0)
        {
            layers.Add(new Layer("ask", LayerKind.Linear, [.. vectors], Head, Activation.Relu));
            layers.Add(new Layer("attend", LayerKind.Attend, ["ask", .. sets], Queries: Queries));
            vectors.Add("attend");
        }
        layers.Add(new Layer("trunk", LayerKind.Linear, vectors, Trunk, Activation.Relu));
        layers.Add(new Layer("core", LayerKind.Gru, ["trunk"], Core));
        for (int h = 0; h < spec.Heads.Count; h++)
        {
            ActionHeadSpec head = spec.Heads[h];
            string[] given = h == 0 ? [] : [spec.Heads[0].Name];
            layers.Add(head.PointerBlocks is null
                ? new Layer(head.Name, LayerKind.Choice, ["core"], Head, Given: given)
                : new Layer(head.Name, LayerKind.Pointer, ["core", .. head.PointerBlocks.Select(b => "see." + b)], Head, Given: given));
        }

        var critic = new List<string>();
        Encoders(layers, spec.FullState, critic, []);
        if (critic.Count > 0)
        {
            layers.Add(new Layer("full", LayerKind.Linear, critic, Critic, Activation.Relu));
            layers.Add(new Layer("values", LayerKind.Values, ["core", "full"], Critic));
        }
        else
        {
            layers.Add(new Layer("values", LayerKind.Values, ["core"], Critic));
        }
        return new NetworkDescription(Name, layers);
    }

    private void Encoders(List<Layer> layers, IReadOnlyList<BlockSpec> blocks, List<string> vectors, List<string> sets)
    {
        var first = new Dictionary<string, string>();
        foreach (BlockSpec block in blocks)
        {
            string name = "see." + block.Name;
            string? shares = first.GetValueOrDefault(block.EntityType);
            first.TryAdd(block.EntityType, name);
            layers.Add(new Layer(name, LayerKind.Encode, [block.Name], Entity, Activation.Relu, shares));
            // Blocks of one slot enter as they are and, like all others, can be attended to and pointed at.
            layers.Add(block.Slots == 1
                ? new Layer("one." + block.Name, LayerKind.Single, [name])
                : new Layer("pool." + block.Name, LayerKind.Pool, [name]));
            vectors.Add(layers[^1].Name);
            if (block.Slots > 1)
                sets.Add(name);
        }
    }
}
