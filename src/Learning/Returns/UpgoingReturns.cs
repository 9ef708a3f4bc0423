namespace SelfPlayArena.Learning;

/// <summary>
/// Upgoing policy update (Vinyals et al. 2019, AlphaStar): the return follows what was played as long as that went better than expected and falls
/// back on the value where it did not, G_t = r_t + γ G_{t+1} if r_{t+1} + γ V_{t+2} ≥ V_{t+1}, else r_t + γ V_{t+1}; the advantage is
/// G_t - V_t. The paper has γ = 1. The critic learns λ-returns, as there.
/// </summary>
internal sealed class UpgoingReturns : IReturnRule
{
    public bool NeedsRatios => false;

    public StepReturn Step(in StepInput s, ref Carry carry)
    {
        float error = s.Reward + s.Gamma * s.Next - s.Value;
        float advantage = error + s.Gamma * carry.Advantage;
        float target = error + s.Gamma * s.Lambda * carry.Target;
        carry = new Carry(error >= 0 ? advantage : 0, target);
        return new StepReturn(advantage, s.Value + target);
    }
}
