using SelfPlayArena.Core;
using SelfPlayArena.Matching;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Learning.Tests;

/// <summary>The whole loop on a task whose optimum is known: it needs attention, conditioned and masked heads, and memory.</summary>
[Collection("libtorch")]
public sealed class LearningTests(Xunit.Abstractions.ITestOutputHelper log)
{
    private static readonly PpoOptions Options = new()
    {
        LearningRate = 3e-3f,
        FinalLearningRate = 3e-3f,
        Epochs = 2,
        Minibatches = 4,
        DefaultValueHead = new ValueHeadOptions(0.5f, 0.9f),
    };

    /// <summary>Each way of learning by itself, told apart from not learning: acting at random gets a seventh of the decisions right.</summary>
    public static TheoryData<string, int> Ways => new()
    {
        { "decoupled", 4 },
        { "vtrace", 3 },
        { "upgo", 1 },
        { "kl", 1 },
        { "clip higher", 1 },
        { "grpo", 1 },
        { "remax", 1 },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_objective_and_estimator_learns_the_matching_task(string way, int updatesBetweenPolicies)
    {
        PpoOptions options = way switch
        {
            "decoupled" => Options with { Objective = "decoupled", LearningRate = 5e-3f, FinalLearningRate = 5e-3f },
            "vtrace" => Options with { Objective = "policy_gradient", Estimator = "vtrace", Epochs = 1, LearningRate = 5e-3f, FinalLearningRate = 5e-3f },
            "upgo" => Options with { Estimator = "upgo" },
            "kl" => Options with { Kl = KlRule.Adaptive, KlWeight = 0.01f, KlTarget = 0.05f, ReferenceUpdates = 5 },
            "grpo" => Options with { Estimator = "grpo", DynamicSampling = true },
            "remax" => Options with { Estimator = "remax", DynamicSampling = true },
            _ => Options with { ClipHigh = 0.28f, DualClip = 0 },
        };
        Assert.True(Train(options, reversed: false, updates: 100, enough: 0.6, batch: 2048, updatesBetweenPolicies) >= 0.5 * MatchingEnvironment.OptimalReturn);
    }

    [Fact]
    public void Ppo_reaches_the_optimum_of_the_matching_task()
        => Assert.True(Train(Options, reversed: false, updates: 400, enough: 0.97) >= 0.95 * MatchingEnvironment.OptimalReturn);

    [Fact]
    public void With_reversed_rewards_it_stays_far_from_the_optimum()
        => Assert.True(Train(Options, reversed: true, updates: 60, enough: 0.97) < 0.2 * MatchingEnvironment.OptimalReturn);

    /// <summary>Trains, and returns how much of its decisions the policy then gets right; stops early where it gets enough of them right while it trains.</summary>
    private double Train(PpoOptions options, bool reversed, int updates, double enough, int batch = 4096, int updatesBetweenPolicies = 1)
    {
        const ulong Seed = 1;
        var environment = new MatchingEnvironment(64, reversed);
        EnvironmentSpec spec = environment.Spec;
        var plan = new NetworkPlan(new NetworkSize("test", 16, 2, 32, 32, 16, 32).Describe(spec), spec);
        using var learner = new PpoLearner(plan, WeightInitializer.Create(plan, Seed), options, Seed, "cpu");
        var runner = new PolicyRunner(new PolicyNetwork(plan, learner.Export()));
        bool grouped = ReturnRules.IsGrouped(options.Estimator);
        var play = new SelfPlay(environment, plan.RecurrentSize, 6, Seed, grouped ? 8 : 1, ReturnRules.NeedsGreedyMatch(options.Estimator));
        using MatchGroups? groups = grouped ? new MatchGroups(8) : null;
        int version = 0;
        for (int i = 0; i < updates; i++)
        {
            double reward = play.Reward;
            long steps = play.AgentSteps;
            List<TrajectoryChunk> chunks = play.Collect(runner, version, batch);
            double score = (play.Reward - reward) / (play.AgentSteps - steps);
            if (groups is not null)
            {
                List<TrajectoryChunk> played = chunks;
                chunks = [];
                foreach (TrajectoryChunk chunk in played)
                    groups.Add(chunk, chunks);
            }
            UpdateReport report = learner.Update(chunks);
            Assert.Null(report.Fault);
            foreach (TrajectoryChunk c in chunks)
                c.Dispose();
            if ((i + 1) % updatesBetweenPolicies == 0)
            {
                runner.Use(new PolicyNetwork(plan, learner.Export()));
                version = learner.Version;
            }
            if (i % 10 == 0)
                log.WriteLine($"{i}: {score:f3}, entropy {report.Entropies[0].Value:f3}, explained {(report.ExplainedVariance.Count > 0 ? report.ExplainedVariance[0].Value : float.NaN):f2}, kl {report.Divergence:f4}, norm {report.GradientNorm:f2}, us a step {1e6 * report.Seconds.Total / report.StepsUsed:f1}");
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
