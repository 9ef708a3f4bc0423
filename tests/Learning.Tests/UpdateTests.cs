using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Learning.Tests;

[Collection("libtorch")]
public sealed class UpdateTests
{
    private static readonly EnvironmentSpec Spec = RandomExperience.MobaLike;
    private static readonly NetworkPlan Plan = new NetworkPlan(new NetworkSize("test", 8, 2, 16, 12, 8, 8).Describe(Spec), Spec);

    [Fact]
    public void A_reward_that_is_not_finite_leaves_everything_untouched_and_is_named()
    {
        using PpoLearner learner = Learner();
        TrajectoryChunk[] chunks = Chunks(4);
        Assert.Null(learner.Update(chunks).Fault);
        float[] before = Flat(learner);
        chunks[2].Rewards[1] = float.NaN;
        UpdateReport report = learner.Update(chunks);
        Assert.Contains("reward 'r.farm'", report.Fault);
        Assert.Equal(before, Flat(learner));
        Assert.Equal((1, 1L, 0), (learner.Version, learner.Faults, report.StepsUsed));
        chunks[2].Rewards[1] = 0;
        Assert.Null(learner.Update(chunks).Fault);
        Free(chunks);
    }

    [Fact]
    public void A_loss_that_is_not_finite_undoes_the_minibatches_before_it_and_names_the_term()
    {
        using PpoLearner learner = Learner(new PpoOptions { Minibatches = 4, DecodeAhead = true });
        using PpoLearner twin = Learner(new PpoOptions { Minibatches = 4 });
        TrajectoryChunk[] chunks = Chunks(4);
        float[] before = Flat(learner);
        BlockSpec own = Spec.Observation[0];
        Span<byte> gold = chunks[1].Observations.Slice(own.RowsOffset + own.FeatureOffset("gold"), 2);
        chunks[1].Observations[own.Offset] = 1;
        byte[] good = gold.ToArray();
        BitConverter.TryWriteBytes(gold, Half.NaN);
        UpdateReport report = learner.Update(chunks);
        Assert.Equal("policy loss", report.Fault);
        Assert.Equal(before, Flat(learner));
        // After the fault it goes on exactly as a learner that never met it.
        good.CopyTo(chunks[1].Observations.Slice(own.RowsOffset + own.FeatureOffset("gold"), 2));
        Assert.Null(learner.Update(chunks).Fault);
        Assert.Null(twin.Update(chunks).Fault);
        Assert.Equal(Flat(twin), Flat(learner));
        Free(chunks);
    }

    [Fact]
    public void A_head_that_no_verb_used_learns_nothing_unless_hosts_drew_from_it_all_the_same()
    {
        using PpoLearner masked = Learner(), counted = Learner();
        TrajectoryChunk[] chunks = Chunks(4);
        int heads = Spec.Heads.Count, target = heads - 1, at = Spec.OptionCount - Spec.Heads[target].Size;
        foreach (TrajectoryChunk c in chunks)
        {
            for (int row = 0; row < c.AgentSteps; row++)
            {
                // The first verb uses no other head.
                c.Masks[row * Spec.OptionCount] = 1;
                c.Actions.Slice(row * heads, heads).Fill(-1);
                c.Actions[row * heads] = 0;
                c.LogProbabilities.Slice(row * heads + 1, heads - 1).Clear();
            }
        }
        float[] before = masked.Export()["target.out.weight"];
        UpdateReport silent = masked.Update(chunks);
        Assert.Equal(before, masked.Export()["target.out.weight"]);
        Assert.Equal(0, silent.Entropies[target].Value);
        foreach (TrajectoryChunk c in chunks)
        {
            for (int row = 0; row < c.AgentSteps; row++)
            {
                c.Masks.Slice(row * Spec.OptionCount + at, Spec.Heads[target].Size).Fill(1);
                c.Actions[row * heads + target] = (short)(row % Spec.Heads[target].Size);
                c.LogProbabilities[row * heads + target] = -3.4f;
            }
        }
        UpdateReport report = counted.Update(chunks);
        Assert.Null(report.Fault);
        Assert.NotEqual(before, counted.Export()["target.out.weight"]);
        Assert.True(report.Entropies[target].Value > 1);
        Free(chunks);
    }

    [Fact]
    public void The_time_by_layer_is_measured_when_due_and_changes_nothing_that_is_learnt()
    {
        using PpoLearner measured = Learner(new PpoOptions { ProfileUpdates = 2 }), plain = Learner();
        TrajectoryChunk[] chunks = Chunks(4);
        UpdateReport[] reports = [.. Enumerable.Range(0, 3).Select(_ => measured.Update(chunks))];
        foreach (UpdateReport _ in reports)
            Assert.Empty(plain.Update(chunks).LayerTimes);
        Assert.Equal(Flat(plain), Flat(measured));
        Assert.Equal([true, false, true], reports.Select(r => r.LayerTimes.Count > 0));
        foreach (string layer in Plan.Layers.Select(l => l.Layer.Name))
            Assert.True(Assert.Single(reports[2].LayerTimes, l => l.Layer == layer).Forward > 0);
        Free(chunks);
    }

    [Fact]
    public void Steps_that_are_too_old_are_dropped_and_counted()
    {
        using PpoLearner learner = Learner(new PpoOptions { MaxStaleness = 1 });
        TrajectoryChunk[] chunks = Chunks(3);
        int all = chunks.Sum(c => c.AgentSteps);
        learner.Update(chunks);
        learner.Update(chunks);
        // Now at version 2: version 0 is too old, 1 and 2 are not.
        for (int t = 2; t < chunks[0].Length; t++)
            chunks[0].Versions[t] = t == 2 ? 1 : 2;
        chunks[1].Versions.Fill(2);
        UpdateReport report = learner.Update(chunks);
        Assert.Equal(all, report.StepsUsed + report.StepsDropped);
        Assert.Equal(2 * Spec.AgentsPerTeam + chunks[2].AgentSteps, report.StepsDropped);
        Assert.Equal(1, report.MaxStaleness);
        Assert.Equal((double)Spec.AgentsPerTeam / report.StepsUsed, report.MeanStaleness, 6);
        Free(chunks);
    }

    [Fact]
    public void Padding_and_micro_batch_size_do_not_change_an_update()
    {
        TrajectoryChunk[] chunks = Chunks(6);
        var weights = new List<float[]>();
        foreach (int size in new[] { 1, 100000 })
        {
            using PpoLearner learner = Learner(new PpoOptions { MicroBatchSteps = size, Minibatches = 1 });
            learner.Update(chunks);
            weights.Add(Flat(learner));
        }
        float[] start = RandomExperience.Weights(Plan, 2).Tensors.SelectMany(t => t.Value.Values).ToArray();
        Assert.True(start.Zip(weights[0]).Max(p => Math.Abs(p.First - p.Second)) > 1e-4);
        // Adam's first step is about the sign of the gradient, so where that is nearly zero, rounding shows.
        Assert.True(weights[0].Zip(weights[1]).Average(p => Math.Abs(p.First - p.Second)) < 1e-6);
        Free(chunks);
    }

    [Fact]
    public void Threads_side_by_side_compute_what_one_does_and_the_same_bits_again()
    {
        TrajectoryChunk[] chunks = Chunks(11);
        var weights = new List<float[]>();
        var reports = new List<UpdateReport>();
        foreach (int threads in new[] { 1, 3, 3, 64 })
        {
            using PpoLearner learner = Learner(new PpoOptions { MicroBatchSteps = Spec.AgentsPerTeam * 8, Minibatches = 2, Epochs = 2, Threads = threads });
            for (int i = 0; i < 3; i++)
                reports.Add(learner.Update(chunks));
            weights.Add(Flat(learner));
        }
        Assert.Equal(weights[1], weights[2]);
        foreach (int other in new[] { 1, 3 })
        {
            Assert.True(weights[0].Zip(weights[other]).Average(p => Math.Abs(p.First - p.Second)) < 1e-5);
            Assert.Equal(reports[0].PolicyLoss, reports[3 * other].PolicyLoss, 1e-4f);
            Assert.Equal(reports[0].GradientNorm, reports[3 * other].GradientNorm, reports[0].GradientNorm * 1e-3f);
        }
        Assert.All(reports, r => Assert.Null(r.Fault));
        Free(chunks);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_fails_in_any_of_the_threads_reaches_the_caller_and_the_next_update_is_a_new_one(int threads)
    {
        TrajectoryChunk[] chunks = Chunks(6);
        using PpoLearner learner = Learner(new PpoOptions { MicroBatchSteps = Spec.AgentsPerTeam * 8, Minibatches = 1, Threads = threads });
        int calls = 0;
        learner.BetweenMicroBatches = () =>
        {
            if (Interlocked.Increment(ref calls) == 5)
                throw new InvalidOperationException("somebody pulled the plug");
        };
        Assert.Contains("plug", Assert.Throws<InvalidOperationException>(() => learner.Update(chunks)).Message);
        learner.BetweenMicroBatches = null;
        Assert.Equal(chunks.Sum(c => c.AgentSteps), learner.Update(chunks).StepsUsed);
        Free(chunks);
    }

    [Theory]
    [InlineData(25, 1, 2)]
    [InlineData(28, 1, 3)]
    [InlineData(25, 3, 3)]
    [InlineData(2, 3, 2)]
    public void A_minibatch_is_cut_evenly_and_into_as_many_for_each_thread(int count, int threads, int micros)
    {
        TrajectoryChunk[] chunks = [.. Enumerable.Range(0, count).Select(i => RandomExperience.Chunk(Spec, Plan.RecurrentSize, 8, 8, (ulong)i))];
        // Twelve chunks: twenty-five leave one over, which two micro-batches can take along.
        using PpoLearner learner = Learner(new PpoOptions { MicroBatchSteps = 12 * Spec.AgentsPerTeam * 8, Minibatches = 1, Epochs = 1, Threads = threads });
        int calls = 0;
        learner.BetweenMicroBatches = () => Interlocked.Increment(ref calls);
        Assert.Equal(chunks.Sum(c => c.AgentSteps), learner.Update(chunks).StepsUsed);
        Assert.Equal(micros, calls);
        Free(chunks);
    }

    [Fact]
    public void Two_learners_given_the_same_compute_the_same_bits_decoding_ahead_or_not()
    {
        TrajectoryChunk[] chunks = Chunks(5);
        var weights = new List<float[]>();
        foreach (bool ahead in new[] { false, false, true })
        {
            using PpoLearner learner = Learner(new PpoOptions { Minibatches = 2, Epochs = 2, MicroBatchSteps = Spec.AgentsPerTeam * 8, DecodeAhead = ahead });
            for (int i = 0; i < 20; i++)
                learner.Update(chunks);
            weights.Add(Flat(learner));
        }
        Assert.Equal(weights[0], weights[1]);
        Assert.Equal(weights[0], weights[2]);
        Free(chunks);
    }

    [Fact]
    public void Options_out_of_range_or_naming_the_unknown_say_what_is_allowed()
    {
        Assert.Contains("allowed is 0.001 to 1", Assert.Throws<ArgumentException>(() => new PpoOptions { Clip = 2 }.Validated(Spec)).Message);
        var unknown = new PpoOptions { RewardWeights = new Dictionary<string, float> { ["golld"] = 1 } };
        Assert.Contains("r.farm", Assert.Throws<ArgumentException>(() => unknown.Validated(Spec)).Message);
    }

    private static PpoLearner Learner(PpoOptions? options = null) => new(Plan, RandomExperience.Weights(Plan, 2), options ?? new PpoOptions(), 11, "cpu");

    private static TrajectoryChunk[] Chunks(int count)
        => [.. Enumerable.Range(0, count).Select(i => RandomExperience.Chunk(Spec, Plan.RecurrentSize, 8, 8 - i % 3, (ulong)i))];

    private static float[] Flat(PpoLearner learner) => [.. Plan.Parameters.SelectMany(p => learner.Export()[p.Name])];

    private static void Free(TrajectoryChunk[] chunks)
    {
        foreach (TrajectoryChunk c in chunks)
            c.Dispose();
    }
}
