using SelfPlayArena.Core;
using SelfPlayArena.Matching;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Learning.Tests;

/// <summary>The whole loop on a task whose optimum is known: it needs attention, conditioned and masked heads, and memory.</summary>
[Collection("libtorch")]
public sealed class LearningTests(Xunit.Abstractions.ITestOutputHelper log)
{
    [Fact]
    public void Ppo_reaches_the_optimum_of_the_matching_task()
        => Assert.True(Train(reversed: false, updates: 400, enough: 0.97) >= 0.95 * MatchingEnvironment.OptimalReturn);

    [Fact]
    public void With_reversed_rewards_it_stays_far_from_the_optimum()
        => Assert.True(Train(reversed: true, updates: 60, enough: 0.97) < 0.2 * MatchingEnvironment.OptimalReturn);

    /// <summary>Trains, and returns how much of its decisions the policy then gets right; stops early where it gets enough of them right while it trains.</summary>
    private double Train(bool reversed, int updates, double enough)
    {
        const ulong Seed = 1;
        var environment = new MatchingEnvironment(64, reversed);
        EnvironmentSpec spec = environment.Spec;
        var plan = new NetworkPlan(new NetworkSize("test", 16, 2, 32, 32, 16, 32).Describe(spec), spec);
        var options = new PpoOptions
        {
            LearningRate = 3e-3f,
            FinalLearningRate = 3e-3f,
            Epochs = 2,
            Minibatches = 4,
            DefaultValueHead = new ValueHeadOptions(0.5f, 0.9f),
        };
        using var learner = new PpoLearner(plan, WeightInitializer.Create(plan, Seed), options, Seed, "cpu");
        var runner = new PolicyRunner(new PolicyNetwork(plan, learner.Export()));
        var play = new SelfPlay(environment, plan.RecurrentSize, 6, Seed);
        for (int i = 0; i < updates; i++)
        {
            double reward = play.Reward;
            long steps = play.AgentSteps;
            List<TrajectoryChunk> chunks = play.Collect(runner, learner.Version, 4096);
            double score = (play.Reward - reward) / (play.AgentSteps - steps);
            UpdateReport report = learner.Update(chunks);
            Assert.Null(report.Fault);
            foreach (TrajectoryChunk c in chunks)
                c.Dispose();
            runner.Use(new PolicyNetwork(plan, learner.Export()));
            if (i % 10 == 0)
                log.WriteLine($"{i}: {score:f3}, entropy {report.Entropies[0].Value:f3}, explained {report.ExplainedVariance[0].Value:f2}, kl {report.Divergence:f4}, norm {report.GradientNorm:f2}, us a step {1e6 * report.Seconds.Total / report.StepsUsed:f1}");
            if (score >= enough)
                break;
        }
        // The test of what was learnt: true rewards, fresh matches.
        var exam = new SelfPlay(new MatchingEnvironment(64), plan.RecurrentSize, 6, Seed + 1);
        foreach (TrajectoryChunk c in exam.Collect(runner, 0, 8192))
            c.Dispose();
        double result = exam.Reward / exam.AgentSteps;
        log.WriteLine($"exam: {result:f4}");
        return result;
    }
}
