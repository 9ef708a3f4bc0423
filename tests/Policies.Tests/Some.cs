using SelfPlayArena.Core;

namespace SelfPlayArena.Policies.Tests;

/// <summary>Random environments, networks, weights and inputs, each from a seed.</summary>
internal static class Some
{
    public static EnvironmentSpec Spec(ref Rng rng)
    {
        int types = 1 + rng.Next(3);
        var features = new FeatureSpec[types][];
        for (int t = 0; t < types; t++)
            features[t] = Features(ref rng);
        var layout = new BlockLayout();
        int blocks = 1 + rng.Next(4);
        for (int b = 0; b < blocks; b++)
        {
            int t = rng.Next(types);
            layout.Add($"block{b}", $"type{t}", 1 + rng.Next(9), features[t]);
        }
        var full = new BlockLayout();
        int fullBlocks = rng.Next(3);
        for (int b = 0; b < fullBlocks; b++)
            full.Add($"full{b}", $"full_type{b}", 1 + rng.Next(5), Features(ref rng));
        int verbs = 2 + rng.Next(4);
        IReadOnlyList<BlockSpec> seen = layout.Build();
        var heads = new List<ActionHeadSpec> { new("verb", Names("verb", verbs), null, [0]) };
        int more = 1 + rng.Next(4);
        for (int h = 0; h < more; h++)
        {
            int[] rows = new int[verbs];
            for (int v = 0; v < verbs; v++)
                rows[v] = rng.Next(4) == 0 ? -1 : rng.Next(3) == 0 ? 1 : 0;
            rows[0] = 0;
            if (rng.Next(2) == 0)
            {
                heads.Add(new ActionHeadSpec($"head{h}", Names("option", 1 + rng.Next(20)), null, rows));
                continue;
            }
            List<BlockSpec> pointed = [.. seen.Take(1 + rng.Next(seen.Count))];
            heads.Add(new ActionHeadSpec($"head{h}", [.. pointed.SelectMany(b => Names(b.Name, b.Slots))], [.. pointed.Select(b => b.Name)], rows));
        }
        return new EnvironmentSpec
        {
            Name = "random",
            ContentHash = "1",
            Teams = 2,
            AgentsPerTeam = 1 + rng.Next(4),
            SecondsPerDecision = 1,
            TicksPerDecision = 1,
            Observation = seen,
            FullState = full.Build(),
            Heads = heads,
            ValueHeads = Names("value", 1 + rng.Next(3)),
            Rewards = [new RewardTermSpec("reward", "value0", 1)],
            ScriptedPlayers = [],
        }.Validated();
    }

    /// <summary>A network that uses every kind of layer that fits, in odd widths.</summary>
    public static NetworkDescription Network(EnvironmentSpec spec, ref Rng rng)
    {
        int e = 1 + rng.Next(40);
        var layers = new List<Layer>();
        var encoders = new Dictionary<string, string>();
        var vectors = new List<string>();
        var sets = new List<string>();
        foreach (BlockSpec b in spec.Observation)
        {
            string name = "see." + b.Name;
            bool share = encoders.TryGetValue(b.EntityType, out string? first) && rng.Next(3) > 0;
            layers.Add(new Layer(name, LayerKind.Encode, [b.Name], e, rng.Next(4) > 0 ? Activation.Relu : Activation.None, share ? first : null));
            encoders.TryAdd(b.EntityType, name);
            if (rng.Next(2) == 0)
            {
                layers.Add(new Layer("deep." + b.Name, LayerKind.Linear, [name], e, Activation.Relu));
                name = "deep." + b.Name;
            }
            sets.Add(name);
            layers.Add(b.Slots == 1 && rng.Next(2) == 0
                ? new Layer("one." + b.Name, LayerKind.Single, [name])
                : new Layer("pool." + b.Name, LayerKind.Pool, [name]));
            vectors.Add(layers[^1].Name);
        }
        layers.Add(new Layer("pool.all", LayerKind.Pool, sets));
        layers.Add(new Layer("ask", LayerKind.Linear, vectors, 1 + rng.Next(30)));
        layers.Add(new Layer("attend", LayerKind.Attend, ["ask", .. sets], Queries: 1 + rng.Next(4)));
        layers.Add(new Layer("trunk", LayerKind.Linear, [.. vectors, "attend", "pool.all"], 1 + rng.Next(70), Activation.Relu));
        layers.Add(new Layer("core", Cell(ref rng), ["trunk", "pool.all"], 1 + rng.Next(50)));
        layers.Add(new Layer("core2", Cell(ref rng), ["core"], 1 + rng.Next(20)));
        // A second look with other questions, or the same ones again.
        if (rng.Next(2) == 0)
        {
            layers.Add(new Layer("again", LayerKind.Linear, vectors, layers.Single(l => l.Name == "ask").Width, Shares: rng.Next(2) == 0 ? "ask" : null));
            layers.Add(new Layer("look", LayerKind.Attend, ["again", .. sets.Skip(sets.Count / 2)], Queries: layers.Single(l => l.Name == "attend").Queries, Shares: rng.Next(2) == 0 ? "attend" : null));
        }
        foreach (ActionHeadSpec h in spec.Heads)
        {
            string[] given = [.. spec.Heads.TakeWhile(x => x != h).Select(x => x.Name).Where((_, i) => i < 2)];
            layers.Add(h.PointerBlocks is null
                ? new Layer(h.Name, LayerKind.Choice, ["core2", "trunk"], 1 + rng.Next(40), Given: given)
                : new Layer(h.Name, LayerKind.Pointer, ["core2", .. h.PointerBlocks.Select(b => sets[spec.Observation.ToList().FindIndex(x => x.Name == b)])], 1 + rng.Next(40), Given: given));
        }
        var critic = new List<string>();
        foreach (BlockSpec b in spec.FullState)
        {
            layers.Add(new Layer("see." + b.Name, LayerKind.Encode, [b.Name], 1 + rng.Next(20), Activation.Relu));
            layers.Add(new Layer("pool." + b.Name, LayerKind.Pool, ["see." + b.Name]));
            critic.Add("pool." + b.Name);
        }
        if (critic.Count > 0)
        {
            if (rng.Next(2) == 0)
            {
                layers.Add(new Layer("full_ask", LayerKind.Linear, [.. critic], 1 + rng.Next(9)));
                layers.Add(new Layer("full_attend", LayerKind.Attend, ["full_ask", "see." + spec.FullState[0].Name], Queries: 1 + rng.Next(3)));
                critic.Add("full_attend");
            }
            layers.Add(new Layer("full", LayerKind.Linear, critic, 1 + rng.Next(40), Activation.Relu));
            layers.Add(new Layer("joined", LayerKind.Linear, ["core", "full", "pool.all"], 1 + rng.Next(40), Activation.Relu));
            critic = ["full", "joined"];
        }
        string[] look = layers.Any(l => l.Name == "look") ? ["look"] : [];
        layers.Add(new Layer("values", LayerKind.Values, ["core", .. critic, "attend", .. look], 1 + rng.Next(40)));
        return new NetworkDescription("random", layers);
    }

    private static LayerKind Cell(ref Rng rng) => rng.Next(2) == 0 ? LayerKind.Gru : LayerKind.Lstm;

    /// <summary>A member of the family of sizes, with widths and parts at random.</summary>
    public static NetworkDescription Size(EnvironmentSpec spec, ref Rng rng)
        => new NetworkSize("family", 1 + rng.Next(40), 1 + rng.Next(4), 1 + rng.Next(60), 1 + rng.Next(40), 1 + rng.Next(40), 1 + rng.Next(30))
        {
            Cell = (CoreCell)rng.Next(3),
            EncoderLayers = 1 + rng.Next(2),
            GivenAllEarlier = rng.Next(2) == 0,
            PrivilegedCritic = rng.Next(3) > 0,
        }.Describe(spec);

    /// <summary>Weights large enough that every part of the network matters.</summary>
    public static Weights Weights(NetworkPlan plan, ref Rng rng)
    {
        var weights = Policies.Weights.Zeros(plan);
        foreach (ParameterSpec p in plan.Parameters)
        {
            float scale = p.Shape.Length == 2 && !p.Name.Contains(".given.", StringComparison.Ordinal) ? 1.7f / MathF.Sqrt(p.Shape[1]) : 0.3f;
            foreach (ref float w in weights[p.Name].AsSpan())
                w = scale * (2 * rng.NextSingle() - 1);
        }
        return weights;
    }

    /// <summary>Rows of a layout of blocks: about half the slots present, some rows with none, rubbish in absent slots.</summary>
    public static byte[] Rows(IReadOnlyList<BlockSpec> blocks, int count, ref Rng rng)
    {
        int bytes = blocks.Count == 0 ? 0 : blocks.Max(b => b.Offset + b.Bytes);
        var rows = new byte[count * bytes];
        for (int r = 0; r < count; r++)
        {
            Span<byte> row = rows.AsSpan(r * bytes, bytes);
            foreach (BlockSpec b in blocks)
            {
                bool any = rng.Next(4) > 0;
                for (int s = 0; s < b.Slots; s++)
                {
                    row[b.Offset + s] = (byte)(any ? rng.Next(2) : 0);
                    Span<byte> slot = row.Slice(b.RowsOffset + s * b.SlotBytes, b.SlotBytes);
                    foreach (FeatureSpec f in b.Features)
                        Fill(slot.Slice(b.FeatureOffset(f.Name), f.Bytes), f, ref rng);
                }
            }
        }
        return rows;
    }

    /// <summary>Masks of all sorts: random, sometimes one option, sometimes none.</summary>
    public static byte[] Masks(EnvironmentSpec spec, int rows, ref Rng rng)
    {
        var masks = new byte[rows * spec.MaskBytes];
        int at = 0;
        while (at < masks.Length)
        {
            foreach (ActionHeadSpec h in spec.Heads)
            {
                for (int m = 0; m < h.MaskRowCount; m++, at += h.Size)
                {
                    int mode = rng.Next(8);
                    for (int o = 0; o < h.Size; o++)
                        masks[at + o] = (byte)(mode == 0 ? 0 : mode == 1 ? 1 : rng.Next(2));
                }
            }
        }
        return masks;
    }

    /// <summary>An environment of the shape of a five-a-side game: 36 slots of 10 to 24 features, for measuring.</summary>
    public static EnvironmentSpec FiveASide()
    {
        FeatureSpec[] unit = [.. Scalars(8), new("kind", FeatureKind.Categorical, 12), new("state", FeatureKind.BitSet, 6)];
        FeatureSpec[] hero = [.. Scalars(16), new("hp", FeatureKind.Half), new("gold", FeatureKind.Half), new("hero", FeatureKind.Categorical, 20), new("last", FeatureKind.Categorical, 8), new("status", FeatureKind.BitSet, 10)];
        IReadOnlyList<BlockSpec> seen = new BlockLayout()
            .Add("self", "self", 1, [.. hero, new FeatureSpec("macro", FeatureKind.Categorical, 9)])
            .Add("ally", "hero", 4, hero).Add("enemy", "hero", 5, hero)
            .Add("creep", "unit", 12, unit).Add("tower", "unit", 6, unit).Add("neutral", "unit", 4, unit)
            .Add("zone", "zone", 3, Scalars(10)).Add("map", "map", 1, Scalars(24)).Build();
        IReadOnlyList<BlockSpec> full = new BlockLayout().Add("full_hero", "full_hero", 10, hero).Add("full_tower", "full_tower", 12, unit).Build();
        string[] pointed = ["ally", "enemy", "creep", "tower", "neutral"];
        return new EnvironmentSpec
        {
            Name = "five",
            ContentHash = "1",
            Teams = 2,
            AgentsPerTeam = 5,
            SecondsPerDecision = 0.5f,
            TicksPerDecision = 8,
            Observation = seen,
            FullState = full,
            Heads =
            [
                new ActionHeadSpec("verb", Names("verb", 11), null, [0]),
                new ActionHeadSpec("direction", Names("d", 16), null, [-1, 0, -1, 0, 0, -1, -1, -1, -1, -1, -1]),
                new ActionHeadSpec("distance", Names("r", 4), null, [-1, 0, -1, 0, 0, -1, -1, -1, -1, -1, -1]),
                new ActionHeadSpec("target", [.. seen.Where(b => pointed.Contains(b.Name)).SelectMany(b => Names(b.Name, b.Slots))], pointed, [-1, -1, 0, -1, -1, 1, 1, 1, -1, -1, -1]),
            ],
            ValueHeads = Names("value", 5),
            Rewards = [new RewardTermSpec("reward", "value0", 1)],
            ScriptedPlayers = [],
        }.Validated();

        static FeatureSpec[] Scalars(int count) => [.. Enumerable.Range(0, count).Select(i => new FeatureSpec($"x{i}", FeatureKind.Scalar8))];
    }

    private static void Fill(Span<byte> to, FeatureSpec f, ref Rng rng)
    {
        switch (f.Kind)
        {
            case FeatureKind.Half:
                BitConverter.TryWriteBytes(to, (Half)((rng.NextSingle() - 0.5f) * (rng.Next(3) == 0 ? 1e-5f : 4f)));
                break;
            case FeatureKind.Categorical:
                to[0] = (byte)rng.Next(f.Size);
                break;
            case FeatureKind.BitSet:
                for (int i = 0; i < f.Size; i++)
                    to[i / 8] = (byte)(i % 8 == 0 ? rng.Next(2) : to[i / 8] | rng.Next(2) << (i % 8));
                break;
            default:
                to[0] = (byte)rng.Next(256);
                break;
        }
    }

    private static FeatureSpec[] Features(ref Rng rng)
    {
        var features = new FeatureSpec[1 + rng.Next(14)];
        FeatureKind favourite = (FeatureKind)rng.Next(4);
        for (int i = 0; i < features.Length; i++)
        {
            FeatureKind kind = rng.Next(2) == 0 ? favourite : (FeatureKind)rng.Next(4);
            int size = kind is FeatureKind.Categorical or FeatureKind.BitSet ? 1 + rng.Next(12) : 1;
            features[i] = new FeatureSpec($"f{i}", kind, size);
        }
        return features;
    }

    private static string[] Names(string prefix, int count) => [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i}")];
}
