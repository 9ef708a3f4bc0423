using System.Buffers.Binary;
using System.Numerics;
using SelfPlayArena.Core;
using SelfPlayArena.Moba;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Server.Matches.Minds;

/// <summary>
/// Looks into a policy: what it observes, how likely it holds its options to be, what it expects. Evaluates the network once more, for the hero's
/// whole team, and leaves the bots' own memory alone. Holds the buffers of one thread.
/// </summary>
internal sealed class MindReader
{
    /// <summary>Options below this are not told.</summary>
    private const float Negligible = 0.005f;

    private const string Direction = "direction", Target = "target";

    [ThreadStatic]
    private static MindReader? s_ofThread;

    private PolicyRunner? _runner;
    private byte[] _observations = [], _masks = [], _full = [], _team = [];
    private float[] _memory = [], _values = [], _logits = [];
    private short[] _actions = [];

    public static MindReader OfThread => s_ofThread ??= new MindReader();

    /// <summary>A policy's mind as the content of a frame.</summary>
    /// <param name="environment">In the state in which it decides.</param>
    /// <param name="agent">Whose mind.</param>
    /// <param name="memory">[agents a team, H] the team's memory before the decision; replaced by that after it.</param>
    /// <param name="chosen">[heads] what it chose; heads are told given the choices before them.</param>
    /// <param name="player">What the policy is called.</param>
    /// <param name="layout">Whether to tell the names of what is observed too.</param>
    /// <param name="number">Under which number a unit goes over the wire.</param>
    public (string, object?)[] Read(
        MobaEnvironment environment, int agent, PolicyNetwork network, Span<float> memory, ReadOnlySpan<short> chosen, string player, bool layout, Func<int, int> number)
    {
        EnvironmentSpec spec = environment.Spec;
        int per = spec.AgentsPerTeam, team = agent / per, row = agent % per, heads = spec.Heads.Count;
        Grow(ref _observations, spec.Agents * spec.ObservationBytes);
        Grow(ref _masks, spec.Agents * spec.MaskBytes);
        Grow(ref _full, spec.Teams * spec.FullStateBytes);
        Grow(ref _team, per * spec.ObservationBytes);
        Grow(ref _memory, per * network.Plan.RecurrentSize);
        Grow(ref _actions, per * heads);
        environment.Observe(0, _observations, _masks, _full);
        _observations.AsSpan(team * per * spec.ObservationBytes, per * spec.ObservationBytes).CopyTo(_team);
        memory.CopyTo(_memory);
        if (_runner is null)
            _runner = new PolicyRunner(network);
        else
            _runner.Use(network);
        _runner.Forward(per, _team, _memory);
        _memory.AsSpan(0, memory.Length).CopyTo(memory);
        _actions.AsSpan(0, per * heads).Fill(-1);
        chosen.CopyTo(_actions.AsSpan(row * heads));
        ReadOnlySpan<byte> seen = _observations.AsSpan(agent * spec.ObservationBytes, spec.ObservationBytes);
        int unit = UnitIndex.Hero(team, row);
        return
        [
            ("unit", unit), ("tick", environment.State(0).Tick), ("player", player), ("values", Values(network, spec, team, row)),
            ("heads", Heads(environment, agent, row, chosen, number)), ("blocks", layout ? Layout(spec) : null), ("seen", Seen(spec, seen)),
        ];
    }

    private List<object?[]> Values(PolicyNetwork network, EnvironmentSpec spec, int team, int row)
    {
        if (network.Plan.Values is null)
            return [];
        int count = spec.ValueHeads.Count;
        Grow(ref _values, spec.AgentsPerTeam * count);
        _runner!.Values(1, _full.AsSpan(team * spec.FullStateBytes, spec.FullStateBytes), _values);
        return [.. Enumerable.Range(0, count).Select(v => (object?[])[spec.ValueHeads[v], _values[row * count + v]])];
    }

    private List<(string, object?)[]> Heads(MobaEnvironment environment, int agent, int row, ReadOnlySpan<short> chosen, Func<int, int> number)
    {
        EnvironmentSpec spec = environment.Spec;
        var told = new List<(string, object?)[]>();
        for (int h = 0; h < spec.Heads.Count; h++)
        {
            ActionHeadSpec head = spec.Heads[h];
            int mask = h == 0 ? 0 : chosen[0] < 0 ? -1 : head.MaskRows[chosen[0]];
            if (mask < 0)
                continue;
            Grow(ref _logits, spec.AgentsPerTeam * head.Size);
            _runner!.HeadLogits(h, _actions.AsSpan(0, spec.AgentsPerTeam * spec.Heads.Count), _logits);
            ReadOnlySpan<byte> legal = _masks.AsSpan(agent * spec.MaskBytes + spec.MaskOffset(h, mask), head.Size);
            var options = new List<object?[]>();
            float[] likely = Likely(_logits.AsSpan(row * head.Size, head.Size), legal);
            for (int o = 0; o < head.Size; o++)
            {
                if (likely[o] >= Negligible)
                    options.Add([Named(environment, agent, head, o, number), likely[o]]);
            }
            told.Add([("head", head.Name), ("chosen", chosen[h] < 0 ? null : Named(environment, agent, head, chosen[h], number)), ("options", options)]);
        }
        return told;
    }

    /// <summary>What an option is called: directions in the world's frame, targets by the unit that stands in the slot.</summary>
    private static object Named(MobaEnvironment environment, int agent, ActionHeadSpec head, int option, Func<int, int> number) => head.Name switch
    {
        Direction => agent < environment.Spec.AgentsPerTeam ? option : Directions.Mirror(option),
        Target => number(environment.TargetOf(0, agent, option)),
        _ => head.Options[option],
    };

    /// <summary>Softmax over what is legal.</summary>
    private static float[] Likely(ReadOnlySpan<float> logits, ReadOnlySpan<byte> legal)
    {
        float[] likely = new float[logits.Length];
        float most = float.NegativeInfinity, sum = 0;
        for (int i = 0; i < logits.Length; i++)
            most = legal[i] != 0 ? MathF.Max(most, logits[i]) : most;
        for (int i = 0; i < logits.Length; i++)
            sum += likely[i] = legal[i] != 0 ? MathF.Exp(logits[i] - most) : 0f;
        for (int i = 0; i < logits.Length && sum > 0; i++)
            likely[i] /= sum;
        return likely;
    }

    private static List<(string, object?)[]> Layout(EnvironmentSpec spec)
        => [.. spec.Observation.Select(b => ((string, object?)[])[("name", b.Name), ("slots", b.Slots), ("features", b.Features.Select(f => (object?[])[f.Name, f.Unit]))])];

    /// <summary>Of each slot that is there: the block's index, the slot, and its values in their units; of bits how many are set.</summary>
    private static List<object?[]> Seen(EnvironmentSpec spec, ReadOnlySpan<byte> observation)
    {
        var seen = new List<object?[]>();
        for (int b = 0; b < spec.Observation.Count; b++)
        {
            BlockSpec block = spec.Observation[b];
            for (int slot = 0; slot < block.Slots; slot++)
            {
                if (observation[block.Offset + slot] != 0)
                    seen.Add([b, slot, Row(block, observation.Slice(block.RowsOffset + slot * block.SlotBytes, block.SlotBytes))]);
            }
        }
        return seen;
    }

    private static List<object?> Row(BlockSpec block, ReadOnlySpan<byte> row)
    {
        var values = new List<object?>();
        foreach (FeatureSpec f in block.Features)
        {
            values.Add(f.Kind switch
            {
                FeatureKind.Scalar8 => (sbyte)row[0] / 127f * f.Scale,
                FeatureKind.Half => (float)BinaryPrimitives.ReadHalfLittleEndian(row) * f.Scale,
                FeatureKind.Categorical => (object)(int)row[0],
                _ => Bits(row[..f.Bytes]),
            });
            row = row[f.Bytes..];
        }
        return values;
    }

    private static int Bits(ReadOnlySpan<byte> bytes)
    {
        int set = 0;
        foreach (byte b in bytes)
            set += BitOperations.PopCount(b);
        return set;
    }

    private static void Grow<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new T[length];
    }
}
