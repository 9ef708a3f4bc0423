namespace SelfPlayArena.Server.People;

/// <summary>
/// How strong somebody is thought to be, and how surely: Glicko's rating and deviation (Glickman, "Parameter estimation in large dynamic paired comparison
/// experiments", 1999), on the Elo scale.
/// </summary>
/// <param name="Deviation">Standard deviation; the 95% interval is 1.96 times as wide to either side.</param>
internal readonly record struct Rating(double Mean, double Deviation)
{
    /// <summary>Of somebody of whom nothing is known.</summary>
    public static Rating Unknown { get; } = new(1000, LargestDeviation);

    /// <summary>Standard deviations of half a 95% interval.</summary>
    public const double Z95 = 1.959964;

    private const double LargestDeviation = 350;
    private const double LeastDeviation = 30;

    /// <summary>Within a year without a match, what is known fades from a deviation of 50 to that of a newcomer.</summary>
    private static readonly double FadingADay = (LargestDeviation * LargestDeviation - 50 * 50) / 365.0;

    private static readonly double Q = Math.Log(10) / 400;

    /// <summary>What is still known of it after a while.</summary>
    public Rating After(TimeSpan idle) => this with { Deviation = Math.Min(LargestDeviation, Math.Sqrt(Deviation * Deviation + FadingADay * Math.Max(0, idle.TotalDays))) };

    /// <summary>
    /// What one match of two teams says of everybody in it. A team is as strong as its members' mean, so that a member's part in the result, and what the
    /// result says of it, is one in so many; with one a side this is Glicko's own rule for one game.
    /// </summary>
    /// <param name="teams">[2] members' places in <paramref name="ratings"/>; the same place may stand several times, on both sides.</param>
    /// <param name="score">Of the first team: 1, 0.5 or 0.</param>
    public static Rating[] AfterMatch(IReadOnlyList<Rating> ratings, IReadOnlyList<int>[] teams, double score)
    {
        double[] parts = new double[ratings.Count];
        for (int side = 0; side < 2; side++)
        {
            foreach (int member in teams[side])
                parts[member] += (side == 0 ? 1.0 : -1.0) / teams[side].Count;
        }
        double difference = 0, variance = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            difference += parts[i] * ratings[i].Mean;
            variance += parts[i] * parts[i] * ratings[i].Deviation * ratings[i].Deviation;
        }
        var after = new Rating[ratings.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            Rating own = ratings[i];
            double part = parts[i], others = variance - part * part * own.Deviation * own.Deviation;
            double g = 1 / Math.Sqrt(1 + 3 * Q * Q * others / (Math.PI * Math.PI));
            double expected = 1 / (1 + Math.Pow(10, -g * difference / 400));
            double slope = Q * g * part;
            double left = 1 / (1 / (own.Deviation * own.Deviation) + slope * slope * expected * (1 - expected));
            after[i] = new Rating(own.Mean + left * slope * (score - expected), part == 0 ? own.Deviation : Math.Max(LeastDeviation, Math.Sqrt(left)));
        }
        return after;
    }
}
