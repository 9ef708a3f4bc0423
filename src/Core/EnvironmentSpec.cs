using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SelfPlayArena.Core;

/// <summary>One factored part of an action.</summary>
/// <param name="Name">Unique; what networks and old policies match it by.</param>
/// <param name="Options">Names of the options, in index order. For a pointer head: one a pointed slot, <c>block[slot]</c>.</param>
/// <param name="PointerBlocks">Null for a plain choice; else the observation blocks whose slots, in this order, are the options.</param>
/// <param name="MaskRows">
/// For each verb (option of head 0), the row of this head's legal mask that applies, or -1 where the verb does not use the head.
/// For head 0 itself: a single 0.
/// </param>
public sealed record ActionHeadSpec(string Name, IReadOnlyList<string> Options, IReadOnlyList<string>? PointerBlocks, IReadOnlyList<int> MaskRows)
{
    /// <summary>Number of options.</summary>
    public int Size => Options.Count;

    /// <summary>Number of mask rows the environment writes for this head.</summary>
    public int MaskRowCount { get; } = MaskRows.Count == 0 ? 0 : MaskRows.Max() + 1;
}

/// <summary>A named reward term and the value head that learns its return.</summary>
/// <param name="Name">Unique.</param>
/// <param name="ValueHead">One of <see cref="EnvironmentSpec.ValueHeads"/>.</param>
/// <param name="Weight">Default weight of the term in the reward.</param>
public sealed record RewardTermSpec(string Name, string ValueHead, float Weight);

/// <summary>
/// Everything that is to be known about an environment's interface. Networks, chunk layouts, exporters, clients and
/// documentation read it; nobody repeats its numbers.
/// </summary>
public sealed class EnvironmentSpec
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Name of the environment and mode, for example <c>moba/5v5</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Version hash of rules and content; replays and bundles carry it.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Number of teams; agents are numbered team by team.</summary>
    public required int Teams { get; init; }

    /// <summary>Agents (heroes) a team.</summary>
    public required int AgentsPerTeam { get; init; }

    /// <summary>Seconds of game time between two decisions.</summary>
    public required float SecondsPerDecision { get; init; }

    /// <summary>Simulation ticks a decision.</summary>
    public required int TicksPerDecision { get; init; }

    /// <summary>What one agent sees, in storage order.</summary>
    public required IReadOnlyList<BlockSpec> Observation { get; init; }

    /// <summary>The privileged full state as one team sees it (mirrored to its side); training only. May be empty.</summary>
    public required IReadOnlyList<BlockSpec> FullState { get; init; }

    /// <summary>Action heads in sampling order; head 0 is the verb.</summary>
    public required IReadOnlyList<ActionHeadSpec> Heads { get; init; }

    /// <summary>Names of the value heads, each learning the sum of its reward terms.</summary>
    public required IReadOnlyList<string> ValueHeads { get; init; }

    /// <summary>Named reward terms in the order the environment writes them.</summary>
    public required IReadOnlyList<RewardTermSpec> Rewards { get; init; }

    /// <summary>Versioned names of scripted players the environment offers, for example <c>easy@1</c>. <c>random</c> is always there.</summary>
    public required IReadOnlyList<string> ScriptedPlayers { get; init; }

    [JsonIgnore] public int Agents => Teams * AgentsPerTeam;

    /// <summary>Bytes of one agent's observation.</summary>
    [JsonIgnore] public int ObservationBytes => Once(ref _observationBytes, static s => s.Observation.Count == 0 ? 0 : s.Observation.Max(b => b.Offset + b.Bytes));

    /// <summary>Bytes of one team's full state.</summary>
    [JsonIgnore] public int FullStateBytes => Once(ref _fullStateBytes, static s => s.FullState.Count == 0 ? 0 : s.FullState.Max(b => b.Offset + b.Bytes));

    /// <summary>Bytes of one agent's legal mask: for each head its rows of one byte (0 or 1) an option, heads in order.</summary>
    [JsonIgnore] public int MaskBytes => Once(ref _maskBytes, static s => s.Heads.Sum(h => h.MaskRowCount * h.Size));

    /// <summary>Sum of the heads' sizes: bytes of the masks that applied to one chosen action.</summary>
    [JsonIgnore] public int OptionCount => Once(ref _optionCount, static s => s.Heads.Sum(h => h.Size));

    /// <summary>Byte offset of a head's row within an agent's mask.</summary>
    public int MaskOffset(int head, int row)
    {
        int offset = 0;
        for (int h = 0; h < head; h++)
            offset += Heads[h].MaskRowCount * Heads[h].Size;
        return offset + row * Heads[head].Size;
    }

    /// <summary>Index of the value head that a reward term belongs to.</summary>
    public int ValueHeadOf(int rewardTerm)
    {
        for (int i = 0; i < ValueHeads.Count; i++)
        {
            if (ValueHeads[i] == Rewards[rewardTerm].ValueHead)
                return i;
        }
        throw new InvalidOperationException($"reward term '{Rewards[rewardTerm].Name}' names the unknown value head '{Rewards[rewardTerm].ValueHead}'");
    }

    /// <summary>The whole layout as indented JSON; <see cref="FromJson"/> reads it back.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="JsonException">Not a spec.</exception>
    public static EnvironmentSpec FromJson(string json)
        => JsonSerializer.Deserialize<EnvironmentSpec>(json, Json) ?? throw new JsonException("an environment spec is a JSON object, not null");

    /// <summary>Hash of the layout (not of the content): two specs with one hash can exchange chunks.</summary>
    [JsonIgnore]
    public ulong Hash
    {
        get
        {
            if (_hash == 0)
                _hash = StableHash.Of(Encoding.UTF8.GetBytes(LayoutJson()));
            return _hash;
        }
    }

    private ulong _hash;

    // Sizes plus one, 0 while unknown: hosts ask for them for every row, and adding them up anew would allocate each time.
    private int _observationBytes, _fullStateBytes, _maskBytes, _optionCount;

    private int Once(ref int sizePlusOne, Func<EnvironmentSpec, int> compute)
    {
        if (sizePlusOne == 0)
            sizePlusOne = compute(this) + 1;
        return sizePlusOne - 1;
    }

    private string LayoutJson() => JsonSerializer.Serialize(new { Name, Teams, AgentsPerTeam, Observation, FullState, Heads, ValueHeads, Rewards }, Json);

    /// <summary>Checks names, offsets and cross references; environments call it once when they build their spec.</summary>
    /// <exception cref="InvalidOperationException">Says which part is wrong.</exception>
    public EnvironmentSpec Validated()
    {
        foreach (IReadOnlyList<BlockSpec> blocks in new[] { Observation, FullState })
        {
            int end = 0;
            var features = new Dictionary<string, BlockSpec>();
            foreach (BlockSpec b in blocks)
            {
                Require(b.Offset == end, $"block '{b.Name}' starts at {b.Offset}, expected {end}");
                Require(b.Slots > 0 && b.Features.Count > 0, $"block '{b.Name}' is empty");
                Require(b.Features.Select(f => f.Name).Distinct().Count() == b.Features.Count, $"block '{b.Name}' names a feature twice");
                if (!features.TryAdd(b.EntityType, b))
                    Require(features[b.EntityType].Features.SequenceEqual(b.Features), $"blocks '{b.Name}' and '{features[b.EntityType].Name}' share the entity type '{b.EntityType}' but not the features");
                end = b.Offset + b.Bytes;
            }
            Require(blocks.Select(b => b.Name).Distinct().Count() == blocks.Count, "two blocks have one name");
        }
        Require(Heads.Count > 0 && Heads[0].PointerBlocks is null, "head 0 must be a plain choice: the verb");
        foreach (ActionHeadSpec h in Heads.Skip(1))
        {
            Require(h.MaskRows.Count == Heads[0].Size, $"head '{h.Name}' has {h.MaskRows.Count} mask rows entries for {Heads[0].Size} verbs");
            if (h.PointerBlocks is not null)
                Require(h.Size == h.PointerBlocks.Sum(p => Observation.Single(b => b.Name == p).Slots), $"pointer head '{h.Name}' has {h.Size} options, its blocks have another number of slots");
        }
        for (int r = 0; r < Rewards.Count; r++)
            _ = ValueHeadOf(r);
        return this;

        static void Require(bool ok, string problem)
        {
            if (!ok)
                throw new InvalidOperationException("environment spec: " + problem);
        }
    }
}

/// <summary>Builds consecutive blocks without anybody adding up offsets.</summary>
public sealed class BlockLayout
{
    private readonly List<BlockSpec> _blocks = [];
    private int _offset;

    public BlockLayout Add(string name, string entityType, int slots, params IReadOnlyList<FeatureSpec> features)
    {
        var block = new BlockSpec(name, entityType, slots, features, _offset);
        _blocks.Add(block);
        _offset += block.Bytes;
        return this;
    }

    public IReadOnlyList<BlockSpec> Build() => _blocks;
}
