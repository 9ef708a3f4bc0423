using SelfPlayArena.Cli.Measuring;

namespace SelfPlayArena.Cli.Tests;

public sealed class StatisticsTests
{
    [Fact]
    public void WilsonGivesThePublishedInterval()
    {
        // 81 successes of 263: 0.2553 to 0.3662 (Newcombe 1998, table I, method 3).
        (double low, double high) = Statistics.Wilson(81, 263);
        Assert.Equal(0.2553, low, 4);
        Assert.Equal(0.3662, high, 4);
    }

    [Fact]
    public void WilsonStaysWithinZeroAndOneAndIsSymmetric()
    {
        foreach (int matches in new[] { 1, 7, 200 })
        {
            for (int wins = 0; wins <= matches; wins++)
            {
                (double low, double high) = Statistics.Wilson(wins, matches);
                Assert.InRange((double)wins / matches, low - 1e-12, high + 1e-12);
                Assert.InRange(low, 0, 1);
                Assert.InRange(high, 0, 1);
                (double mirrored, _) = Statistics.Wilson(matches - wins, matches);
                Assert.Equal(1 - high, mirrored, 12);
            }
        }
    }

    [Fact]
    public void EloFollowsTheLogisticCurve()
    {
        Assert.Equal(0, Statistics.EloDifference(50, 100), 9);
        Assert.Equal(400, Statistics.EloOf(10.0 / 11), 9);
        Assert.Equal(-Statistics.EloDifference(10, 100), Statistics.EloDifference(90, 100), 9);
        Assert.True(double.IsFinite(Statistics.EloDifference(200, 200)));
    }

    [Fact]
    public void QuantilesLieBetweenOrderStatistics()
    {
        Assert.Equal(2, Statistics.Median([3, 1, 2]));
        Assert.Equal(2.5, Statistics.Median([4, 1, 2, 3]));
        Assert.Equal(9.9, Statistics.Quantile(Enumerable.Range(0, 11).Select(i => (double)i), 0.99), 9);
    }
}
