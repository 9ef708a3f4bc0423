namespace SelfPlayArena.Learning;

/// <summary>
/// Generalised advantage estimation (Schulman et al. 2016): δ_t = r_t + γ V_{t+1} - V_t, A_t = δ_t + γ λ A_{t+1}. The critic's target is
/// V_t + A_t, the λ-return.
/// </summary>
internal sealed class GeneralisedAdvantage : IReturnRule
{
    public bool NeedsRatios => false;

    public StepReturn Step(in StepInput s, ref Carry carry)
    {
        float advantage = s.Reward + s.Gamma * s.Next - s.Value + s.Gamma * s.Lambda * carry.Advantage;
        carry = new Carry(advantage, advantage);
        return new StepReturn(advantage, s.Value + advantage);
    }
}
