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
        var advantages = new float[2];
        var returns = new float[4];
        new AdvantageEstimator(Spec, Options).Estimate(chunk, advantages, returns);

        // gold: rewards 2*1 + 3*1 = 5 and 0; values 4, 2; bootstrap 6. delta1 = 0 + .5*6 - 2 = 1; delta0 = 5 + .5*2 - 4 = 2; A0 = 2 + .25*1.
        // win: rewards 0 and 1; values .5, .25; bootstrap .75. delta1 = 1.5; delta0 = -.25; A0 = 1.25.
        Assert.Equal(new[] { 2.25f + 4f, 1.25f + 0.5f, 1f + 2f, 1.5f + 0.25f }, returns);
        Assert.Equal(new[] { 2.25f + 10 * 1.25f, 1f + 10 * 1.5f }, advantages);
    }

    [Fact]
    public void Nothing_follows_a_terminated_match()
    {
        using TrajectoryChunk chunk = Chunk(terminated: true);
        var advantages = new float[2];
        var returns = new float[4];
        new AdvantageEstimator(Spec, Options).Estimate(chunk, advantages, returns);

        // delta1: gold 0 - 2 = -2, win 1 - .25 = .75; A0: gold 2 - .5 = 1.5, win -.25 + .75 = .5.
        Assert.Equal(new[] { 1.5f + 10 * 0.5f, -2f + 10 * 0.75f }, advantages);
        Assert.Equal(new[] { 5.5f, 1f, 0f, 1f }, returns);
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
