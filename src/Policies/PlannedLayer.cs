using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>How often a layer is evaluated.</summary>
public enum LayerScope
{
    /// <summary>Once for an agent and decision.</summary>
    Agent,

    /// <summary>Once for a team and decision: only full-state blocks feed it.</summary>
    Team,
}

/// <summary>A run of a weight matrix's columns that belongs to one input.</summary>
/// <param name="Name">Name of a feature (encoders) or of the input layer.</param>
/// <param name="Width">Number of columns.</param>
public sealed record Segment(string Name, int Width);

/// <summary>One parameter tensor.</summary>
/// <param name="Name"><c>LAYER.weight</c> and so on, see <see cref="LayerKind"/>.</param>
/// <param name="Shape">[out, in] for matrices, [out] for biases.</param>
/// <param name="Columns">What the columns of a matrix stand for, in order; empty for biases.</param>
public sealed record ParameterSpec(string Name, int[] Shape, IReadOnlyList<Segment> Columns)
{
    /// <summary>Number of elements.</summary>
    public int Length { get; } = Shape.Aggregate(1, (a, b) => a * b);
}

/// <summary>A layer with everything resolved against an environment's spec.</summary>
public sealed class PlannedLayer
{
    internal PlannedLayer(Layer layer, int index, IReadOnlyList<PlannedLayer> inputs)
    {
        Layer = layer;
        Index = index;
        Inputs = inputs;
        Owner = this;
    }

    public Layer Layer { get; }

    public string Name => Layer.Name;

    public LayerKind Kind => Layer.Kind;

    /// <summary>Position in <see cref="NetworkPlan.Layers"/>.</summary>
    public int Index { get; }

    /// <summary>The layers it reads; empty for <see cref="LayerKind.Encode"/>.</summary>
    public IReadOnlyList<PlannedLayer> Inputs { get; }

    /// <summary>The layer whose parameters it uses: itself, or the one it shares with.</summary>
    public PlannedLayer Owner { get; internal set; }

    /// <summary>Output is a set [<see cref="Slots"/>, <see cref="Width"/>] instead of a vector [<see cref="Width"/>].</summary>
    public bool IsSet { get; internal set; }

    /// <summary>Width of the output: options of a head, value heads of <c>values</c>.</summary>
    public int Width { get; internal set; }

    /// <summary>Slots of the output; 1 for vectors.</summary>
    public int Slots { get; internal set; } = 1;

    /// <summary>Inputs of the (first) weight matrix: expanded features, or the concatenated vectors; for an attention, the width of its vector.</summary>
    public int InputWidth { get; internal set; }

    public LayerScope Scope { get; internal set; }

    /// <summary>Neither a head nor the recurrent state depends on it: only training hosts evaluate it.</summary>
    public bool IsCritic { get; internal set; } = true;

    /// <summary>For sets: the block whose slots these are.</summary>
    public BlockSpec? Block { get; internal set; }

    /// <summary>The vectors among <see cref="Inputs"/>, in order.</summary>
    public IReadOnlyList<PlannedLayer> VectorInputs => [.. Inputs.Where(i => !i.IsSet)];

    /// <summary>The sets among <see cref="Inputs"/>, in order.</summary>
    public IReadOnlyList<PlannedLayer> SetInputs => [.. Inputs.Where(i => i.IsSet)];

    /// <summary>For heads: index in the spec's heads; else -1.</summary>
    public int Head { get; internal set; } = -1;

    /// <summary>For heads: indices of the earlier heads it is conditioned on.</summary>
    public IReadOnlyList<int> GivenHeads { get; internal set; } = [];

    /// <summary>For a recurrent layer: gates that its parameters hold, 3 (GRU) or 4 (LSTM); else 0.</summary>
    public int Gates => Kind switch
    {
        LayerKind.Gru => 3,
        LayerKind.Lstm => 4,
        _ => 0,
    };

    /// <summary>For a recurrent layer: entries of its state; else 0.</summary>
    public int StateWidth => Kind switch
    {
        LayerKind.Gru => Width,
        LayerKind.Lstm => 2 * Width,
        _ => 0,
    };

    /// <summary>For a recurrent layer: first entry of its state in the recurrent vector; else -1.</summary>
    public int RecurrentOffset { get; internal set; } = -1;
}
