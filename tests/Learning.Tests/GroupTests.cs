using SelfPlayArena.Core;

namespace SelfPlayArena.Learning.Tests;

/// <summary>Estimators that compare whole matches, on cases computed by hand.</summary>
[Collection("libtorch")]
public sealed class GroupTests
{
    private static readonly EnvironmentSpec Spec = new Matching.MatchingEnvironment(1).Spec;
    private static readonly TrajectoryLayout Layout = new(Spec, 4, 0);
    private static readonly PpoOptions Options = new() { DefaultValueHead = new ValueHeadOptions(0.5f), MaxStaleness = 0, AdvantagesByHead = false };

    [Fact]
    public void Grpo_measures_each_decision_in_deviations_from_its_group()
    {
        float[] returns = [1, 10, 3, 10, 5, 10, 7, 20];
        var signal = new bool[4];
        GroupStep[] steps = [Step(0, 0, 0), Step(0, 0, 1), Step(0, 1, 2), Step(0, 1, 3)];
        new GroupRelative().Apply(steps, 2, returns, signal);
        // Decision 0: 1 and 3, mean 2, deviation 1; both 10: nothing. Decision 1: 5 and 7; 10 and 20.
        Assert.Equal([-1f, 0f, 1f, 0f, -1f, -1f, 1f, 1f], returns);
        Assert.Equal([true, true, true, true], signal);

        float[] alike = [4, 4];
        var silent = new bool[2];
        new GroupRelative().Apply([Step(0, 0, 0), Step(0, 0, 1)], 1, alike, silent);
        Assert.Equal([0f, 0f], alike);
        Assert.Equal([false, false], silent);
    }

    [Fact]
    public void Grpo_compares_only_the_same_agent_of_the_same_team_of_one_group()
    {
        float[] returns = [1, 3, 100, 200, 300];
        GroupStep[] steps =
        [
            Step(0, 0, 0), Step(0, 0, 1),
            new(new Moment(0, 1, 0, 0), 2, false), new(new Moment(0, 0, 1, 0), 3, false), new(new Moment(1, 0, 0, 0), 4, false),
        ];
        var signal = new bool[5];
        new GroupRelative().Apply(steps, 1, returns, signal);
        Assert.Equal([-1f, 1f, 0f, 0f, 0f], returns);
        Assert.Equal([true, true, false, false, false], signal);
    }

    [Fact]
    public void Remax_subtracts_what_the_greedy_match_earned_and_nothing_after_its_end()
    {
        float[] returns = [5, 7, 5, 2, 9];
        var signal = new bool[5];
        // Row 0 greedy at decision 0; rows 1 and 2 at decision 0; row 3 at decision 1, when the greedy match was over; row 4 of a group without one.
        GroupStep[] steps = [new(new Moment(0, 0, 0, 0), 0, true), Step(0, 0, 1), Step(0, 0, 2), Step(0, 1, 3), Step(1, 0, 4)];
        new GreedyBaseline().Apply(steps, 1, returns, signal);
        Assert.Equal([5f, 2f, 0f, 2f, 0f], returns);
        Assert.Equal([false, true, false, true, false], signal);
    }

    [Fact]
    public void A_batch_takes_returns_from_the_decision_on_and_dynamic_sampling_leaves_silent_steps_out()
    {
        TrajectoryChunk[] chunks = [Played(7, 0, 1f, 1f), Played(7, 1, 0f, 1f)];
        foreach (bool dynamic in new[] { false, true })
        {
            var batch = new TrainingBatch(Spec, Options with { Estimator = "grpo", DynamicSampling = dynamic });
            Assert.Null(batch.Fill(chunks, 0));
            // Agent 0 earns 1, 1 and 0, 1: returns 1.5, 1 and .5, 1 with discount .5. Decision 0 differs, decision 1 does not; agent 1 earns nothing.
            Assert.Equal([1.5f, 1f], [batch.Returns(0)[0], batch.Returns(0)[2 * Spec.ValueHeads.Count]]);
            Assert.Equal(6, batch.WithoutSignal);
            Assert.Equal(dynamic ? 2 : 8, batch.Used);
            Assert.True(batch.Advantages(0)[0] > 0.9f);
            Assert.Equal(-batch.Advantages(0)[0], batch.Advantages(1)[0], 1e-6f);
            Assert.Equal(dynamic ? 0f : 1f, batch.Weights(0)[1]);
        }
        var remax = new TrainingBatch(Spec, Options with { Estimator = "remax" });
        Assert.Null(remax.Fill(chunks, 0));
        // Match 0 is the baseline and teaches nothing itself.
        Assert.Equal((0f, 1f, 4), (remax.Weights(0)[0], remax.Weights(1)[0], remax.Used));
        foreach (TrajectoryChunk chunk in chunks)
            chunk.Dispose();
    }

    [Fact]
    public void A_matchups_chunks_leave_together_when_all_its_matches_are_over()
    {
        using var groups = new MatchGroups(2);
        var ready = new List<TrajectoryChunk>();
        TrajectoryChunk Chunk(long matchup, int number, int team, bool over)
            => new(Layout) { MatchupId = matchup, MatchId = $"{matchup}#{number}", Team = team, Length = 1, Terminated = over };
        groups.Add(Chunk(1, 0, 0, false), ready);
        groups.Add(Chunk(1, 0, 1, false), ready);
        groups.Add(Chunk(2, 0, 0, true), ready);
        groups.Add(Chunk(1, 0, 0, true), ready);
        groups.Add(Chunk(1, 0, 1, true), ready);
        groups.Add(Chunk(1, 1, 0, true), ready);
        // The other team's last chunk may still be to come.
        groups.Add(Chunk(1, 1, 1, true), ready);
        Assert.Empty(ready);
        groups.Add(Chunk(2, 0, 1, true), ready);
        Assert.Equal(6, ready.Count);
        Assert.All(ready, c => Assert.Equal(1, c.MatchupId));
        Assert.Equal(2, groups.Waiting);
        groups.Add(Chunk(1, 1, 0, true), ready);
        Assert.Equal((6, 1L), (ready.Count, groups.Late));
        foreach (TrajectoryChunk chunk in ready)
            chunk.Dispose();
    }

    [Fact]
    public void A_matchup_whose_host_went_away_is_given_up()
    {
        using var groups = new MatchGroups(1);
        var ready = new List<TrajectoryChunk>();
        groups.Add(new TrajectoryChunk(Layout) { MatchupId = -1, MatchId = "-1#0", Length = 1 }, ready);
        for (int i = 0; i < 300; i++)
            groups.Add(new TrajectoryChunk(Layout) { MatchupId = i, MatchId = $"{i}#0", Length = 1, Terminated = true }, ready);
        Assert.Equal((299, 1, 1L), (ready.Count, groups.Waiting, groups.Late));
        foreach (TrajectoryChunk chunk in ready)
            chunk.Dispose();
    }

    private static GroupStep Step(long group, int decision, int row) => new(new Moment(group, 0, 0, decision), row, false);

    private static TrajectoryChunk Played(long matchup, int number, params float[] rewards)
    {
        var chunk = new TrajectoryChunk(Layout) { MatchupId = matchup, MatchId = $"{matchup}#{number}", Length = rewards.Length, Terminated = true };
        for (int t = 0; t < rewards.Length; t++)
            chunk.Rewards[t * Spec.AgentsPerTeam * Spec.Rewards.Count] = rewards[t];
        return chunk;
    }
}
