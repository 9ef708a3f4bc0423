using SelfPlayArena.Core;
using SelfPlayArena.Matching;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Rollout.Tests;

public class MatchHostTests
{
    private const int Steps = 4;
    private static readonly EnvironmentSpec Spec = MatchingFactory.Layout;

    private static TrajectoryLayout Layout => new(Spec, Steps, Given.Plan.RecurrentSize);

    private static (List<TrajectoryChunk> Chunks, OneMatchup Director) Play(Matchup matchup, Networks networks, Action<int>? eachStep = null, int slots = 3)
    {
        var director = new OneMatchup(matchup);
        var sink = new CollectingSink();
        using var host = new MatchHost(0, new MatchingEnvironment(slots), director, networks, sink, Layout, new HostOptions(), seed: 5);
        for (int i = 0; host.Step(default); i++)
            eachStep?.Invoke(i);
        return (sink.Chunks, director);
    }

    // Of 150 matches the rows do not all go through the network at once.
    [Theory]
    [InlineData(3, 7)]
    [InlineData(150, 160)]
    public void In_self_play_both_teams_chunks_cover_every_decision_once(int slots, int matches)
    {
        var networks = new Networks { Latest = Given.Policy(1, 1) };
        (List<TrajectoryChunk> chunks, OneMatchup director) = Play(new Matchup(9, Given.Latest, Given.Latest, matches, 3), networks, slots: slots);
        Assert.Equal(matches, director.Results.Count);
        Assert.Equal(matches, director.Ends);
        foreach (MatchResult result in director.Results)
        {
            for (int team = 0; team < 2; team++)
            {
                TrajectoryChunk[] mine = [.. chunks.Where(c => c.MatchId == result.MatchId && c.Team == team).OrderBy(c => c.FirstDecision)];
                int decision = 0;
                foreach (TrajectoryChunk c in mine)
                {
                    Assert.Equal(decision, c.FirstDecision);
                    Assert.Equal(9, c.MatchupId);
                    Assert.Equal(c == mine[^1], c.Terminated);
                    if (c != mine[^1])
                        Assert.Equal(Steps, c.Length);
                    decision += c.Length;
                }
                Assert.Equal(result.Outcome.Decisions, decision);
            }
        }
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(150, 160)]
    public void A_full_chunk_is_bootstrapped_with_the_values_of_the_step_after_it_and_a_finished_one_with_zero(int slots, int matches)
    {
        var networks = new Networks { Latest = Given.Policy(1, 1) };
        (List<TrajectoryChunk> chunks, _) = Play(new Matchup(1, Given.Latest, Given.Latest, matches, 3), networks, slots: slots);
        int bootstrapped = 0;
        foreach (TrajectoryChunk c in chunks)
        {
            if (c.Terminated)
            {
                Assert.True(c.Bootstrap.IndexOfAnyExcept(0f) < 0);
                continue;
            }
            TrajectoryChunk next = chunks.Single(n => n.MatchId == c.MatchId && n.Team == c.Team && n.FirstDecision == c.FirstDecision + Steps);
            Assert.Equal(next.Values[..c.Bootstrap.Length].ToArray(), c.Bootstrap.ToArray());
            Assert.True(c.Bootstrap.IndexOfAnyExcept(0f) >= 0);
            bootstrapped++;
        }
        Assert.True(bootstrapped >= 5);
    }

    [Fact]
    public void Recorded_actions_are_legal_under_the_recorded_masks_and_have_their_probabilities()
    {
        var networks = new Networks { Latest = Given.Policy(2, 1) };
        (List<TrajectoryChunk> chunks, _) = Play(new Matchup(1, Given.Latest, Given.Latest, 5, 3), networks);
        int used = 0;
        foreach (TrajectoryChunk c in chunks)
        {
            for (int row = 0; row < c.Length * Spec.AgentsPerTeam; row++)
            {
                int offset = row * Spec.OptionCount;
                for (int h = 0; h < Spec.Heads.Count; h++)
                {
                    int size = Spec.Heads[h].Size;
                    ReadOnlySpan<byte> mask = c.Masks.Slice(offset, size);
                    short action = c.Actions[row * Spec.Heads.Count + h];
                    float log = c.LogProbabilities[row * Spec.Heads.Count + h];
                    offset += size;
                    if (action < 0)
                    {
                        Assert.True(mask.IndexOfAnyExcept((byte)0) < 0);
                        Assert.Equal(0, log);
                        continue;
                    }
                    Assert.Equal(1, mask[action]);
                    Assert.True(log <= 1e-6, $"log-probability {log}");
                    used++;
                }
            }
        }
        Assert.True(used > 50);
    }

    [Fact]
    public void Only_the_learning_side_is_recorded_against_a_frozen_opponent_and_the_opponent_stays_for_the_whole_match()
    {
        Networks networks = new Networks { Latest = Given.Policy(1, 1) }.Add(Given.Frozen(4), Given.Policy(7, 4));
        (List<TrajectoryChunk> chunks, OneMatchup director) = Play(
            new Matchup(1, Given.Latest, Given.Frozen(4), 6, 3), networks,
            step => networks.Latest = Given.Policy((ulong)(10 + step), step + 2));
        Assert.Equal(6, director.Results.Count);
        Assert.Equal([0, 1, 0, 1, 0, 1], director.Results.OrderBy(r => r.MatchId).Select(r => r.HomeSide));
        foreach (TrajectoryChunk c in chunks)
        {
            Assert.Equal(director.Results.Single(r => r.MatchId == c.MatchId).HomeSide, c.Team);
            Assert.Equal(Given.Latest, c.Player);
            // The latest moved once after every decision, and each step says which version made it.
            for (int t = 1; t < c.Length; t++)
                Assert.Equal(c.Versions[0] + t, c.Versions[t]);
        }
        Assert.True(director.Results.Max(r => r.HomeVersion) > 8);
    }

    [Fact]
    public void The_first_chunk_of_a_match_starts_from_a_zero_state_and_later_ones_do_not()
    {
        var networks = new Networks { Latest = Given.Policy(3, 1) };
        (List<TrajectoryChunk> chunks, _) = Play(new Matchup(1, Given.Latest, Given.Latest, 4, 3), networks);
        foreach (TrajectoryChunk c in chunks)
            Assert.Equal(c.FirstDecision == 0, c.InitialState.IndexOfAnyExcept(0f) < 0);
    }

    [Fact]
    public void Scripted_players_and_the_random_player_take_seats_like_others()
    {
        EvaluationResult r = Evaluation.Play(
            new MatchingFactory(), new Contestant("perfect", "perfect@1", null), new Contestant("random", "random", null), 200, seed: 1, threads: 2);
        Assert.Equal(200, r.Matches);
        Assert.True(r.WinsA > 180, $"the perfect player won {r.WinsA} of 200 against the random one");
    }

    [Fact]
    public void An_evaluation_is_repeatable_and_symmetric()
    {
        var a = new Contestant("a", null, Given.Policy(1, 1));
        var b = new Contestant("b", null, Given.Policy(2, 1));
        EvaluationResult first = Evaluation.Play(new MatchingFactory(), a, b, 60, seed: 4, threads: 1);
        EvaluationResult again = Evaluation.Play(new MatchingFactory(), a, b, 60, seed: 4, threads: 1);
        Assert.Equal((first.WinsA, first.WinsB, first.Draws), (again.WinsA, again.WinsB, again.Draws));
    }

    [Fact]
    public void An_unknown_scripted_player_is_answered_with_those_that_exist()
    {
        Exception e = Assert.ThrowsAny<Exception>(() => Evaluation.Play(
            new MatchingFactory(), new Contestant("x", "grandmaster@9", null), new Contestant("random", "random", null), 2, seed: 1, threads: 1));
        Assert.Contains("random, perfect@1", e.Message, StringComparison.Ordinal);
    }
}
