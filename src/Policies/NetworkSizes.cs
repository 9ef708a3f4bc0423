using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>What a network remembers with from decision to decision.</summary>
public enum CoreCell
{
    /// <summary>Nothing: every decision by itself.</summary>
    None,
    Gru,
    Lstm,
}

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

    /// <summary>For a GPU: deeper encoders, an LSTM, and heads that know all choices before theirs.</summary>
    public static NetworkSize Base { get; } = new("base", Entity: 128, Queries: 4, Trunk: 512, Core: 512, Head: 128, Critic: 256)
    {
        Cell = CoreCell.Lstm,
        EncoderLayers = 2,
        GivenAllEarlier = true,
    };

    public static IReadOnlyList<NetworkSize> All { get; } = [Tiny, Small, Base];

    /// <summary>What remembers between decisions.</summary>
    public CoreCell Cell { get; init; } = CoreCell.Gru;

    /// <summary>Layers of an entity's encoder, 1 or 2.</summary>
    public int EncoderLayers { get; init; } = 1;

    /// <summary>A head is conditioned on all heads before it, not on the verb alone.</summary>
    public bool GivenAllEarlier { get; init; }

    /// <summary>The critic also sees the full state. Without it, an ablation: it judges by what the agent remembers.</summary>
    public bool PrivilegedCritic { get; init; } = true;

    /// <exception cref="ArgumentException">Unknown name.</exception>
    public static NetworkSize Named(string name)
        => All.FirstOrDefault(s => s.Name == name)
           ?? throw new ArgumentException($"unknown network size '{name}'; allowed: {string.Join(", ", All.Select(s => s.Name))}", nameof(name));

    /// <summary>
    /// Builds the description for an environment: an encoder for each entity type, pools for blocks of several slots, attention by a few
    /// queries over all entities, a trunk, a recurrent core, one head for each action head conditioned on the verb, and a critic that also sees
    /// the full state. One network plays every hero: the columns that an encoder has for the category <c>hero</c> are the heroes' embeddings, added
    /// to what the other features make of the unit before the activation.
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
        string core = Cell == CoreCell.None ? "trunk" : "core";
        if (Cell != CoreCell.None)
            layers.Add(new Layer(core, Cell == CoreCell.Lstm ? LayerKind.Lstm : LayerKind.Gru, ["trunk"], Core));
        for (int h = 0; h < spec.Heads.Count; h++)
        {
            ActionHeadSpec head = spec.Heads[h];
            string[] given = [.. spec.Heads.Take(GivenAllEarlier ? h : Math.Min(h, 1)).Select(g => g.Name)];
            layers.Add(head.PointerBlocks is null
                ? new Layer(head.Name, LayerKind.Choice, [core], Head, Given: given)
                : new Layer(head.Name, LayerKind.Pointer, [core, .. head.PointerBlocks.Select(Encoding)], Head, Given: given));
        }

        var critic = new List<string>();
        if (PrivilegedCritic)
            Encoders(layers, spec.FullState, critic, []);
        if (critic.Count > 0)
        {
            layers.Add(new Layer("full", LayerKind.Linear, critic, Critic, Activation.Relu));
            layers.Add(new Layer("values", LayerKind.Values, [core, "full"], Critic));
        }
        else
        {
            layers.Add(new Layer("values", LayerKind.Values, [core], Critic));
        }
        return new NetworkDescription(Name, layers);
    }

    private string Encoding(string block) => (EncoderLayers > 1 ? "know." : "see.") + block;

    private void Encoders(List<Layer> layers, IReadOnlyList<BlockSpec> blocks, List<string> vectors, List<string> sets)
    {
        var first = new Dictionary<string, string>();
        foreach (BlockSpec block in blocks)
        {
            string name = "see." + block.Name;
            string? shares = first.GetValueOrDefault(block.EntityType);
            first.TryAdd(block.EntityType, block.Name);
            layers.Add(new Layer(name, LayerKind.Encode, [block.Name], Entity, Activation.Relu, shares is null ? null : "see." + shares));
            if (EncoderLayers > 1)
            {
                layers.Add(new Layer(Encoding(block.Name), LayerKind.Linear, [name], Entity, Activation.Relu, shares is null ? null : Encoding(shares)));
                name = Encoding(block.Name);
            }
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
