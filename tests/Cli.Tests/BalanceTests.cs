using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SelfPlayArena.Cli.Balance;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Cli.Tests;

public sealed partial class BalanceTests
{
    [Fact]
    public void LineUpsAreTenDifferentHeroesAndChangeSidesInEverySecondMatch()
    {
        int heroes = MobaContent.Default.Heroes.Length;
        var met = new HashSet<byte>();
        for (int number = 0; number < 60; number += 2)
        {
            byte[] first = BalancePlay.LineUps(number, 7, heroes), second = BalancePlay.LineUps(number + 1, 7, heroes);
            Assert.Equal(Math.Min(heroes, 10), first.Distinct().Count());
            Assert.Equal([.. first[5..], .. first[..5]], second);
            met.UnionWith(first);
        }
        Assert.Equal(heroes, met.Count);
        Assert.NotEqual(BalancePlay.LineUps(0, 7, heroes), BalancePlay.LineUps(2, 7, heroes));
        Assert.NotEqual(BalancePlay.LineUps(0, 7, heroes), BalancePlay.LineUps(0, 8, heroes));
    }

    [Fact]
    public void ReportsCountWinsBySideHeroAndItem()
    {
        // Hero 0 with item 0 wins all 100 matches, half of them on either side; every tenth match of heroes 2 and 3 is a draw.
        var matches = new List<BalanceMatch>();
        for (int i = 0; i < 100; i++)
        {
            int winner = i % 2;
            BalanceHero won = Hero(0, 1, [0]), lost = Hero(1, 0, []);
            matches.Add(new BalanceMatch(i, winner, EndReason.Ancient, 15 * 60 * 12, winner == 0 ? [won, lost] : [lost, won]));
        }
        for (int i = 0; i < 10; i++)
            matches.Add(new BalanceMatch(100 + i, i == 0 ? -1 : i % 2, i == 0 ? EndReason.TimeLimit : EndReason.Ancient, 15 * 60 * 20, [Hero(2, i == 0 ? 0.5 : 1 - i % 2, []), Hero(3, i == 0 ? 0.5 : i % 2, [])]));
        BalanceReport report = Report(matches);

        BalanceHeroLine best = report.Heroes[0];
        Assert.Equal((MobaContent.Default.Heroes[0].Name, 100, 1.0, true), (best.Name, best.Picks, best.WinRate.Rate, best.Flagged));
        Assert.Equal([MobaContent.Default.Heroes[0].Name, MobaContent.Default.Heroes[1].Name], report.Flagged.Select(h => h.Name));
        BalanceHeroLine even = report.Heroes.Single(h => h.Name == MobaContent.Default.Heroes[2].Name);
        Assert.Equal((10, 0.45), (even.Picks, even.WinRate.Rate));
        Assert.Equal((4.0, 1.0, 2.0, 5000.0, 900.0), (best.Kills, best.Deaths, best.Assists, best.Gold, best.Damage));
        BalanceItemLine item = report.Items.Single(i => i.Name == MobaContent.Default.Items[0].Name);
        Assert.Equal((100, 1.0), (item.Picks, item.WinRate.Rate));
        Assert.Equal((1, 1.0 / 110), (report.Draws, report.TimeLimitShare));
        Assert.Equal((50 + 4.5) / 110, report.Side.Rate, 12);
        Assert.Equal((12.0, 100, 10), (report.Minutes.Median, report.LengthCounts[12], report.LengthCounts[20]));
    }

    [Fact]
    public void ThePageNeedsNothingElseAndItsChartsAreWellFormed()
    {
        BalanceReport report = Report([new BalanceMatch(0, 0, EndReason.Ancient, 9000, [Hero(0, 1, [0, 1]), Hero(1, 0, [])])]);
        string page = BalancePage.Render(report);
        MatchCollection charts = Charts().Matches(page);
        Assert.Equal(3, charts.Count);
        foreach (Match chart in charts)
            Assert.Contains(XDocument.Parse(chart.Value).Descendants(), e => e.Name.LocalName is "circle" or "rect");
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=|url\\(|@import|<script", page);
        Assert.All(MobaContent.Default.Heroes, h => Assert.Contains($"<td>{h.Name}</td>", page, StringComparison.Ordinal));
    }

    [Fact]
    public void TheSameSeedGivesTheSameReportOnAnyNumberOfThreads()
    {
        string file = Path.Combine(Path.GetTempPath(), $"arena-balance-{Environment.ProcessId}.html");
        try
        {
            string one = Balance("--threads", "1"), two = Balance("--threads", "2", "--html", file);
            Assert.Equal(one, two);
            JsonElement report = JsonDocument.Parse(one).RootElement;
            Assert.Equal((6, 6, "easy@1"), (report.GetProperty("matches").GetInt32(), report.GetProperty("asked").GetInt32(), report.GetProperty("players").GetString()));
            Assert.Equal(12, report.GetProperty("heroes").EnumerateArray().Sum(h => h.GetProperty("picks").GetInt32()));
            Assert.Equal(6, report.GetProperty("length_counts").EnumerateArray().Sum(c => c.GetInt32()));
            Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(file), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Balance(params string[] more)
    {
        var output = new StringWriter();
        Assert.Equal(0, ArenaCommand.Run(["balance", "--matches", "6", "--mode", "1v1", "--rules", "quick", "--players", "easy", "--seed", "3", "--json", .. more], output, TextWriter.Null));
        return output.ToString();
    }

    private static BalanceHero Hero(int hero, double score, int[] items) => new(hero, score, 4, 1, 2, 5000, 900, 12, items);

    private static BalanceReport Report(IReadOnlyList<BalanceMatch> matches)
        => BalanceReport.Of(matches, MobaContent.Default, "moba/1v1", "full", "easy@1", "0123", 1, matches.Count);

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Charts();
}
