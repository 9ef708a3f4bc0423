using System.Text.Json;
using System.Text.Json.Serialization;

namespace SelfPlayArena.Policies;

/// <summary>The kinds of layers a network is made of. Every interpreter implements exactly these.</summary>
/// <remarks>
/// Vectors have shape [width]. Sets have shape [slots, width] and a presence mask; what absent slots hold never influences anything.
/// All weight matrices are [out, in] and act as y = W x + b.
/// </remarks>
public enum LayerKind
{
    /// <summary>
    /// Input: one observation block (<c>creep</c>) or full-state block (<c>full_hero</c>). Output: a set [slots, Width],
    /// y = act(W x + b) with x the slot's expanded features in storage order.
    /// </summary>
    Encode,

    /// <summary>
    /// Inputs: either any number of vectors, concatenated in order, giving a vector [Width]; or exactly one set, giving a set [slots, Width].
    /// y = act(W x + b).
    /// </summary>
    Linear,

    /// <summary>Inputs: sets of one width, their slots joined. Output: a vector [2·width], the maximum and then the mean over present slots; zeros if none is present.</summary>
    Pool,

    /// <summary>Input: one set of one slot. Output: that slot as a vector [width], zeros if it is absent.</summary>
    Single,

    /// <summary>
    /// Inputs: a vector v, then sets of one width e, their slots joined. Few-query attention: q = W v + b, reshaped to [Queries, e];
    /// a = softmax over present slots of q·x_s / √e; output: the vector [Queries·e] of Σ a x_s, zeros if none is present. Parameters: W [Queries·e, |v|], b.
    /// </summary>
    Attend,

    /// <summary>
    /// Inputs: vectors, concatenated. Recurrent; its state, and output, is a vector [Width]. r = σ(W_ir x + b_ir + W_hr h + b_hr), z likewise,
    /// n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn)), h' = (1 - z) ⊙ n + z ⊙ h (reset after the product, gate order r, z, n).
    /// Parameters: weight_ih [3·Width, in], weight_hh [3·Width, Width], bias_ih, bias_hh [3·Width].
    /// </summary>
    Gru,

    /// <summary>
    /// Inputs: vectors, concatenated. Recurrent (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000); its state is [h, c], 2·Width
    /// entries, its output h [Width]. i = σ(W_ii x + b_ii + W_hi h + b_hi), f and o likewise, g likewise with tanh,
    /// c' = f ⊙ c + i ⊙ g, h' = o ⊙ tanh c' (gate order i, f, g, o).
    /// Parameters: weight_ih [4·Width, in], weight_hh [4·Width, Width], bias_ih, bias_hh [4·Width].
    /// </summary>
    Lstm,

    /// <summary>
    /// An action head of plain options; the layer's name is the head's. Inputs: vectors, concatenated. z = relu(W₁ x + b₁ + Σ_g E_g[choice of g])
    /// over the earlier heads g in <see cref="Layer.Given"/>, then logits = W₂ z + b₂. Width is that of z.
    /// Parameters: hidden.weight, hidden.bias, given.NAME [options of NAME, Width], out.weight [options, Width], out.bias.
    /// </summary>
    Choice,

    /// <summary>
    /// A pointer head; the layer's name is the head's. Inputs: a vector, then the sets that encode the head's pointer blocks, in the head's order,
    /// of one width e. z as for <see cref="Choice"/>; q = W₂ z + b₂ of width e; logit of slot s = q·x_s / √e.
    /// Parameters as for <see cref="Choice"/> with out.weight [e, Width].
    /// </summary>
    Pointer,

    /// <summary>
    /// The critic's output, name <c>values</c>. Inputs: vectors (also of full-state scope), concatenated. z = relu(W₁ x + b₁);
    /// values = W₂ z + b₂ [value heads]. Parameters: hidden.weight, hidden.bias, out.weight [value heads, Width], out.bias.
    /// </summary>
    Values,
}

public enum Activation
{
    None,
    Relu,
}

/// <summary>One named layer.</summary>
/// <param name="Name">Unique; parameters are named <c>NAME.weight</c> and so on.</param>
/// <param name="Inputs">Names of earlier layers, or of a block for <see cref="LayerKind.Encode"/>.</param>
/// <param name="Width">Output or hidden width, see the kind.</param>
/// <param name="Shares">Name of an earlier layer of the same kind and shapes whose parameters this one uses.</param>
/// <param name="Queries">Number of queries (Attend).</param>
/// <param name="Given">Names of earlier heads this head is conditioned on (Choice, Pointer).</param>
public sealed record Layer(
    string Name,
    LayerKind Kind,
    IReadOnlyList<string> Inputs,
    int Width = 0,
    Activation Activation = Activation.None,
    string? Shares = null,
    int Queries = 0,
    IReadOnlyList<string>? Given = null);

/// <summary>
/// A policy's network as data: layers in evaluation order. The CPU interpreter, the libtorch interpreter and exporters read the same
/// description. Layers that only full-state blocks feed are of team scope: evaluated once for a team and decision, and shared by its agents.
/// </summary>
/// <param name="Name">Name of the size, for example <c>tiny</c>.</param>
public sealed record NetworkDescription(string Name, IReadOnlyList<Layer> Layers)
{
    /// <summary>Version of the description language; readers refuse newer ones.</summary>
    public int Format { get; init; } = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Whether weights of the one fit the other: same name, format and layers.</summary>
    public bool IsSameAs(NetworkDescription other) => ToJson() == other.ToJson();

    /// <exception cref="JsonException">Not a network description.</exception>
    public static NetworkDescription FromJson(string json)
        => JsonSerializer.Deserialize<NetworkDescription>(json, Json) ?? throw new JsonException("a network description is a JSON object, not null");
}
