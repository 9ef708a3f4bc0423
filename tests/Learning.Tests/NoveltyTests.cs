using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Learning.Tests;

[Collection("libtorch")]
public sealed class NoveltyTests(Xunit.Abstractions.ITestOutputHelper log)
{
    [Fact]
    public void The_bonus_is_the_rise_of_inverse_counts_at_a_matchs_first_visit()
    {
        var novelty = new NoveltyBonus(new Corridor(1).Spec);
        var seen = new HashSet<int>();
        Assert.True(novelty.Visit(5, seen));
        // N(5) = 1, N(6) = 1 on arrival: nothing is newer. Then 5 becomes common: 1/1 - 1/3 for a place never seen.
        Assert.Equal(0f, novelty.Arrive(5, 6, seen));
        novelty.Visit(5, seen);
        novelty.Visit(5, seen);
        Assert.Equal(1f - 1f / 3f, novelty.Arrive(5, 7, seen), 1e-6f);
        // Back to the common place: no. To 7 again in this match: no. In the next match: 1/3 - 1/4.
        Assert.Equal(0f, novelty.Arrive(7, 5, seen));
        Assert.Equal(0f, novelty.Arrive(5, 7, seen));
        Assert.Equal(1f / 3f - 1f / 4f, novelty.Arrive(5, 7, []), 1e-6f);
    }

    [Fact]
    public void A_chunk_in_two_gets_the_bonuses_of_the_whole_and_counts_every_observation_once()
    {
        EnvironmentSpec spec = new Corridor(1).Spec;
        byte[] places = [0, 1, 2, 3, 4, 5];
        using TrajectoryChunk whole = Walk(spec, places, 0), early = Walk(spec, places[..3], 0), late = Walk(spec, places[3..], 3);
        NoveltyBonus once = new(spec), twice = new(spec);
        var expected = new float[6];
        once.Measure(whole, null, expected);
        float[] a = new float[6], b = new float[6];
        twice.Measure(early, late, a);
        twice.Measure(late, null, b);
        Assert.Equal(expected, a[..3].Concat(b[..3]));
        Assert.Equal(once.Counts, twice.Counts);
        Assert.Equal(6f, once.Counts.Sum());
    }

    [Fact]
    public void With_the_bonus_a_reward_is_found_that_chance_hardly_finds()
    {
        double without = Reached(0f), with = Reached(0.5f);
        log.WriteLine($"share of matches at the end: {without:f4} without, {with:f4} with the bonus");
        Assert.True(without < 0.05, $"{without}");
        Assert.True(with > 0.5, $"{with}");
    }

    /// <summary>Share of matches that end at the goal after training.</summary>
    private static double Reached(float weight)
    {
        const ulong Seed = 3;
        var environment = new Corridor(32);
        EnvironmentSpec spec = environment.Spec;
        var plan = new NetworkPlan((new NetworkSize("test", 16, 1, 16, 16, 16, 16) { Cell = CoreCell.None }).Describe(spec), spec);
        var options = new PpoOptions { Novelty = weight, LearningRate = 3e-3f, FinalLearningRate = 3e-3f, Epochs = 2, DefaultValueHead = new ValueHeadOptions(0.97f, 0.95f) };
        using var learner = new PpoLearner(plan, WeightInitializer.Create(plan, Seed), options, Seed, "cpu");
        var runner = new PolicyRunner(new PolicyNetwork(plan, learner.Export()));
        var play = new SelfPlay(environment, plan.RecurrentSize, 10, Seed);
        double reached = 0;
        for (int i = 0; i < 30; i++)
        {
            List<TrajectoryChunk> chunks = play.Collect(runner, learner.Version, 1024);
            reached = chunks.Sum(c => c.Rewards[..c.Length].ToArray().Sum()) / (double)chunks.Count(c => c.Terminated);
            Assert.Null(learner.Update(chunks).Fault);
            foreach (TrajectoryChunk c in chunks)
                c.Dispose();
            runner.Use(new PolicyNetwork(plan, learner.Export()));
            if (reached > 0.8)
                break;
        }
        return reached;
    }

    private static TrajectoryChunk Walk(EnvironmentSpec spec, byte[] places, int first)
    {
        var chunk = new TrajectoryChunk(new TrajectoryLayout(spec, 6, 0)) { MatchId = "1#0", FirstDecision = first, Length = places.Length };
        for (int t = 0; t < places.Length; t++)
            (chunk.Observations[2 * t], chunk.Observations[2 * t + 1]) = (1, places[t]);
        return chunk;
    }
}
