using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning.Tests;

/// <summary>Objectives, schedules and the reference policy against cases computed by hand.</summary>
[Collection("libtorch")]
public sealed class ObjectiveTests
{
    private static readonly EnvironmentSpec Spec = new Matching.MatchingEnvironment(1).Spec;

    [Fact]
    public void Clip_higher_leaves_more_room_upwards_only()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor ratio = tensor([0.5f, 1.25f, 1.5f, 0.7f, 1.25f]);
        Tensor advantages = tensor([2f, 2f, 2f, -2f, -2f]);
        PpoLossTests.Close([1f, 2.5f, 2.56f, -1.6f, -2.5f], FlatParameters.ToArray(new ClippedSurrogate(0.2f, 0.28f, 0f).Clipped(ratio, advantages)));
    }

    [Fact]
    public void The_decoupled_surrogate_clips_against_the_proximal_policy_and_weighs_by_staleness()
    {
        using DisposeScope scope = NewDisposeScope();
        // pi / prox: 1.5, 1.1, .5; prox / behaviour: .5, 2, 9 (capped at 5); A = 1, 1, -2.
        Tensor proximal = tensor([-1f, -2f, -3f]);
        Tensor now = proximal + tensor([1.5f, 1.1f, 0.5f]).log();
        Tensor behaviour = proximal - tensor([0.5f, 2f, 9f]).log();
        Tensor objective = new DecoupledSurrogate(new ClippedSurrogate(0.2f, 0.2f, 0f), 5f).Of(now, behaviour, proximal, tensor([1f, 1f, -2f]));
        PpoLossTests.Close([0.5f * 1.2f, 2f * 1.1f, 5f * -1.6f], FlatParameters.ToArray(objective), 1e-4f);
        // Where nothing is stale it is PPO's.
        Tensor plain = new ClippedSurrogate(0.2f, 0.2f, 0f).Of(now, proximal, null, tensor([1f, 1f, -2f]));
        Tensor same = new DecoupledSurrogate(new ClippedSurrogate(0.2f, 0.2f, 0f), 5f).Of(now, proximal, proximal, tensor([1f, 1f, -2f]));
        PpoLossTests.Close(FlatParameters.ToArray(plain), FlatParameters.ToArray(same));
    }

    [Fact]
    public void The_policy_gradient_is_weighted_by_a_clipped_constant()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor now = tensor([-1f, -2f]).requires_grad_();
        Tensor behaviour = tensor([-1f - MathF.Log(3f), -2f - MathF.Log(0.25f)]);
        Tensor objective = new ImportanceWeighted(1f).Of(now, behaviour, null, tensor([2f, -4f]));
        PpoLossTests.Close([-2f, 0.25f * -4f * -2f], FlatParameters.ToArray(objective));
        objective.sum().backward();
        PpoLossTests.Close([2f, 0.25f * -4f], FlatParameters.ToArray(now.grad!));
    }

    [Fact]
    public void The_weight_of_the_divergence_moves_as_each_rule_says()
    {
        var still = new KlControl(KlRule.Fixed, 0.1f, 0.02f);
        var adaptive = new KlControl(KlRule.Adaptive, 0.1f, 0.02f);
        var moving = new KlControl(KlRule.Dynamic, 0.1f, 0.02f);
        foreach (KlControl control in new[] { still, adaptive, moving })
        {
            control.Observe(0.022f);
            control.Observe(0.04f);
            control.Observe(float.NaN);
        }
        Assert.Equal(0.1f, still.Weight);
        Assert.Equal(0.2f, adaptive.Weight, 1e-6f);
        // Errors .1 and 1, the second clipped to .2: factors 1.01 and 1.02.
        Assert.Equal(0.1f * 1.01f * 1.02f, moving.Weight, 1e-6f);
        adaptive.Observe(0.01f);
        moving.Observe(0f);
        Assert.Equal(0.1f, adaptive.Weight, 1e-6f);
        Assert.Equal(0.1f * 1.01f * 1.02f * 0.98f, moving.Weight, 1e-6f);
    }

    [Fact]
    public void Schedules_begin_at_the_start_and_end_at_the_end()
    {
        foreach (ScheduleShape shape in Enum.GetValues<ScheduleShape>())
        {
            var schedule = new Schedule(0.08f, 0.02f, shape);
            Assert.Equal(0.08f, schedule.At(0), 1e-6f);
            Assert.Equal(0.02f, schedule.At(1), 1e-6f);
        }
        Assert.Equal(0.05f, new Schedule(0.08f, 0.02f, ScheduleShape.Linear).At(0.5f), 1e-6f);
        Assert.Equal(0.02f + 0.06f * 0.5f * (1 + MathF.Sqrt(0.5f)), new Schedule(0.08f, 0.02f, ScheduleShape.Cosine).At(0.25f), 1e-6f);
        Assert.Equal(0.04f, new Schedule(0.08f, 0.02f, ScheduleShape.Exponential).At(0.5f), 1e-6f);
    }

    [Fact]
    public void The_divergence_from_the_reference_is_the_sum_over_used_heads_under_their_masks()
    {
        using DisposeScope scope = NewDisposeScope();
        var plan = new NetworkPlan(new NetworkSize("test", 6, 1, 8, 8, 6, 6).Describe(Spec), Spec);
        Weights mine = RandomExperience.Weights(plan, 3), theirs = RandomExperience.Weights(plan, 4);
        using var network = new TorchNetwork(plan, mine, CPU);
        using var reference = new ReferencePolicy(plan, theirs, CPU);
        using TrajectoryChunk chunk = RandomExperience.Chunk(Spec, plan.RecurrentSize, 4, 3, 8);
        var batch = new TrainingBatch(Spec, new PpoOptions());
        Assert.Null(batch.Fill([chunk], 0));
        MicroBatch micro = MicroBatch.Decode(plan, new Decoders(plan), batch, [0], network.Inputs);
        float[] divergence = FlatParameters.ToArray(reference.Divergence(network.Forward(micro), micro));

        using var other = new TorchNetwork(plan, theirs, CPU);
        float[][] p = [.. network.Forward(micro).Logits.Select(FlatParameters.ToArray)], q = [.. other.Forward(micro).Logits.Select(FlatParameters.ToArray)];
        var expected = new float[micro.Rows];
        int offset = 0;
        for (int h = 0; h < Spec.Heads.Count; h++)
        {
            int size = Spec.Heads[h].Size;
            for (int row = 0; row < expected.Length; row++)
            {
                if (chunk.Actions[row * Spec.Heads.Count + h] < 0)
                    continue;
                int[] legal = [.. Enumerable.Range(0, size).Where(o => chunk.Masks[row * Spec.OptionCount + offset + o] != 0)];
                double a = legal.Sum(o => Math.Exp(p[h][row * size + o])), b = legal.Sum(o => Math.Exp(q[h][row * size + o]));
                foreach (int o in legal)
                {
                    double mineHere = Math.Exp(p[h][row * size + o]) / a, theirsHere = Math.Exp(q[h][row * size + o]) / b;
                    expected[row] += (float)(mineHere * Math.Log(mineHere / theirsHere));
                }
            }
            offset += size;
        }
        PpoLossTests.Close(expected, divergence);
        Assert.True(expected.Max() > 1e-3f);
    }

    [Fact]
    public void A_strong_weight_keeps_the_policy_at_its_reference_and_a_checkpoint_keeps_the_reference()
    {
        var plan = new NetworkPlan(new NetworkSize("test", 6, 1, 8, 8, 6, 6).Describe(Spec), Spec);
        TrajectoryChunk[] chunks = [.. Enumerable.Range(0, 6).Select(i => RandomExperience.Chunk(Spec, plan.RecurrentSize, 6, 6, (ulong)i))];
        float Drift(PpoOptions options, string? resumeFrom = null)
        {
            Weights start = WeightInitializer.Create(plan, 1);
            // A checkpoint that is resumed brings its own reference, whatever weights the learner was made with.
            using var learner = new PpoLearner(plan, resumeFrom is null ? start : WeightInitializer.Create(plan, 2), options, 1, "cpu");
            if (resumeFrom is not null)
                learner.Load(resumeFrom);
            float last = 0;
            for (int i = 0; i < 15; i++)
            {
                UpdateReport report = learner.Update(chunks);
                Assert.Null(report.Fault);
                last = report.ReferenceDivergence;
            }
            if (resumeFrom is null && options.Kl == KlRule.Fixed)
                learner.Save(Path.Combine(_folder, "kl.safetensors"));
            return last;
        }
        var free = new PpoOptions { LearningRate = 5e-3f, FinalLearningRate = 5e-3f, MaxStaleness = 0, Kl = KlRule.Fixed, KlWeight = 0f };
        float loose = Drift(free), held = Drift(free with { KlWeight = 20f });
        Assert.True(held < 0.2f * loose, $"divergence {held} with the weight, {loose} without");
        Assert.True(Drift(free with { KlWeight = 20f }, Path.Combine(_folder, "kl.safetensors")) < 0.2f * loose);
        foreach (TrajectoryChunk chunk in chunks)
            chunk.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private readonly string _folder = Directory.CreateTempSubdirectory("objectives").FullName;

    [Fact]
    public void Unknown_names_list_the_known_ones()
    {
        Assert.Contains("ppo, decoupled, policy_gradient", Assert.Throws<ArgumentException>(() => new PpoOptions { Objective = "trpo" }.Validated(Spec)).Message, StringComparison.Ordinal);
        Assert.Contains("gae, vtrace, upgo, grpo, remax", Assert.Throws<ArgumentException>(() => new PpoOptions { Estimator = "td" }.Validated(Spec)).Message, StringComparison.Ordinal);
    }
}
