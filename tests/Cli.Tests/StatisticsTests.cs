using SelfPlayArena.Cli.Measuring;

namespace SelfPlayArena.Cli.Tests;

public sealed class StatisticsTests
{
    [Fact]
    public void QuantilesLieBetweenOrderStatistics()
    {
        Assert.Equal(2, Statistics.Median([3, 1, 2]));
        Assert.Equal(2.5, Statistics.Median([4, 1, 2, 3]));
        Assert.Equal(9.9, Statistics.Quantile(Enumerable.Range(0, 11).Select(i => (double)i), 0.99), 9);
    }
}
