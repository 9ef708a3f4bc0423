using System.Runtime.Intrinsics;
using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>
/// A network with its weights packed for the CPU. Immutable: any number of <see cref="PolicyRunner"/>s on any threads may share it. The
/// weights are copied; later changes to them do not reach it.
/// </summary>
public sealed class PolicyNetwork
{
    private readonly Weights _weights;

    /// <exception cref="InvalidNetworkException">The weights are not the plan's.</exception>
    public PolicyNetwork(NetworkPlan plan, Weights weights)
        : this(plan, weights, Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)
    {
    }

    /// <param name="vectorBits">Width of the vectors in the matrix products: 512, 256 or 128; all work on every machine, some slowly.</param>
    internal PolicyNetwork(NetworkPlan plan, Weights weights, int vectorBits)
    {
        weights.Check(plan);
        Plan = plan;
        VectorBits = vectorBits;
        _weights = weights;
        Layers = [.. plan.Layers.Select(l => new CompiledLayer(l))];
        foreach (CompiledLayer layer in Layers)
            Compile(layer);
        Heads = [.. plan.Heads.Select(h => Layers[h.Index])];
        _weights = null!;
    }

    public NetworkPlan Plan { get; }

    internal int VectorBits { get; }

    internal CompiledLayer[] Layers { get; }

    internal CompiledLayer[] Heads { get; }

    internal List<EncoderGroup> Groups { get; } = [];

    /// <summary>Floats of one row of all vectors, by scope.</summary>
    internal int[] VectorStride { get; } = new int[2];

    private void Compile(CompiledLayer c)
    {
        PlannedLayer l = c.Plan;
        string name = l.Owner.Name;
        if (!l.IsSet && l.Head < 0 && l.Kind != LayerKind.Values)
        {
            c.Offset = VectorStride[(int)l.Scope];
            // Loops write whole vectors of eight: widths that are none need room after the last.
            VectorStride[(int)l.Scope] += AlignedFloats.Pad(l.Width % 8 == 0 ? l.Width : l.Width + 7);
        }
        switch (l.Kind)
        {
            case LayerKind.Encode:
                EncoderGroup? group = Groups.FirstOrDefault(g => g.Accepts(l));
                if (group is null)
                {
                    group = new EncoderGroup(VectorBits, l, _weights, Groups.Count);
                    Groups.Add(group);
                }
                group.Members.Add(l);
                c.Group = group;
                break;
            case LayerKind.Linear or LayerKind.Attend:
                Inputs(c, name + ".weight", name + ".bias", l.Width);
                break;
            case LayerKind.Gru:
                Gru(c, name);
                break;
            case LayerKind.Lstm:
                _ = Gates(c, name, l.Gates);
                break;
            case LayerKind.Choice or LayerKind.Pointer or LayerKind.Values:
                int hidden = l.Layer.Width;
                Inputs(c, name + ".hidden.weight", name + ".hidden.bias", hidden);
                WeightTensor output = _weights.Tensors[name + ".out.weight"];
                float[] bias = _weights[name + ".out.bias"];
                c.Second = new PackedMatrix(VectorBits, output.Shape[0], hidden, (o, i) => output.Values[o * hidden + i], o => bias[o]);
                c.Given = [.. l.GivenHeads.Select(g => PadRows(_weights.Tensors[$"{name}.given.{Plan.Spec.Heads[g].Name}"]))];
                break;
        }
    }

    /// <summary>Packs the first product, the columns of team scope apart from those of agents.</summary>
    private void Inputs(CompiledLayer c, string weight, string bias, int outputs)
    {
        float[] w = _weights[weight];
        float[] b = _weights[bias];
        int inputs = c.Plan.InputWidth;
        if (c.Plan.IsSet)
        {
            c.Main = new PackedMatrix(VectorBits, outputs, inputs, (o, i) => w[o * inputs + i], o => b[o]);
            return;
        }
        (c.Inputs, int[] own) = Split(c.Plan, c.Plan.Scope);
        c.Main = new PackedMatrix(VectorBits, outputs, own.Length, (o, i) => w[o * inputs + own[i]], o => b[o]);
        if (c.Plan.Scope == LayerScope.Team)
            return;
        (c.TeamInputs, int[] shared) = Split(c.Plan, LayerScope.Team);
        if (shared.Length > 0)
            c.Team = new PackedMatrix(VectorBits, outputs, shared.Length, (o, i) => w[o * inputs + shared[i]], null);
    }

    private static ((PlannedLayer, int)[] Inputs, int[] Columns) Split(PlannedLayer layer, LayerScope scope)
    {
        var inputs = new List<(PlannedLayer, int)>();
        var columns = new List<int>();
        int at = 0;
        foreach (PlannedLayer input in layer.VectorInputs)
        {
            if (input.Scope == scope)
            {
                inputs.Add((input, columns.Count));
                columns.AddRange(Enumerable.Range(at, input.Width));
            }
            at += input.Width;
        }
        return ([.. inputs], [.. columns]);
    }

    private void Gru(CompiledLayer c, string name)
    {
        int width = c.Plan.Width, inputs = c.Plan.InputWidth, n = 2 * width;
        (float[] ih, float[] hh, float[] bih, float[] bhh) = Gates(c, name, 2);
        c.Second = new PackedMatrix(VectorBits, width, inputs, (o, i) => ih[(n + o) * inputs + i], o => bih[n + o]);
        c.Third = new PackedMatrix(VectorBits, width, width, (o, i) => hh[(n + o) * width + i], o => bhh[n + o]);
    }

    /// <summary>Packs a recurrent layer's first gates, each over x and h together, and returns its weights and biases of x and of h.</summary>
    private (float[] Ih, float[] Hh, float[] Bih, float[] Bhh) Gates(CompiledLayer c, string name, int gates)
    {
        int width = c.Plan.Width, inputs = c.Plan.InputWidth;
        (c.Inputs, _) = Split(c.Plan, c.Plan.Scope);
        float[] ih = _weights[name + ".weight_ih"], hh = _weights[name + ".weight_hh"];
        float[] bih = _weights[name + ".bias_ih"], bhh = _weights[name + ".bias_hh"];
        c.Main = new PackedMatrix(VectorBits, gates * width, inputs + width, (o, i) => i < inputs ? ih[o * inputs + i] : hh[o * width + i - inputs], o => bih[o] + bhh[o]);
        return (ih, hh, bih, bhh);
    }

    private static AlignedFloats PadRows(WeightTensor t)
    {
        int stride = AlignedFloats.Pad(t.Shape[1]);
        var rows = new AlignedFloats((long)t.Shape[0] * stride);
        for (int r = 0; r < t.Shape[0]; r++)
            t.Values.AsSpan(r * t.Shape[1], t.Shape[1]).CopyTo(rows.Span[(r * stride)..]);
        return rows;
    }
}
