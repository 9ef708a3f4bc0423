using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>
/// The policy gradient with a clipped importance weight, ρ A log π with ρ = min(ρ̄, π / μ) taken as a constant: IMPALA's actor loss
/// (Espeholt et al. 2018), also used by AlphaStar for its upgoing returns. Belongs to V-trace; there is no trust region, so one pass over a
/// batch is all it stands.
/// </summary>
internal sealed class ImportanceWeighted(float rhoClip) : IPolicyObjective
{
    public bool NeedsProximal => false;

    public Tensor Of(Tensor now, Tensor behaviour, Tensor? proximal, Tensor advantages)
        => Ratios.Of(now.detach(), behaviour).clamp_max(rhoClip) * advantages * now;
}
