namespace SelfPlayArena.League.Tests;

public sealed class ScoreEstimateTests
{
    [Fact]
    public void Wilson_gives_the_published_interval()
    {
        // 81 successes of 263: 0.2553 to 0.3662 (Newcombe 1998, table I, method 3).
        ScoreEstimate e = ScoreEstimate.Of(81, 263);
        Assert.Equal(0.2553, e.Low, 4);
        Assert.Equal(0.3662, e.High, 4);
    }

    [Fact]
    public void Wilson_stays_within_zero_and_one_and_is_symmetric()
    {
        foreach (int matches in new[] { 1, 7, 200 })
        {
            for (int wins = 0; wins <= matches; wins++)
            {
                ScoreEstimate e = ScoreEstimate.Of(wins, matches);
                Assert.InRange((double)wins / matches, e.Low - 1e-12, e.High + 1e-12);
                Assert.InRange(e.Low, 0, 1);
                Assert.InRange(e.High, 0, 1);
                Assert.Equal(1 - e.High, ScoreEstimate.Of(matches - wins, matches).Low, 12);
            }
        }
    }

    [Fact]
    public void Elo_follows_the_logistic_curve()
    {
        Assert.Equal(0, ScoreEstimate.Of(50, 100).EloDifference, 9);
        Assert.Equal(400, Elo.FromWinRate(10.0 / 11), 9);
        Assert.Equal(-ScoreEstimate.Of(10, 100).EloDifference, ScoreEstimate.Of(90, 100).EloDifference, 9);
        Assert.True(double.IsFinite(ScoreEstimate.Of(200, 200).EloDifference));
    }
}
