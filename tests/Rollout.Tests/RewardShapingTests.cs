using SelfPlayArena.Rollout;

namespace SelfPlayArena.Rollout.Tests;

public class RewardShapingTests
{
    [Fact]
    public void Team_spirit_and_zero_sum_follow_the_formula()
    {
        int terms = MatchingFactory.Layout.Rewards.Count;
        // Two teams of two; only the first term is paid: 1 and 3 against 0 and 2.
        var rewards = new float[4 * terms];
        rewards[0] = 1;
        rewards[terms] = 3;
        rewards[3 * terms] = 2;
        new RewardShaping(MatchingFactory.Layout, teamSpirit: 0.5f, zeroSum: true).Apply(rewards);
        // (1-τ) r + τ mean - other mean, with means 2 and 1.
        Assert.Equal([0.5f + 1 - 1, 1.5f + 1 - 1, 0 + 0.5f - 2, 1 + 0.5f - 2], Enumerable.Range(0, 4).Select(a => rewards[a * terms]));
        Assert.Equal(0, rewards.Sum(), 5);
    }

    [Fact]
    public void Without_spirit_and_zero_sum_rewards_stay_as_they_are()
    {
        float[] rewards = [.. Enumerable.Range(0, 4 * MatchingFactory.Layout.Rewards.Count).Select(i => (float)i)];
        float[] shaped = [.. rewards];
        new RewardShaping(MatchingFactory.Layout, teamSpirit: 0, zeroSum: false).Apply(shaped);
        Assert.Equal(rewards, shaped);
    }
}
