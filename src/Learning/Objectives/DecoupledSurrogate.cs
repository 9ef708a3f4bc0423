using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>
/// The decoupled surrogate (Hilton, Cobbe and Schulman 2021): what bounds a step is the policy as it was when the update began (the proximal
/// policy), what corrects for stale experience is a weight of its own, π_prox / μ · min(r A, clip(r) A) with r = π / π_prox. Clipping therefore
/// takes nothing away from steps that are merely old. The weight is capped, as is usual with stale data (AReaL, Fu et al. 2025).
/// </summary>
/// <param name="surrogate">The clipped part.</param>
/// <param name="largestWeight">Cap of π_prox / μ.</param>
internal sealed class DecoupledSurrogate(ClippedSurrogate surrogate, float largestWeight) : IPolicyObjective
{
    public bool NeedsProximal => true;

    public Tensor Of(Tensor now, Tensor behaviour, Tensor? proximal, Tensor advantages)
    {
        Tensor weight = Ratios.Of(proximal!, behaviour).clamp_max(largestWeight);
        return weight * surrogate.Clipped(Ratios.Of(now, proximal!), advantages);
    }
}
