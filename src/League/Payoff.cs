using System.Runtime.InteropServices;
using SelfPlayArena.Core;

namespace SelfPlayArena.League;

/// <summary>Weighed results of one player against another, from the first one's point of view. Weights may be fractions, where older results count less.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Tally(double Wins, double Draws, double Losses)
{
    public double Matches => Wins + Draws + Losses;

    /// <summary>Wins and half the draws.</summary>
    public double Score => Wins + 0.5 * Draws;

    public Tally Reversed => new(Losses, Draws, Wins);

    public static Tally operator +(Tally a, Tally b) => new(a.Wins + b.Wins, a.Draws + b.Draws, a.Losses + b.Losses);

    public static Tally operator *(double factor, Tally t) => new(factor * t.Wins, factor * t.Draws, factor * t.Losses);

    /// <summary>One result; <paramref name="score"/> is 1, 0.5 or 0.</summary>
    public static Tally Of(double score) => score > 0.5 ? new(1, 0, 0) : score < 0.5 ? new(0, 0, 1) : new(0, 1, 0);

    /// <summary>Win rate with draws as half, and its 95% interval.</summary>
    public ScoreEstimate Estimate() => ScoreEstimate.Of(Score, Matches);

    /// <summary>Mean of the Beta posterior of the win rate, starting from <paramref name="priorMatches"/> imagined matches of which half were won.</summary>
    public double Posterior(double priorMatches) =>
        Matches + priorMatches > 0 ? (Score + 0.5 * priorMatches) / (Matches + priorMatches) : 0.5;
}

/// <summary>One pair of players.</summary>
/// <param name="Played">All matches ever, each counted as one.</param>
/// <param name="Evidence">What counts now: for a moving policy the older results fade; a snapshot starts with its share of the learner's recent ones.</param>
public sealed record PayoffCell(PlayerId Home, PlayerId Away, Tally Played, Tally Evidence)
{
    /// <summary>Home's win rate over the evidence, with its 95% interval.</summary>
    public ScoreEstimate WinRate => Evidence.Estimate();
}

/// <summary>A win rate (draws as half) with its 95% interval, and what that means in Elo.</summary>
/// <param name="Matches">Matches behind it; a fraction where results were weighed.</param>
/// <param name="WinRate">In [0, 1]; 0.5 without matches.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ScoreEstimate(double Matches, double WinRate, double Low, double High)
{
    internal const double Z95 = 1.959963984540054;

    /// <summary>
    /// Wilson's score interval (Wilson 1927). A draw counts as half a win; its variance is smaller than a coin toss's, so with draws the interval is on the
    /// safe side.
    /// </summary>
    /// <param name="score">Wins and half the draws.</param>
    public static ScoreEstimate Of(double score, double matches)
    {
        if (matches <= 0)
            return new(0, 0.5, 0, 1);
        double p = score / matches;
        double z2 = Z95 * Z95;
        double centre = (p + z2 / (2 * matches)) / (1 + z2 / matches);
        double half = Z95 / (1 + z2 / matches) * Math.Sqrt(p * (1 - p) / matches + z2 / (4 * matches * matches));
        return new(matches, p, score <= 0 ? 0 : Math.Max(0, centre - half), score >= matches ? 1 : Math.Min(1, centre + half));
    }

    public static ScoreEstimate Of(long wins, long draws, long losses) => Of(wins + 0.5 * draws, wins + draws + losses);

    /// <summary>Rating difference that would give this win rate. At 0 and 1, where it is infinite, half a win is taken for none lost or won.</summary>
    public double EloDifference => Elo.FromWinRate(Clamp(WinRate));

    /// <summary>Rating difference at <see cref="Low"/>, clamped likewise.</summary>
    public double EloLow => Elo.FromWinRate(Clamp(Low));

    /// <summary>Rating difference at <see cref="High"/>, clamped likewise.</summary>
    public double EloHigh => Elo.FromWinRate(Clamp(High));

    private double Clamp(double p)
    {
        double half = Matches >= 1 ? 0.5 / Matches : 0.5;
        return Math.Clamp(p, half, 1 - half);
    }
}

/// <summary>The Elo scale: 400 points are odds of ten to one.</summary>
public static class Elo
{
    /// <summary>Elo points in one unit of log-odds.</summary>
    public static readonly double PerLogit = 400 / Math.Log(10);

    /// <summary>Rating difference of a win rate in (0, 1).</summary>
    public static double FromWinRate(double p) => PerLogit * Math.Log(p / (1 - p));

    /// <summary>Win rate that a rating difference promises.</summary>
    public static double ToWinRate(double difference) => 1 / (1 + Math.Exp(-difference / PerLogit));
}
