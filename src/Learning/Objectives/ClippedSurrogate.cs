using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>
/// The clipped surrogate (PPO, Schulman et al. 2017), min(r A, clip(r, 1 - ε, 1 + ε′) A), with the dual clip of Ye et al. 2020 (not below c A for
/// negative advantages) and, if wanted, a higher upper bound ε′ (clip-higher, DAPO, Yu et al. 2025). The ratio r is that of the joint action: the
/// heads' log-probabilities add up, so that a clip bounds the whole decision and not each of its parts.
/// </summary>
internal sealed class ClippedSurrogate(float low, float high, float dual) : IPolicyObjective
{
    public bool NeedsProximal => false;

    public Tensor Of(Tensor now, Tensor behaviour, Tensor? proximal, Tensor advantages) => Clipped(Ratios.Of(now, behaviour), advantages);

    /// <summary>
    /// [R]. As c · min(A, 0) is 0 for positive advantages, where the clipped objective is never negative, one maximum serves both signs.
    /// </summary>
    public Tensor Clipped(Tensor ratio, Tensor advantages)
    {
        Tensor objective = (ratio * advantages).minimum(ratio.clamp(1 - low, 1 + high) * advantages);
        return dual > 0 ? objective.maximum(advantages.clamp(null, 0) * dual) : objective;
    }
}
