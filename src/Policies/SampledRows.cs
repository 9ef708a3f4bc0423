using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>Rows that actions are drawn for, and where the draws go.</summary>
/// <param name="count">Number of rows.</param>
/// <param name="masks">[rows, mask bytes] as environments write them.</param>
/// <param name="rngs">One generator for all rows, or [rows].</param>
/// <param name="actions">[rows, heads].</param>
/// <param name="logProbabilities">[rows, heads].</param>
/// <param name="applied">[rows, options of all heads], or empty.</param>
/// <param name="temperature">Divides the logits. 0 takes the likeliest option, with its log-probability at temperature 1.</param>
public readonly ref struct SampledRows(
    int count, ReadOnlySpan<byte> masks, Span<Rng> rngs, Span<short> actions, Span<float> logProbabilities, Span<byte> applied, float temperature)
{
    internal readonly int Count = count;
    internal readonly ReadOnlySpan<byte> Masks = masks;
    internal readonly Span<Rng> Rngs = rngs;
    internal readonly Span<short> Actions = actions;
    internal readonly Span<float> LogProbabilities = logProbabilities;
    internal readonly Span<byte> Applied = applied;
    internal readonly float Temperature = temperature;
}
