using SelfPlayArena.Cli;
using SelfPlayArena.Cli.Terminal;

namespace SelfPlayArena.Cli.Tests;

public sealed class TerminalTests
{
    [Theory]
    [InlineData(new double[] { }, 8, "")]
    [InlineData(new double[] { 1, 2, 3, 4, 5, 6, 7, 8 }, 8, "▁▂▃▄▅▆▇█")]
    [InlineData(new double[] { 1, 1, 8, 8 }, 2, "▁█")]
    [InlineData(new double[] { 0, double.NaN, 1 }, 3, "▁ █")]
    [InlineData(new double[] { 5, 5 }, 9, "▅▅")]
    [InlineData(new double[] { double.NaN }, 4, " ")]
    public void SparklinesSpanLowestToHighest(double[] values, int width, string expected) => Assert.Equal(expected, Sparkline.Draw(values, width));

    [Fact]
    public void SparklinesOfLongSeriesHaveTheWidthAskedFor()
    {
        string line = Sparkline.Draw([.. Enumerable.Range(0, 1001).Select(i => (double)i)], 40);
        Assert.Equal(40, line.Length);
        Assert.Equal(new string([.. line.Order()]), line);
    }

    [Theory]
    [InlineData(new int[] { }, 8, "")]
    [InlineData(new[] { 80, 0, 1, 40 }, 8, "█ ▁▅")]
    [InlineData(new[] { 10, 10, 0, 0, 5, 0 }, 3, "█ ▃")]
    [InlineData(new[] { 0, 0 }, 8, "  ")]
    public void DistributionsSpanNothingToMostFrequent(int[] counts, int width, string expected) => Assert.Equal(expected, Sparkline.Distribution(counts, width));

    [Theory]
    [InlineData(0, "    ")]
    [InlineData(0.5, "██  ")]
    [InlineData(1, "████")]
    [InlineData(0.625, "██▌ ")]
    [InlineData(7, "████")]
    [InlineData(double.NaN, "    ")]
    public void BarsFillInEighths(double share, string expected) => Assert.Equal(expected, Sparkline.Bar(share, 4));

    [Theory]
    [InlineData(21_340, "21.3 k")]
    [InlineData(1_234_567, "1.23 M")]
    [InlineData(950, "950")]
    [InlineData(0, "0")]
    [InlineData(0.0123, "0.0123")]
    [InlineData(double.NaN, "–")]
    public void NumbersAreShort(double value, string expected) => Assert.Equal(expected, Numbers.Short(value));

    [Theory]
    [InlineData(65, "1:05")]
    [InlineData(3723, "1:02:03")]
    [InlineData(-1, "0:00")]
    public void DurationsReadAsClocks(double seconds, string expected) => Assert.Equal(expected, Numbers.Duration(seconds));
}
