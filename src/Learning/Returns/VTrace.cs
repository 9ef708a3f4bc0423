namespace SelfPlayArena.Learning;

/// <summary>
/// V-trace (Espeholt et al. 2018, IMPALA): off-policy corrected targets v_t = V_t + δ_t + γ c_t (v_{t+1} - V_{t+1}) with
/// δ_t = ρ_t (r_t + γ V_{t+1} - V_t), ρ_t = min(ρ̄, ratio) and c_t = λ min(c̄, ratio) (their remark 2 for λ). The policy's advantage is
/// r_t + γ v_{t+1} - V_t; its weight ρ_t is left to the objective, which knows the ratio as it is when the step is used.
/// </summary>
/// <param name="rhoClip">ρ̄: what bounds the bias of the fixed point.</param>
/// <param name="traceClip">c̄: what bounds the variance.</param>
internal sealed class VTrace(float rhoClip, float traceClip) : IReturnRule
{
    public bool NeedsRatios => true;

    public StepReturn Step(in StepInput s, ref Carry carry)
    {
        float advantage = s.Reward + s.Gamma * (s.Next + carry.Target) - s.Value;
        float error = Math.Min(rhoClip, s.Ratio) * (s.Reward + s.Gamma * s.Next - s.Value);
        float target = error + s.Gamma * s.Lambda * Math.Min(traceClip, s.Ratio) * carry.Target;
        carry = new Carry(advantage, target);
        return new StepReturn(advantage, s.Value + target);
    }
}
