using SelfPlayArena.Core;

namespace SelfPlayArena.League.Tests;

public sealed class MatchmakingTests
{
    [Theory]
    [InlineData(PfspWeighting.Variance, 0.1875, 0.25, 0.1875)]
    [InlineData(PfspWeighting.Squared, 0.0625, 0.25, 0.5625)]
    [InlineData(PfspWeighting.Linear, 0.25, 0.5, 0.75)]
    public void Probabilities_are_those_worked_out_by_hand(PfspWeighting weighting, double a, double b, double c)
    {
        // With two imagined matches: (5+1)/8 = 3/4, never played 1/2, (1 draw: 0.5+1 + 0.5)/8 = 1/4.
        Tally[] records = [new(5, 0, 1), default, new(0, 2, 4)];
        double[] p = Pfsp.Probabilities(records, weighting, priorMatches: 2, uniformShare: 0);
        double sum = a + b + c;
        Assert.Equal([a / sum, b / sum, c / sum], p, (x, y) => Math.Abs(x - y) < 1e-12);
        double[] mixed = Pfsp.Probabilities(records, weighting, 2, uniformShare: 0.3);
        Assert.Equal(0.7 * a / sum + 0.1, mixed[0], 12);
    }

    [Fact]
    public void Without_prior_and_with_everything_won_all_opponents_are_equal() =>
        Assert.Equal([0.5, 0.5], Pfsp.Probabilities([new(3, 0, 0), new(9, 0, 0)], PfspWeighting.Squared, 0, 0));

    [Theory]
    [InlineData(0.8, 0.05)]
    [InlineData(0.5, 0.3)]
    [InlineData(0.8, 0.2)]
    public void Shares_are_kept(double selfPlay, double scripted)
    {
        var options = new MatchmakingOptions { SelfPlayShare = selfPlay, ScriptedShare = scripted, UniformShare = 0 };
        LeagueState state = WithPool(versions: 6);
        // The learner beats scripted members always, so weighing alone would hardly ever choose them.
        for (int i = 0; i < 400; i++)
            state.Apply(Some.Match($"a/{i}", Some.Latest, i % 2 == 0 ? Some.Easy : Some.Random, 1));
        var rng = new Rng(11);
        const int N = 40_000;
        int self = 0, anchors = 0;
        for (int i = 0; i < N; i++)
        {
            Pairing p = new PfspMatchmaker(Some.Main, options).Next(state, [], ref rng, 3);
            Assert.Equal(Some.Latest, p.Home);
            self += p.Away == p.Home ? 1 : 0;
            anchors += p.Away.Member.IsScripted ? 1 : 0;
        }
        Assert.InRange(self / (double)N, selfPlay - 0.01, selfPlay + 0.01);
        Assert.InRange(anchors / (double)N, scripted - 0.01, scripted + 0.015);
    }

    [Fact]
    public void Sampled_opponents_follow_their_probabilities()
    {
        LeagueState state = WithPool(versions: 2);
        for (int i = 0; i < 8; i++)
            state.Apply(Some.Match($"a/{i}", Some.Latest, Some.Frozen(1), i < 6 ? 1 : 0));
        var options = new MatchmakingOptions { SelfPlayShare = 0, ScriptedShare = 0, UniformShare = 0 };
        PlayerId[] pool = [Some.Random, Some.Easy, Some.Frozen(1), Some.Frozen(2)];
        double[] expected = Pfsp.Probabilities([.. pool.Select(p => state.Evidence(Some.Latest, p))], options.Weighting, options.PriorMatches, 0);
        Assert.True(expected[2] < 0.6 * expected[3]);
        var rng = new Rng(12);
        var matchmaker = new PfspMatchmaker(Some.Main, options);
        int[] counts = new int[4];
        for (int i = 0; i < 40_000; i++)
            counts[Array.IndexOf(pool, matchmaker.Next(state, [], ref rng, 3).Away)]++;
        for (int i = 0; i < 4; i++)
            Assert.InRange(counts[i] / 40_000.0, expected[i] - 0.01, expected[i] + 0.01);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_host_never_plays_more_policies_than_it_may_and_yet_meets_them_all(int max)
    {
        const int Versions = 12;
        var options = new MatchmakingOptions { MaxDistinctOpponents = max };
        SelfPlayLeague league = Some.League(new MemoryEventLog(), options: new LeagueOptions { Matchmaking = options });
        for (int v = 1; v <= Versions; v++)
            league.RecordSnapshot(v, v * 100, "b");
        league.Start(0, 1);
        MatchIds ids = league.MatchIdsOf("0");
        var rng = new Rng(13);
        var running = new List<(Matchup Matchup, int Left)>();
        var met = new Dictionary<PlayerId, int>();
        int self = 0, matches = 0;
        for (int i = 0; i < 24; i++)
            Begin();
        while (matches < 16_000)
        {
            int k = rng.Next(running.Count);
            (Matchup m, int left) = running[k];
            league.Report(Some.Result(ids.Next(), m, rng.Next(2)));
            matches++;
            running[k] = (m, left - 1);
            if (left == 1)
            {
                running.RemoveAt(k);
                Begin();
            }
        }
        Assert.Equal(Versions, met.Count);
        if (max > 1)
        {
            Assert.All(met.Values, n => Assert.InRange(n, met.Values.Sum() / (Versions * 3.0), met.Values.Sum() * 3.0 / Versions));
            Assert.InRange(self * 4.0 / matches, 0.77, 0.83);
        }

        void Begin()
        {
            Matchup m = league.NextMatchup();
            running.Add((m, m.Matches));
            self += m.IsSelfPlay ? 1 : 0;
            if (m.Away.Version > 0)
                met[m.Away] = met.GetValueOrDefault(m.Away) + 1;
            Assert.True(running.Select(r => r.Matchup.Away).Where(p => p.Version > 0).Distinct().Count() <= max);
        }
    }

    [Fact]
    public void Without_a_pool_there_is_only_self_play()
    {
        SelfPlayLeague league = SelfPlayLeague.Create(new MemoryEventLog(), Some.Created(), [], new LeagueOptions(), new StoppedClock());
        for (int i = 0; i < 100; i++)
            Assert.True(league.NextMatchup([]).IsSelfPlay);
    }

    [Fact]
    public void A_large_pool_keeps_the_newest_half_and_spreads_the_rest_over_the_past()
    {
        LeagueState state = WithPool(versions: 100);
        int[] versions = [.. PfspMatchmaker.Pool(state, 8).Where(p => p.Version > 0).Select(p => p.Version)];
        Assert.Equal([1, 25, 49, 73, 97, 98, 99, 100], versions);
        Assert.Equal(5, PfspMatchmaker.Pool(WithPool(5), 8).Count(p => p.Version > 0));
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new MatchmakingOptions { SelfPlayShare = 1.2 }.Validate());
        Assert.Equal("SelfPlayShare is 1.2; allowed: 0 to 1", e.Message);
        Assert.Throws<ArgumentException>(() => new MatchmakingOptions { SelfPlayShare = 0.9, ScriptedShare = 0.2 }.Validate());
    }

    private static LeagueState WithPool(int versions) => LeagueState.Fold(
        [.. Some.Members(), .. Enumerable.Range(1, versions).Select(v => new SnapshotTaken(Some.Main, v, v * 100, "b"))]);
}
