using SelfPlayArena.Cli.Measuring;

namespace SelfPlayArena.Cli.Tests;

public sealed class StatisticsTests
{
    [Fact]
    public void AMediansIntervalLeavesOutAtMostATwentiethOfAllSamples()
    {
        double[] values = [.. Enumerable.Range(1, 10).Select(i => (double)i)];
        // Of ten, the second and the ninth: 11 in 1024 lie outside at each end, and with the third and the eighth it would be 56.
        Assert.Equal((2, 9), HostingCostBench.MedianInterval(values));
        Assert.Equal((1, 6), HostingCostBench.MedianInterval([6, 5, 4, 3, 2, 1]));
        Assert.Equal((double.NegativeInfinity, double.PositiveInfinity), HostingCostBench.MedianInterval([1, 2, 3]));
    }

    [Fact]
    public void QuantilesLieBetweenOrderStatistics()
    {
        Assert.Equal(2, Statistics.Median([3, 1, 2]));
        Assert.Equal(2.5, Statistics.Median([4, 1, 2, 3]));
        Assert.Equal(9.9, Statistics.Quantile(Enumerable.Range(0, 11).Select(i => (double)i), 0.99), 9);
    }
}
