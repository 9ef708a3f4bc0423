using SelfPlayArena.Core;

namespace SelfPlayArena.League.Tests;

public sealed class RatingTests
{
    private const double NoPrior = 1e4;

    [Fact]
    public void Two_players_get_the_difference_and_the_error_worked_out_by_hand()
    {
        // 75 of 100: d = ln 3; information n·p·(1-p) = 18.75.
        BradleyTerry fit = BradleyTerry.Fit(2, [new PairResult(1, 0, 75, 100)], anchor: 0, NoPrior, [], 1);
        Assert.Equal([0, Math.Log(3)], fit.Strength, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([0, 1 / Math.Sqrt(18.75)], fit.StandardError, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void In_a_chain_differences_add_and_so_do_variances()
    {
        BradleyTerry fit = BradleyTerry.Fit(3, [new PairResult(0, 1, 25, 100), new PairResult(2, 1, 80, 100)], anchor: 0, NoPrior, [], 1);
        Assert.Equal(Math.Log(3) + Math.Log(4), fit.Strength[2], 6);
        Assert.Equal(Math.Sqrt(1 / 18.75 + 1 / 16.0), fit.StandardError[2], 5);
    }

    [Fact]
    public void Whoever_won_everything_gets_a_finite_rating_with_a_wide_error()
    {
        LeagueState state = LeagueState.Fold(Some.Members(decay: 1));
        for (int i = 0; i < 50; i++)
            state.Apply(Some.Match($"a/{i}", Some.Latest, Some.Random, 1));
        RatingTable table = new RatingOptions().Rate(state);
        Assert.Equal(Some.Easy, table.Anchor);
        Assert.Equal((1000, 0), (table[Some.Easy]!.Elo, table[Some.Easy]!.Error95));
        Assert.InRange(table[Some.Latest]!.Elo - table[Some.Random]!.Elo, 400, 1500);
        Assert.InRange(table[Some.Latest]!.Error95, 300, 1.96 * 800);
    }

    [Fact]
    public void Known_strengths_are_recovered_and_the_intervals_cover_them_as_often_as_they_say()
    {
        double[] truth = [0, -150, 80, 160, 240, 300];
        var rng = new Rng(21);
        int covered = 0, total = 0;
        double bias = 0;
        for (int league = 0; league < 300; league++)
        {
            var results = new List<PairResult>();
            for (int i = 0; i < truth.Length; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    int wins = 0;
                    for (int m = 0; m < 30; m++)
                        wins += rng.NextDouble() < Elo.ToWinRate(truth[i] - truth[j]) ? 1 : 0;
                    results.Add(new PairResult(i, j, wins, 30));
                }
            }
            BradleyTerry fit = BradleyTerry.Fit(truth.Length, results, 0, 800 / Elo.PerLogit, [], 1);
            for (int i = 1; i < truth.Length; i++)
            {
                double error = Elo.PerLogit * fit.Strength[i] - truth[i];
                bias += error;
                covered += Math.Abs(error) <= 1.96 * Elo.PerLogit * fit.StandardError[i] ? 1 : 0;
                total++;
            }
        }
        Assert.InRange(covered / (double)total, 0.93, 0.97);
        Assert.InRange(bias / total, -6, 6);
    }

    [Fact]
    public void With_the_drift_prior_few_matches_give_a_smaller_error_on_a_rising_curve()
    {
        var rng = new Rng(22);
        double plain = 0, linked = 0;
        var links = Enumerable.Range(1, 9).Select(i => (i, i + 1)).ToArray();
        for (int league = 0; league < 200; league++)
        {
            double[] truth = [0, .. Enumerable.Range(0, 10).Select(i => -300 + 60.0 * i)];
            var results = new List<PairResult>();
            for (int i = 1; i < truth.Length; i++)
            {
                int wins = Enumerable.Range(0, 8).Count(_ => rng.NextDouble() < Elo.ToWinRate(truth[i]));
                results.Add(new PairResult(i, 0, wins, 8));
            }
            plain += Error(BradleyTerry.Fit(11, results, 0, 800 / Elo.PerLogit, [], 1), truth);
            linked += Error(BradleyTerry.Fit(11, results, 0, 800 / Elo.PerLogit, links, 200 / Elo.PerLogit), truth);
        }
        Assert.True(linked < 0.6 * plain, $"{linked} against {plain}");

        static double Error(BradleyTerry fit, double[] truth) => truth.Select((t, i) => Math.Pow(Elo.PerLogit * fit.Strength[i] - t, 2)).Sum();
    }

    [Fact]
    public void A_rising_learner_shows_a_rising_curve_over_its_snapshots()
    {
        SelfPlayLeague league = Some.League(new MemoryEventLog());
        league.Start(0, 1);
        MatchIds ids = league.MatchIdsOf("0");
        var rng = new Rng(23);
        for (int v = 1; v <= 6; v++)
        {
            for (int i = 0; i < 400; i++)
            {
                Matchup m = league.NextMatchup([]);
                league.Report(Some.Result(ids.Next(), m, rng.NextDouble() < Elo.ToWinRate(Strength(m.Home, v) - Strength(m.Away, v)) ? 1 : 0));
            }
            league.RecordSnapshot(v, v * 1000, "b");
        }
        EloPoint[] curve = [.. league.EloCurve()];
        Assert.Equal([1, 2, 3, 4, 5, 6, PlayerId.Latest], curve.Select(p => p.Version));
        Assert.True(curve[5].Elo > curve[0].Elo + 400);
        Assert.All(curve, p => Assert.InRange(p.Elo, 1000 + Truth(p.Version) - 2 * p.Error95, 1000 + Truth(p.Version) + 2 * p.Error95));

        static double Truth(int version) => -400 + 120 * (version < 0 ? 6 : version);
        static double Strength(PlayerId p, int now) => p == Some.Easy ? 0 : p == Some.Random ? -600 : Truth(p.IsLatest ? now : p.Version);
    }

    [Fact]
    public void Evaluation_matches_go_to_the_widest_error_and_shrink_it()
    {
        SelfPlayLeague league = Some.League(new MemoryEventLog());
        league.RecordSnapshot(1, 100, "b");
        league.RecordSnapshot(2, 200, "b");
        league.Start(0, 1);
        MatchIds ids = league.MatchIdsOf("0");
        double before = league.Ratings()[Some.Frozen(2)]!.Error95;
        var active = new List<Matchup>();
        for (int i = 0; i < 2; i++)
            active.Add(league.NextEvaluation(active)!);
        Assert.Equal([Some.Frozen(1), Some.Frozen(2)], active.Select(m => m.Home).OrderBy(p => p.Version));
        var rng = new Rng(24);
        for (int i = 0; i < 100; i++)
        {
            Matchup m = league.NextEvaluation([])!;
            Assert.NotEqual(m.Home, m.Away);
            for (int k = 0; k < m.Matches; k++)
                league.Report(Some.Result(ids.Next(), m, rng.Next(2)));
        }
        Assert.True(league.Ratings()[Some.Frozen(2)]!.Error95 < 0.2 * before);
    }

    [Fact]
    public void Wilson_intervals_are_those_of_the_textbook()
    {
        ScoreEstimate e = ScoreEstimate.Of(wins: 8, draws: 0, losses: 2);
        Assert.Equal((0.8, 0.4902, 0.9433), (e.WinRate, Math.Round(e.Low, 4), Math.Round(e.High, 4)));
        Assert.Equal(new ScoreEstimate(0, 0.5, 0, 1), ScoreEstimate.Of(0, 0, 0));
        Assert.Equal(0.75, ScoreEstimate.Of(1, 1, 0).WinRate);
    }

    [Fact]
    public void Elo_of_a_clean_sweep_is_that_of_half_a_win_less()
    {
        ScoreEstimate e = ScoreEstimate.Of(200, 0, 0);
        Assert.Equal(1, e.High);
        Assert.Equal(Elo.FromWinRate(199.5 / 200), e.EloDifference, 9);
        Assert.Equal(e.EloHigh, e.EloDifference);
        Assert.True(e.EloLow < e.EloDifference);
        Assert.Equal(-e.EloDifference, ScoreEstimate.Of(0, 0, 200).EloDifference, 9);
        Assert.Equal(400 * Math.Log10(3), ScoreEstimate.Of(75, 0, 25).EloDifference, 9);
    }
}
