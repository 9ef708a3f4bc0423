using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>Carries a policy over to an extended environment, matching everything by name.</summary>
internal static class Adaptation
{
    /// <summary>Seeds the encoders of new blocks and the hidden layers of new heads; nothing reads them until training says so.</summary>
    private const ulong Seed = 0x5E1F;

    public static PolicyBundle Of(PolicyBundle old, EnvironmentSpec spec, string name)
    {
        if (ReferenceEquals(old.Spec, spec))
            return old;
        LayoutChange.Check(old.Spec, spec, name);
        NetworkPlan plan;
        try
        {
            plan = new NetworkPlan(Extend(old.Plan, spec), spec);
        }
        catch (InvalidNetworkException e)
        {
            throw LayoutChange.Refusal(old.Spec, spec, name, "cannot be extended: " + e.Message);
        }
        return new PolicyBundle(plan, Carry(old, plan, name), old.Card);
    }

    private static NetworkDescription Extend(NetworkPlan plan, EnvironmentSpec spec)
    {
        var layers = plan.Description.Layers.ToList();
        AddBlocks(plan, layers, spec.Observation, plan.Spec.Observation, LayerScope.Agent);
        AddBlocks(plan, layers, spec.FullState, plan.Spec.FullState, LayerScope.Team);
        foreach (ActionHeadSpec head in spec.Heads)
        {
            PlannedLayer? known = plan.Heads.FirstOrDefault(h => h.Name == head.Name);
            if (known is null)
            {
                layers.Add(NewHead(plan, layers, head, spec));
                continue;
            }
            // A head that points at nothing new stays where it is: an environment that did not change leaves the description as it was.
            if (head.PointerBlocks is null || head.PointerBlocks.Count == known.SetInputs.Count)
                continue;
            int at = layers.FindIndex(l => l.Name == head.Name);
            IEnumerable<string> added = head.PointerBlocks.Skip(known.SetInputs.Count).Select(b => EncoderOf(layers, b));
            layers[at] = layers[at] with { Inputs = [.. layers[at].Inputs, .. added] };
            // The encoder of a new block may have come to stand after the head.
            Layer moved = layers[at];
            layers.RemoveAt(at);
            layers.Add(moved);
        }
        if (spec.ValueHeads.Count > 0 && plan.Values is null)
            layers.Add(new Layer("values", LayerKind.Values, [.. plan.Heads[0].VectorInputs.Select(v => v.Name)], plan.Heads[0].Layer.Width));
        return plan.Description with { Layers = layers };
    }

    private static void AddBlocks(NetworkPlan plan, List<Layer> layers, IReadOnlyList<BlockSpec> blocks, IReadOnlyList<BlockSpec> known, LayerScope scope)
    {
        BlockSpec[] added = [.. blocks.Where(b => known.All(k => k.Name != b.Name))];
        if (added.Length == 0)
            return;
        // Whoever reads pooled blocks of the scope also reads the new ones; without such a layer the critic takes full-state blocks directly.
        var consumers = plan.Layers.Where(l => l.Kind == LayerKind.Linear && !l.IsSet
            && l.Inputs.Any(i => i.Scope == scope && i.Kind is LayerKind.Pool or LayerKind.Single)).Select(l => l.Name).ToHashSet();
        if (consumers.Count == 0 && scope == LayerScope.Team)
            consumers.Add("values");
        int at = layers.FindIndex(l => consumers.Contains(l.Name));
        if (at < 0)
            at = layers.Count;
        int width = plan.Layers.FirstOrDefault(l => l.Kind == LayerKind.Encode && l.Scope == scope)?.Width
            ?? plan.Layers.FirstOrDefault(l => l.Kind == LayerKind.Encode)?.Width ?? plan.Heads[0].Layer.Width;
        foreach (BlockSpec block in added)
        {
            BlockSpec? kin = blocks.FirstOrDefault(b => b.EntityType == block.EntityType && layers.Take(at).Any(l => l.Kind == LayerKind.Encode && l.Inputs[0] == b.Name));
            Layer? shared = kin is null ? null : layers.Take(at).First(l => l.Kind == LayerKind.Encode && l.Inputs[0] == kin.Name);
            string see = Unique(layers, "see." + block.Name);
            layers.Insert(at++, new Layer(see, LayerKind.Encode, [block.Name], shared?.Width ?? width, shared?.Activation ?? Activation.Relu, shared?.Name));
            string pool = Unique(layers, (block.Slots == 1 ? "one." : "pool.") + block.Name);
            layers.Insert(at++, new Layer(pool, block.Slots == 1 ? LayerKind.Single : LayerKind.Pool, [see]));
            for (int i = 0; i < layers.Count; i++)
            {
                if (consumers.Contains(layers[i].Name))
                    layers[i] = layers[i] with { Inputs = [.. layers[i].Inputs, pool] };
            }
        }
    }

    private static Layer NewHead(NetworkPlan plan, List<Layer> layers, ActionHeadSpec head, EnvironmentSpec spec)
    {
        PlannedLayer verb = plan.Heads[0];
        string[] given = [spec.Heads[0].Name];
        if (head.PointerBlocks is null)
            return new Layer(head.Name, LayerKind.Choice, [.. verb.VectorInputs.Select(v => v.Name)], verb.Layer.Width, Given: given);
        return new Layer(head.Name, LayerKind.Pointer, [verb.VectorInputs[^1].Name, .. head.PointerBlocks.Select(b => EncoderOf(layers, b))], verb.Layer.Width, Given: given);
    }

    private static string EncoderOf(List<Layer> layers, string block)
        => layers.FirstOrDefault(l => l.Kind == LayerKind.Encode && l.Inputs[0] == block)?.Name ?? "see." + block;

    private static string Unique(List<Layer> layers, string name)
    {
        string unique = name;
        for (int i = 2; layers.Any(l => l.Name == unique); i++)
            unique = name + "." + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return unique;
    }

    private static Weights Carry(PolicyBundle old, NetworkPlan plan, string name)
    {
        Weights weights = WeightInitializer.Create(plan, Seed);
        var known = old.Plan.Parameters.ToDictionary(p => p.Name);
        foreach (ParameterSpec p in plan.Parameters)
        {
            float[] to = weights[p.Name];
            if (!known.TryGetValue(p.Name, out ParameterSpec? before))
            {
                if (plan.Heads.Append(plan.Values).Any(h => h is not null && p.Name.StartsWith(h.Name + ".out.", StringComparison.Ordinal)))
                    Array.Clear(to);
                continue;
            }
            Array.Clear(to);
            string[]? oldRows = RowNames(old.Plan, p.Name), newRows = RowNames(plan, p.Name);
            int oldWidth = before.Length / before.Shape[0], newWidth = p.Length / p.Shape[0];
            List<(int From, int To, int Count)> columns = Columns(before, p, name);
            for (int r = 0; r < before.Shape[0]; r++)
            {
                int row = oldRows is null ? r : Array.IndexOf(newRows!, oldRows[r]);
                foreach ((int from, int at, int count) in columns)
                    old.Weights[p.Name].AsSpan(r * oldWidth + from, count).CopyTo(to.AsSpan(row * newWidth + at));
            }
        }
        return weights;
    }

    /// <summary>Names of a parameter's rows where they stand for options or value heads; null where they are plain widths.</summary>
    private static string[]? RowNames(NetworkPlan plan, string parameter)
    {
        foreach (PlannedLayer head in plan.Heads)
        {
            foreach (int g in head.GivenHeads)
            {
                if (parameter == $"{head.Name}.given.{plan.Spec.Heads[g].Name}")
                    return [.. plan.Spec.Heads[g].Options];
            }
            if (head.Kind == LayerKind.Choice && (parameter == head.Name + ".out.weight" || parameter == head.Name + ".out.bias"))
                return [.. plan.Spec.Heads[head.Head].Options];
        }
        return parameter is "values.out.weight" or "values.out.bias" ? [.. plan.Spec.ValueHeads] : null;
    }

    private static List<(int From, int To, int Count)> Columns(ParameterSpec old, ParameterSpec now, string name)
    {
        if (old.Columns.Count == 0)
            return [(0, 0, 1)];
        var map = new List<(int, int, int)>();
        int matched = 0, from = 0, to = 0;
        foreach (Segment segment in now.Columns)
        {
            // A feature may have got more categories or bits at its end; layers keep their widths.
            if (matched < old.Columns.Count && old.Columns[matched].Name == segment.Name && old.Columns[matched].Width <= segment.Width)
            {
                map.Add((from, to, old.Columns[matched].Width));
                from += old.Columns[matched].Width;
                matched++;
            }
            to += segment.Width;
        }
        if (matched < old.Columns.Count)
            throw new BundleException(name, $"parameter '{old.Name}' had the columns {Text(old)}, now {Text(now)}; old ones must stay in order");
        return map;

        static string Text(ParameterSpec p) => string.Join(", ", p.Columns.Select(c => $"{c.Name}:{c.Width}"));
    }
}
