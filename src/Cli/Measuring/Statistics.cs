namespace SelfPlayArena.Cli.Measuring;

/// <summary>The few statistics that reports need.</summary>
internal static class Statistics
{
    private const double Z95 = 1.959963984540054;

    /// <summary>
    /// 95% score interval of a share (Wilson 1927), with draws counted as half a win; good for shares near 0 and 1 and for few matches.
    /// </summary>
    /// <param name="score">Wins plus half the draws.</param>
    public static (double Low, double High) Wilson(double score, int matches)
    {
        if (matches == 0)
            return (0, 1);
        double p = score / matches;
        double z2 = Z95 * Z95;
        double centre = (p + z2 / (2 * matches)) / (1 + z2 / matches);
        double half = Z95 / (1 + z2 / matches) * Math.Sqrt(p * (1 - p) / matches + z2 / (4.0 * matches * matches));
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    /// <summary>
    /// Elo difference of an expected score (Elo 1978). Half a match is added to each side, so that a clean sweep gives a finite number.
    /// </summary>
    public static double EloDifference(double score, int matches) => EloOf((score + 0.5) / (matches + 1));

    /// <summary>Elo difference at which the expected score is <paramref name="expected"/>, between 0 and 1 exclusive.</summary>
    public static double EloOf(double expected) => 400 * Math.Log10(expected / (1 - expected));

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
