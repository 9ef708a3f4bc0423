using SelfPlayArena.Core;

namespace SelfPlayArena.Rollout;

/// <summary>
/// Turns each agent's own rewards into what it learns from, term by term: r' = (1 - τ) r + τ·(own team's mean) - (other teams' mean),
/// as OpenAI Five does (Berner et al. 2019, appendix G), with τ the team spirit; the subtraction only where rewards are to be zero-sum.
/// </summary>
internal sealed class RewardShaping(EnvironmentSpec spec, float teamSpirit, bool zeroSum)
{
    private readonly float[] _means = new float[spec.Teams * spec.Rewards.Count];

    /// <summary>Shapes one match's rewards [agents, terms] in place.</summary>
    public void Apply(Span<float> rewards)
    {
        int terms = spec.Rewards.Count, agents = spec.AgentsPerTeam;
        float share = 1f / agents;
        _means.AsSpan().Clear();
        for (int a = 0; a < spec.Agents; a++)
        {
            Span<float> mean = _means.AsSpan(a / agents * terms, terms);
            for (int r = 0; r < terms; r++)
                mean[r] += rewards[a * terms + r] * share;
        }
        for (int a = 0; a < spec.Agents; a++)
        {
            int own = a / agents;
            for (int r = 0; r < terms; r++)
            {
                float shaped = (1 - teamSpirit) * rewards[a * terms + r] + teamSpirit * _means[own * terms + r];
                for (int team = 0; zeroSum && team < spec.Teams; team++)
                {
                    if (team != own)
                        shaped -= _means[team * terms + r] / (spec.Teams - 1);
                }
                rewards[a * terms + r] = shaped;
            }
        }
    }
}
