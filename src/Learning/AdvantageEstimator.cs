using SelfPlayArena.Core;

namespace SelfPlayArena.Learning;

/// <summary>
/// Advantages and value targets of a chunk, one value head at a time, as each has its own discount and λ (multi-head values, Ye et al. 2020),
/// by the rule that the options name.
/// </summary>
public sealed class AdvantageEstimator
{
    /// <summary>Numbers that the estimate of a chunk hands to the chunk before it, for each agent and value head.</summary>
    public const int CarryWidth = 2;

    private readonly float[] _termWeight;
    private readonly int[] _termHead;
    private readonly ValueHeadOptions[] _heads;
    private readonly IReturnRule _rule;
    private readonly int _bonusHead;
    private readonly float _bonusWeight;

    /// <exception cref="ArgumentException">Unknown rule.</exception>
    public AdvantageEstimator(EnvironmentSpec spec, PpoOptions options)
    {
        _termWeight = [.. spec.Rewards.Select(r => options.RewardWeights.TryGetValue(r.Name, out float w) ? w : r.Weight)];
        _termHead = [.. Enumerable.Range(0, spec.Rewards.Count).Select(spec.ValueHeadOf)];
        _heads = [.. spec.ValueHeads.Select(options.ForValueHead)];
        _rule = ReturnRules.Named(options);
        _bonusHead = options.NoveltyHead is null ? 0 : spec.ValueHeads.ToList().IndexOf(options.NoveltyHead);
        _bonusWeight = options.Novelty;
    }

    /// <summary>Whether <see cref="Estimate"/> wants to know how likely the present policy finds the actions.</summary>
    public bool NeedsRatios => _rule.NeedsRatios;

    /// <summary>
    /// Fills the advantages [T, A, value heads] and the value targets [T, A, value heads] of a chunk's played steps.
    /// Steps from <see cref="TrajectoryChunk.Length"/> on are left alone.
    /// </summary>
    /// <param name="ratios">[T, A]: probability of each joint action under the present policy over that under the one that chose it; empty for 1.</param>
    /// <param name="following">
    /// [A, value heads, <see cref="CarryWidth"/>]: what the estimate of the same match's next chunk put into its <paramref name="first"/>, where that
    /// is at hand; else empty. With it the estimate reaches beyond the chunk, so that the length of back-propagation does not bound the horizon of credit.
    /// </param>
    /// <param name="first">[A, value heads, <see cref="CarryWidth"/>]: receives what the chunk before this one goes on from.</param>
    /// <param name="bonus">[T, A]: novelty bonuses before their weight; empty for none.</param>
    public void Estimate(
        TrajectoryChunk chunk, Span<float> advantages, Span<float> returns, ReadOnlySpan<float> ratios = default, ReadOnlySpan<float> following = default, Span<float> first = default,
        ReadOnlySpan<float> bonus = default)
    {
        int agents = chunk.Layout.Agents;
        int heads = _heads.Length;
        int terms = _termWeight.Length;
        ReadOnlySpan<float> rewards = chunk.Rewards;
        ReadOnlySpan<float> values = chunk.Values;
        ReadOnlySpan<float> bootstrap = chunk.Bootstrap;
        Span<float> reward = stackalloc float[heads];
        Span<Carry> carry = stackalloc Carry[heads];
        for (int a = 0; a < agents; a++)
        {
            int at = a * heads * CarryWidth;
            for (int h = 0; h < heads; h++)
                carry[h] = following.IsEmpty ? default : new Carry(following[at + h * CarryWidth], following[at + h * CarryWidth + 1]);
            for (int t = chunk.Length - 1; t >= 0; t--)
            {
                int row = t * agents + a;
                reward.Clear();
                for (int k = 0; k < terms; k++)
                    reward[_termHead[k]] += _termWeight[k] * rewards[row * terms + k];
                if (!bonus.IsEmpty)
                    reward[_bonusHead] += _bonusWeight * bonus[row];
                for (int h = 0; h < heads; h++)
                {
                    float next = t < chunk.Length - 1 ? values[(row + agents) * heads + h]
                        : chunk.Terminated ? 0f
                        : bootstrap[a * heads + h];
                    ValueHeadOptions o = _heads[h];
                    var input = new StepInput(reward[h], values[row * heads + h], next, ratios.IsEmpty ? 1f : ratios[row], o.Gamma, o.Lambda);
                    (advantages[row * heads + h], returns[row * heads + h]) = _rule.Step(input, ref carry[h]);
                }
            }
            for (int h = 0; h < heads && !first.IsEmpty; h++)
                (first[at + h * CarryWidth], first[at + h * CarryWidth + 1]) = carry[h];
        }
    }
}
