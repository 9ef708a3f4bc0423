using System.Numerics;
using System.Runtime.InteropServices;
using SelfPlayArena.Core;

namespace SelfPlayArena.Streaming;

/// <summary>
/// Whether a received chunk can have been played at all: a chosen option outside its head or against the mask, or a number that is not finite,
/// would fail in the middle of an update or, worse, not fail. Numbers far beyond what any play brings are refused as well: one such reward
/// spoils the learner's running mean of returns for good, without anything ever being infinite.
/// </summary>
internal static class ChunkCheck
{
    /// <summary>A whole match's rewards come to some hundred.</summary>
    private const float MostReward = 1e5f, MostValue = 1e6f, MostState = 1e4f;

    /// <summary>Nobody samples what has less probability than e to the minus that; beyond it, ratios of probabilities overflow.</summary>
    private const float MostSurprise = 80, Rounding = 0.01f;

    /// <summary>What is wrong with a chunk; null if nothing is.</summary>
    public static string? Problem(TrajectoryChunk chunk)
    {
        EnvironmentSpec spec = chunk.Layout.Spec;
        if (chunk.Length > chunk.Layout.Steps)
            return $"it has {chunk.Length} steps, its layout {chunk.Layout.Steps}";
        if (chunk.Team >= spec.Teams)
            return $"it is about team {chunk.Team} of {spec.Teams}";
        if (!chunk.Player.IsLatest)
            return $"it is about {chunk.Player}, which does not learn";
        if (chunk.Terminated && chunk.Truncated)
            return "it says both that the match ended and that it was cut short";
        return Beyond(chunk.Rewards, MostReward, "rewards") ?? Beyond(chunk.Values, MostValue, "values") ?? Beyond(chunk.Bootstrap, MostValue, "bootstrap values")
            ?? Beyond(chunk.InitialState, MostState, "recurrent state") ?? Beyond(chunk.LogProbabilities, MostSurprise, "log-probabilities") ?? Choices(chunk, spec);
    }

    private static string? Beyond(ReadOnlySpan<float> values, float most, string what)
        => Within(values, most) ? null : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"its {what} are not finite, or beyond {most}");

    private static string? Choices(TrajectoryChunk chunk, EnvironmentSpec spec)
    {
        int heads = spec.Heads.Count, options = spec.OptionCount, rows = chunk.AgentSteps;
        ReadOnlySpan<short> actions = chunk.Actions;
        ReadOnlySpan<byte> masks = chunk.Masks;
        ReadOnlySpan<float> logs = chunk.LogProbabilities;
        Span<int> sizes = stackalloc int[heads];
        for (int h = 0; h < heads; h++)
            sizes[h] = spec.Heads[h].Size;
        for (int row = 0; row < rows; row++)
        {
            int at = row * options;
            for (int h = 0; h < heads; h++)
            {
                int action = actions[row * heads + h];
                if (action < -1 || action >= sizes[h] || (action < 0 && h == 0))
                    return $"agent-step {row} chose {action} of the {sizes[h]} options of head '{spec.Heads[h].Name}'";
                if (logs[row * heads + h] > Rounding)
                    return $"agent-step {row} has a probability above 1 in head '{spec.Heads[h].Name}'";
                if (action >= 0 && masks[at + action] == 0)
                    return $"agent-step {row} chose the forbidden option {action} of head '{spec.Heads[h].Name}'";
                at += sizes[h];
            }
        }
        return null;
    }

    /// <summary>Without their signs, floats are in the order of their bits; what is not finite comes last.</summary>
    private static bool Within(ReadOnlySpan<float> values, float most)
    {
        const uint Magnitude = 0x7FFF_FFFF;
        uint limit = BitConverter.SingleToUInt32Bits(most);
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(values);
        int at = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var limits = new Vector<uint>(limit);
            var magnitude = new Vector<uint>(Magnitude);
            for (; at <= bits.Length - Vector<uint>.Count; at += Vector<uint>.Count)
            {
                if (Vector.GreaterThanAny(new Vector<uint>(bits[at..]) & magnitude, limits))
                    return false;
            }
        }
        for (; at < bits.Length; at++)
        {
            if ((bits[at] & Magnitude) > limit)
                return false;
        }
        return true;
    }
}
