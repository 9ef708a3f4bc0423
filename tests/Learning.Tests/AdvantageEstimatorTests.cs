using SelfPlayArena.Core;

namespace SelfPlayArena.Learning.Tests;

public sealed class AdvantageEstimatorTests
{
    private static readonly EnvironmentSpec Spec = new()
    {
        Name = "hand",
        ContentHash = "0",
        Teams = 2,
        AgentsPerTeam = 1,
        SecondsPerDecision = 1,
        TicksPerDecision = 1,
        Observation = new BlockLayout().Add("self", "self", 1, new FeatureSpec("x", FeatureKind.Scalar8)).Build(),
        FullState = [],
        Heads = [new ActionHeadSpec("verb", ["a", "b"], null, [0])],
        ValueHeads = ["gold", "win"],
        Rewards = [new RewardTermSpec("last_hit", "gold", 2f), new RewardTermSpec("victory", "win", 1f), new RewardTermSpec("denial", "gold", 1f)],
        ScriptedPlayers = [],
    };

    private static readonly PpoOptions Options = new()
    {
        ValueHeads = new Dictionary<string, ValueHeadOptions> { ["gold"] = new(0.5f, 0.5f, 1f), ["win"] = new(1f, 1f, 10f) },
        RewardWeights = new Dictionary<string, float> { ["denial"] = 3f },
    };

    [Fact]
    public void Each_value_head_has_its_own_terms_discount_and_lambda()
    {
        using TrajectoryChunk chunk = Chunk(terminated: false);
        (float[] advantages, float[] returns) = Estimate(chunk, Options);

        // gold: rewards 2*1 + 3*1 = 5 and 0; values 4, 2; bootstrap 6. delta1 = 0 + .5*6 - 2 = 1; delta0 = 5 + .5*2 - 4 = 2; A0 = 2 + .25*1.
        // win: rewards 0 and 1; values .5, .25; bootstrap .75. delta1 = 1.5; delta0 = -.25; A0 = 1.25.
        Assert.Equal(new[] { 2.25f, 1.25f, 1f, 1.5f }, advantages);
        Assert.Equal(new[] { 2.25f + 4f, 1.25f + 0.5f, 1f + 2f, 1.5f + 0.25f }, returns);
    }

    [Fact]
    public void Nothing_follows_a_terminated_match()
    {
        using TrajectoryChunk chunk = Chunk(terminated: true);
        (float[] advantages, float[] returns) = Estimate(chunk, Options);

        // delta1: gold 0 - 2 = -2, win 1 - .25 = .75; A0: gold 2 - .5 = 1.5, win -.25 + .75 = .5.
        Assert.Equal(new[] { 1.5f, 0.5f, -2f, 0.75f }, advantages);
        Assert.Equal(new[] { 5.5f, 1f, 0f, 1f }, returns);
    }

    [Fact]
    public void Vtrace_clips_what_stale_steps_say()
    {
        using TrajectoryChunk chunk = Chunk(terminated: false);
        // Ratios 2 (clipped to 1) and .5; gold with gamma .5, lambda .5: delta1 = .5 * 1 = .5, v1 = V1 + .5; delta0 = 1 * 2,
        // v0 - V0 = 2 + .5 * .5 * 1 * .5 = 2.125; advantages r + gamma v' - V: 0 + .5*6 - 2 = 1, and 5 + .5*2.5 - 4 = 2.25.
        // win with 1 and 1: delta1 = .5 * 1.5 = .75; delta0 = -.25; v0 - V0 = -.25 + .75 = .5; advantages 1.5 and 0 + 1 - .5 = .5.
        (float[] advantages, float[] returns) = Estimate(chunk, Options with { Estimator = "vtrace" }, [2f, 0.5f]);
        Assert.Equal(new[] { 2.25f, 0.5f, 1f, 1.5f }, advantages);
        Assert.Equal(new[] { 4f + 2.125f, 0.5f + 0.5f, 2f + 0.5f, 0.25f + 0.75f }, returns);
        // c of 0 cuts the trace: every target is of one step.
        (_, float[] cut) = Estimate(chunk, Options with { Estimator = "vtrace", TraceClip = 0 }, [2f, 0.5f]);
        Assert.Equal(new[] { 4f + 2f, 0.5f - 0.25f, 2f + 0.5f, 0.25f + 0.75f }, cut);
    }

    [Fact]
    public void Vtrace_on_its_own_policy_has_the_targets_of_lambda_returns()
    {
        using TrajectoryChunk chunk = Chunk(terminated: false);
        Assert.Equal(Estimate(chunk, Options).Returns, Estimate(chunk, Options with { Estimator = "vtrace" }, [1f, 1f]).Returns);
    }

    [Fact]
    public void Upgoing_returns_follow_what_went_well_and_fall_back_on_the_value_where_it_did_not()
    {
        using TrajectoryChunk good = Chunk(terminated: false), bad = Chunk(terminated: true);
        // Not ended: both deltas of step 1 are positive, gold 1, win 1.5: followed. A0: gold 2 + .5 * 1, win -.25 + 1.5.
        Assert.Equal(new[] { 2.5f, 1.25f, 1f, 1.5f }, Estimate(good, Options with { Estimator = "upgo" }).Advantages);
        // Ended: gold's delta is -2: step 0 takes V1 instead. Win's is .75: followed.
        (float[] advantages, float[] returns) = Estimate(bad, Options with { Estimator = "upgo" });
        Assert.Equal(new[] { 2f, 0.5f, -2f, 0.75f }, advantages);
        Assert.Equal(Estimate(bad, Options).Returns, returns);
    }

    [Theory]
    [InlineData("gae")]
    [InlineData("vtrace")]
    [InlineData("upgo")]
    public void A_sequence_in_two_chunks_is_estimated_as_in_one(string estimator)
    {
        PpoOptions options = Options with { Estimator = estimator };
        var rng = new Rng(3);
        using var whole = new TrajectoryChunk(new TrajectoryLayout(Spec, 4, 0)) { Length = 4 };
        using var early = new TrajectoryChunk(new TrajectoryLayout(Spec, 4, 0)) { Length = 2 };
        using var late = new TrajectoryChunk(new TrajectoryLayout(Spec, 4, 0)) { Length = 2, FirstDecision = 2 };
        foreach (ref float x in whole.Rewards)
            x = rng.NextSingle() - 0.5f;
        foreach (ref float x in whole.Values)
            x = rng.NextSingle() - 0.5f;
        (whole.Bootstrap[0], whole.Bootstrap[1]) = (0.3f, -0.2f);
        float[] ratios = [0.7f, 1.4f, 0.9f, 1.1f];
        whole.Rewards[..6].CopyTo(early.Rewards);
        whole.Rewards[6..12].CopyTo(late.Rewards);
        whole.Values[..4].CopyTo(early.Values);
        whole.Values[4..8].CopyTo(late.Values);
        whole.Values[4..6].CopyTo(early.Bootstrap);
        whole.Bootstrap.CopyTo(late.Bootstrap);

        (float[] advantages, float[] returns) = Estimate(whole, options, ratios);
        var estimator2 = new AdvantageEstimator(Spec, options);
        float[] a = new float[8], r = new float[8], carry = new float[2 * AdvantageEstimator.CarryWidth];
        estimator2.Estimate(late, a.AsSpan(4), r.AsSpan(4), ratios.AsSpan(2), default, carry);
        estimator2.Estimate(early, a, r, ratios.AsSpan(0, 2), carry);
        Assert.Equal(advantages, a);
        Assert.Equal(returns, r);
    }

    private static (float[] Advantages, float[] Returns) Estimate(TrajectoryChunk chunk, PpoOptions options, float[]? ratios = null)
    {
        float[] advantages = new float[2 * chunk.Length], returns = new float[2 * chunk.Length];
        new AdvantageEstimator(Spec, options).Estimate(chunk, advantages, returns, ratios);
        return (advantages, returns);
    }

    private static TrajectoryChunk Chunk(bool terminated)
    {
        var chunk = new TrajectoryChunk(new TrajectoryLayout(Spec, 4, 0)) { Length = 2, Terminated = terminated };
        new[] { 1f, 0f, 1f, 0f, 1f, 0f }.CopyTo(chunk.Rewards);
        new[] { 4f, 0.5f, 2f, 0.25f }.CopyTo(chunk.Values);
        new[] { 6f, 0.75f }.CopyTo(chunk.Bootstrap);
        return chunk;
    }
}
