using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Tests;

/// <summary>What counts is arithmetic: each size keeps to its multiply-adds a decision on the largest mode.</summary>
public sealed class NetworkBudgetTests
{
    [Theory]
    [InlineData("tiny", 250_000)]
    [InlineData("small", 1_200_000)]
    [InlineData("base", 12_000_000)]
    public void A_decision_keeps_to_the_budget_of_its_size(string size, long budget)
    {
        IEnvironmentFactory factory = Environments.Create("moba", "5v5", "full");
        var plan = new NetworkPlan(NetworkSize.Named(size).Describe(factory.Spec), factory.Spec);
        Assert.InRange(plan.MultiplyAdds, budget / 4, budget);
        Assert.InRange(plan.CriticMultiplyAdds + plan.TeamMultiplyAdds, 1, plan.MultiplyAdds);
    }

    [Fact]
    public void Settings_choose_the_core_and_the_critic()
    {
        IEnvironmentFactory factory = Environments.Create("moba", "1v1", "quick");
        NetworkPlan Plan(RunSettings settings) => new(settings.NetworkSize().Describe(factory.Spec), factory.Spec);
        NetworkPlan gru = Plan(new RunSettings()), lstm = Plan(new RunSettings { Core = "lstm" }), none = Plan(new RunSettings { Core = "none" });
        Assert.Equal((96, 192, 0), (gru.RecurrentSize, lstm.RecurrentSize, none.RecurrentSize));
        Assert.True(gru.TeamMultiplyAdds > 0);
        Assert.Equal(0, Plan(new RunSettings { PrivilegedCritic = false }).TeamMultiplyAdds);
        Assert.Contains("lstm", Assert.Throws<ArgumentException>(() => Plan(new RunSettings { Core = "rnn" })).Message, StringComparison.Ordinal);
    }
}
