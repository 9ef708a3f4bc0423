namespace SelfPlayArena.Learning;

/// <summary>The plain discounted return, G_t = r_t + γ G_{t+1}, without a critic: what group baselines are subtracted from.</summary>
internal sealed class MonteCarloReturn : IReturnRule
{
    public bool NeedsRatios => false;

    public StepReturn Step(in StepInput s, ref Carry carry)
    {
        float sum = s.Reward + s.Gamma * carry.Advantage;
        carry = new Carry(sum, sum);
        return new StepReturn(sum, sum);
    }
}
