using SelfPlayArena.Core;

namespace SelfPlayArena.Learning;

/// <summary>
/// Generalised advantage estimation (Schulman et al. 2016), one value head at a time, as each has its own discount and λ;
/// the policy's advantage is the weighted sum over the heads (multi-head values, Ye et al. 2020).
/// </summary>
public sealed class AdvantageEstimator
{
    private readonly float[] _termWeight;
    private readonly int[] _termHead;
    private readonly ValueHeadOptions[] _heads;

    public AdvantageEstimator(EnvironmentSpec spec, PpoOptions options)
    {
        _termWeight = [.. spec.Rewards.Select(r => options.RewardWeights.TryGetValue(r.Name, out float w) ? w : r.Weight)];
        _termHead = [.. Enumerable.Range(0, spec.Rewards.Count).Select(spec.ValueHeadOf)];
        _heads = [.. spec.ValueHeads.Select(options.ForValueHead)];
    }

    /// <summary>
    /// Fills the advantages [T, A] (weighted sum over heads) and the λ-returns [T, A, value heads] of a chunk's played steps.
    /// Steps from <see cref="TrajectoryChunk.Length"/> on are left alone.
    /// </summary>
    /// <param name="following">
    /// [A, value heads]: the advantages of the step after the last one, where the same match's next chunk is at hand; else zeros. With them the
    /// estimate reaches beyond the chunk, so that the length of back-propagation does not bound the horizon of credit.
    /// </param>
    /// <param name="first">[A, value heads]: receives the advantages of the first step, for the chunk before this one.</param>
    public void Estimate(TrajectoryChunk chunk, Span<float> advantages, Span<float> returns, ReadOnlySpan<float> following = default, Span<float> first = default)
    {
        int agents = chunk.Layout.Agents;
        int heads = _heads.Length;
        int terms = _termWeight.Length;
        ReadOnlySpan<float> rewards = chunk.Rewards;
        ReadOnlySpan<float> values = chunk.Values;
        ReadOnlySpan<float> bootstrap = chunk.Bootstrap;
        advantages[..(chunk.Length * agents)].Clear();
        Span<float> reward = stackalloc float[heads];
        Span<float> advantage = stackalloc float[heads];
        for (int a = 0; a < agents; a++)
        {
            advantage.Clear();
            if (!following.IsEmpty)
                following.Slice(a * heads, heads).CopyTo(advantage);
            for (int t = chunk.Length - 1; t >= 0; t--)
            {
                int row = t * agents + a;
                reward.Clear();
                for (int k = 0; k < terms; k++)
                    reward[_termHead[k]] += _termWeight[k] * rewards[row * terms + k];
                for (int h = 0; h < heads; h++)
                {
                    float next = t < chunk.Length - 1 ? values[(row + agents) * heads + h]
                        : chunk.Terminated ? 0f
                        : bootstrap[a * heads + h];
                    ValueHeadOptions o = _heads[h];
                    float value = values[row * heads + h];
                    float delta = reward[h] + o.Gamma * next - value;
                    advantage[h] = delta + o.Gamma * o.Lambda * advantage[h];
                    returns[row * heads + h] = advantage[h] + value;
                    advantages[row] += o.Weight * advantage[h];
                }
            }
            if (!first.IsEmpty)
                advantage.CopyTo(first.Slice(a * heads, heads));
        }
    }
}
