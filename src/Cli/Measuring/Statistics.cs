namespace SelfPlayArena.Cli.Measuring;

/// <summary>The few statistics that benches need; win rates and their intervals are the league's, see <see cref="League.ScoreEstimate"/>.</summary>
internal static class Statistics
{
    /// <exception cref="ArgumentException">No values.</exception>
    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    /// <summary>Linear between the two nearest order statistics.</summary>
    /// <exception cref="ArgumentException">No values.</exception>
    public static double Quantile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
            throw new ArgumentException("no values", nameof(values));
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
