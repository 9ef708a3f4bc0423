using System.Numerics;
using System.Runtime.InteropServices;
using SelfPlayArena.Core;

namespace SelfPlayArena.Streaming;

/// <summary>
/// Whether a received chunk can have been played at all: a chosen option outside its head or against the mask, or a number that is not finite,
/// would fail in the middle of an update or, worse, not fail.
/// </summary>
internal static class ChunkCheck
{
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
        if (!Finite(chunk.Rewards) || !Finite(chunk.Values) || !Finite(chunk.Bootstrap) || !Finite(chunk.InitialState) || !Finite(chunk.LogProbabilities))
            return "it holds numbers that are not finite";
        return Choices(chunk, spec);
    }

    private static string? Choices(TrajectoryChunk chunk, EnvironmentSpec spec)
    {
        int heads = spec.Heads.Count, options = spec.OptionCount, rows = chunk.AgentSteps;
        ReadOnlySpan<short> actions = chunk.Actions;
        ReadOnlySpan<byte> masks = chunk.Masks;
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
                if (action >= 0 && masks[at + action] == 0)
                    return $"agent-step {row} chose the forbidden option {action} of head '{spec.Heads[h].Name}'";
                at += sizes[h];
            }
        }
        return null;
    }

    /// <summary>A float is not finite where all bits of its exponent are set.</summary>
    private static bool Finite(ReadOnlySpan<float> values)
    {
        const uint Exponent = 0x7F80_0000;
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(values);
        int at = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var exponent = new Vector<uint>(Exponent);
            for (; at <= bits.Length - Vector<uint>.Count; at += Vector<uint>.Count)
            {
                if (Vector.EqualsAny(new Vector<uint>(bits[at..]) & exponent, exponent))
                    return false;
            }
        }
        for (; at < bits.Length; at++)
        {
            if ((bits[at] & Exponent) == Exponent)
                return false;
        }
        return true;
    }
}
