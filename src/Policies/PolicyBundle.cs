using System.Text.Json;
using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>Who a policy is and where it came from.</summary>
public sealed record PolicyCard
{
    /// <summary>Name of the league member, for example <c>main</c>.</summary>
    public required string Member { get; init; }

    /// <summary>Version of the member; 0 for a policy that never was a snapshot.</summary>
    public int Version { get; init; }

    /// <summary>Agent-steps that optimiser updates used.</summary>
    public long TrainedSteps { get; init; }

    /// <summary>What it was trained on, in words: environment, mode, opponents.</summary>
    public string TrainedOn { get; init; } = "";

    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Ratings by name, for example <c>elo</c>.</summary>
    public IReadOnlyDictionary<string, double> Ratings { get; init; } = new Dictionary<string, double>();

    public string Notes { get; init; } = "";

    /// <summary>Names of the policies that it was distilled from; empty for others.</summary>
    public IReadOnlyList<string> Teachers { get; init; } = [];

    /// <summary>The game that it was trained on, line-ups included; null where a bundle does not say.</summary>
    public EnvironmentRecipe? Played { get; init; }
}

/// <summary>
/// A policy as one file: network description, weights, environment spec and card. The file is a safetensors file whose metadata carries the
/// rest as JSON, so that any safetensors tool opens it.
/// </summary>
public sealed class PolicyBundle
{
    private const string Kind = "selfplayarena.policy";
    private const string Format = "1";
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <exception cref="InvalidNetworkException">The weights are not the plan's.</exception>
    public PolicyBundle(NetworkPlan plan, Weights weights, PolicyCard card)
    {
        weights.Check(plan);
        (Plan, Weights, Card) = (plan, weights, card);
    }

    /// <summary>The network, resolved against <see cref="Spec"/>.</summary>
    public NetworkPlan Plan { get; }

    public NetworkDescription Description => Plan.Description;

    /// <summary>The environment the network was made for.</summary>
    public EnvironmentSpec Spec => Plan.Spec;

    public Weights Weights { get; }

    public PolicyCard Card { get; }

    /// <summary>Packs the network for the CPU.</summary>
    /// <param name="like">A plan to use instead of an equal one of its own: runners keep their buffers when they go from one network of a plan to another.</param>
    public PolicyNetwork ToNetwork(NetworkPlan? like = null)
        => new(like is not null && like.Spec.Hash == Spec.Hash && like.Description.IsSameAs(Description) ? like : Plan, Weights);

    /// <summary>
    /// The same policy for a later version of its environment: what the new spec adds enters with zero weights, so that the old outputs on old
    /// inputs stay as they are. Returns this bundle if nothing changed.
    /// </summary>
    /// <exception cref="BundleException">The new spec removed or moved something; shows both layouts.</exception>
    public PolicyBundle AdaptTo(EnvironmentSpec spec) => Adaptation.Of(this, spec, "policy " + Card.Member);

    /// <summary>Writes the file atomically: its name holds the old content or the whole new one.</summary>
    public void Save(string path) => SafeTensors.Save(path, Weights.Tensors, Metadata());

    /// <summary>Writes the file's content to a stream.</summary>
    public void Write(Stream stream) => SafeTensors.Write(stream, Weights.Tensors, Metadata());

    /// <exception cref="BundleException">Not a sound bundle; names the file and what was expected.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PolicyBundle Load(string path) => From(SafeTensors.Load(path), path);

    /// <param name="name">Name for messages.</param>
    /// <exception cref="BundleException">Not a sound bundle.</exception>
    public static PolicyBundle Read(ReadOnlyMemory<byte> content, string name) => From(SafeTensors.Read(content, name), name);

    private Dictionary<string, string> Metadata() => new()
    {
        ["kind"] = Kind,
        ["format"] = Format,
        ["network"] = Description.ToJson(),
        ["environment"] = Spec.ToJson(),
        ["content_hash"] = Spec.ContentHash,
        ["card"] = JsonSerializer.Serialize(Card, Json),
    };

    private static PolicyBundle From(SafeTensorsContent content, string file)
    {
        string kind = content.Metadata.GetValueOrDefault("kind", "");
        if (kind != Kind)
            throw new BundleException(file, $"is a safetensors file but no policy bundle: its metadata says kind '{kind}', expected '{Kind}'");
        if (Text("format") != Format)
            throw new BundleException(file, $"has bundle format '{Text("format")}'; this program reads format {Format}");
        NetworkDescription network = Part("network", NetworkDescription.FromJson);
        EnvironmentSpec spec = Part("environment", json => EnvironmentSpec.FromJson(json).Validated());
        if (Text("content_hash") != spec.ContentHash)
            throw new BundleException(file, $"has content hash '{Text("content_hash")}' beside an environment of content '{spec.ContentHash}'; expected them to agree");
        PolicyCard card = Part("card", json => JsonSerializer.Deserialize<PolicyCard>(json, Json) ?? throw new JsonException("a card is a JSON object, not null"));
        try
        {
            return new PolicyBundle(new NetworkPlan(network, spec), new Weights(content.Tensors), card);
        }
        catch (InvalidNetworkException e)
        {
            throw new BundleException(file, e.Message, e);
        }

        string Text(string key) => content.Metadata.TryGetValue(key, out string? text)
            ? text
            : throw new BundleException(file, $"lacks the metadata entry '{key}'; a bundle has kind, format, network, environment, content_hash and card");

        T Part<T>(string key, Func<string, T> read)
        {
            string text = Text(key);
            try
            {
                return read(text);
            }
            // A spec or description with parts missing fails in many ways; all of them mean the same to the reader of the message.
            catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or NullReferenceException or NotSupportedException)
            {
                throw new BundleException(file, $"has a metadata entry '{key}' that cannot be read: {e.Message}", e);
            }
        }
    }
}
