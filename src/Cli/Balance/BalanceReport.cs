using SelfPlayArena.Cli.Measuring;
using SelfPlayArena.League;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Cli.Balance;

/// <summary>What the matches say about heroes, items, sides and length. This is what <c>--json</c> prints.</summary>
/// <param name="Players">Who played all heroes.</param>
/// <param name="Matches">Matches played; fewer than <paramref name="Asked"/> if interrupted, when short matches are over-represented.</param>
/// <param name="Side">Win rate of team 0 (bottom left).</param>
/// <param name="TimeLimitShare">Share of matches that the time limit ended.</param>
/// <param name="Minutes">Length of matches in game minutes.</param>
/// <param name="LengthCounts">Matches by whole minutes of length, from 0 on.</param>
internal sealed record BalanceReport(
    string Environment, string Rules, string Players, string ContentHash, ulong Seed, int Matches, int Asked, BalanceRate Side, int Draws,
    double TimeLimitShare, BalanceLength Minutes, IReadOnlyList<int> LengthCounts, IReadOnlyList<BalanceHeroLine> Heroes, IReadOnlyList<BalanceItemLine> Items)
{
    /// <summary>A hero whose whole interval is outside is flagged.</summary>
    public const double Lowest = 0.4;

    /// <inheritdoc cref="Lowest"/>
    public const double Highest = 0.6;

    /// <exception cref="ArgumentException">No matches.</exception>
    public static BalanceReport Of(IReadOnlyList<BalanceMatch> matches, MobaContent content, string environment, string rules, string players, string contentHash, ulong seed, int asked)
    {
        if (matches.Count == 0)
            throw new ArgumentException("there are no matches to report", nameof(matches));
        double[] minutes = [.. matches.Select(m => m.Minutes)];
        var lengths = new int[(int)minutes.Max() + 1];
        foreach (double length in minutes)
            lengths[(int)length]++;
        BalanceHero[] played = [.. matches.SelectMany(m => m.Heroes)];
        return new BalanceReport(
            environment, rules, players, contentHash, seed, matches.Count, asked,
            BalanceRate.Of(matches.Sum(m => m.Winner < 0 ? 0.5 : 1 - m.Winner), matches.Count), matches.Count(m => m.Winner < 0),
            (double)matches.Count(m => m.Reason == EndReason.TimeLimit) / matches.Count,
            new BalanceLength(minutes.Average(), Quantile(0.05), Quantile(0.25), Quantile(0.5), Quantile(0.75), Quantile(0.95)), lengths,
            [.. content.Heroes.Select(h => BalanceHeroLine.Of(h, [.. played.Where(p => p.Hero == h.Index)])).OrderByDescending(h => h.WinRate.Rate)],
            [.. content.Items.Select(i => BalanceItemLine.Of(i, played)).OrderByDescending(i => i.WinRate.Rate)]);

        double Quantile(double share) => Statistics.Quantile(minutes, share);
    }

    public IEnumerable<BalanceHeroLine> Flagged => Heroes.Where(h => h.Flagged);
}

/// <summary>A win rate, draws as half, with Wilson's 95% interval.</summary>
internal sealed record BalanceRate(double Rate, double Low, double High)
{
    public static BalanceRate Of(double score, int matches)
    {
        ScoreEstimate estimate = ScoreEstimate.Of(score, matches);
        return new BalanceRate(estimate.WinRate, estimate.Low, estimate.High);
    }
}

/// <summary>Mean and quantiles, in game minutes.</summary>
internal sealed record BalanceLength(double Mean, double P5, double P25, double Median, double P75, double P95);

/// <summary>A hero over all its matches; figures are means a match.</summary>
internal sealed record BalanceHeroLine(
    string Name, string Role, int Picks, BalanceRate WinRate, bool Flagged, double Kills, double Deaths, double Assists, double Gold, double Damage, double Level)
{
    public static BalanceHeroLine Of(HeroDefinition hero, IReadOnlyList<BalanceHero> played)
    {
        BalanceRate rate = BalanceRate.Of(played.Sum(p => p.Score), played.Count);
        return new BalanceHeroLine(
            hero.Name, hero.Role, played.Count, rate, rate.Low > BalanceReport.Highest || rate.High < BalanceReport.Lowest,
            Mean(p => p.Kills), Mean(p => p.Deaths), Mean(p => p.Assists), Mean(p => p.Gold), Mean(p => p.Damage), Mean(p => p.Level));

        double Mean(Func<BalanceHero, double> of) => played.Count == 0 ? 0 : played.Average(of);
    }
}

/// <summary>An item over all heroes that held it at the end. The richer team holds more of the dear ones, so compare items of like price.</summary>
/// <param name="Picks">Heroes that held it at the end of a match.</param>
internal sealed record BalanceItemLine(string Name, int Price, int Picks, BalanceRate WinRate)
{
    public static BalanceItemLine Of(ItemDefinition item, IReadOnlyList<BalanceHero> played)
    {
        BalanceHero[] holders = [.. played.Where(p => p.Items.Contains(item.Index))];
        return new BalanceItemLine(item.Name, item.Price, holders.Length, BalanceRate.Of(holders.Sum(p => p.Score), holders.Length));
    }
}
