using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SelfPlayArena.Cli.Reporting;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Tests;

public sealed partial class ReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("arena-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ARunsNumbersAreReadByNameWhateverVersionWroteThem()
    {
        RunFolder folder = Run("old", new RunSettings(), 3, Line, "{\"half\": ");
        RunHistory run = RunHistory.Read(folder, "old");
        Assert.Equal((3, 3000.0, 30.0, 0), (run.Updates, run.TrainedSteps, run.Seconds, run.Damaged));
        Assert.Equal([0.5, 1.5, 2.5], run["entropy_by_head.verb"].Select(p => p.Value));
        Assert.Equal([1000.0, 1010.0, 1020.0], run["elo"].Select(p => p.Value));
        Assert.Equal([0.25, 0.25, 0.25], run["anchor.easy@1"].Select(p => p.Value));
        Assert.Equal([(2000.0, "policy loss")], run.Faults);
        Assert.Empty(run["nothing of this name"]);
    }

    [Fact]
    public void DamageWithinTheFileIsCountedAndAHalfWrittenEndIsNot()
    {
        RunFolder folder = Run("torn", new RunSettings(), 2, Line, "{\"torn\": ");
        File.AppendAllText(folder.Progress, "\n" + Line(5) + "\n");
        RunHistory run = RunHistory.Read(folder, "torn");
        Assert.Equal((3, 1), (run.Updates, run.Damaged));
        Assert.Contains("1 lines of its progress file are damaged", RunPage.Render([run], byTime: false), StringComparison.Ordinal);
    }

    [Fact]
    public void ThePageNeedsNothingElseShowsEveryRunInEveryChartAndWhatSettingsDiffer()
    {
        RunHistory a = RunHistory.Read(Run("a<b", new RunSettings(), 400, Line), "a<b");
        RunHistory b = RunHistory.Read(Run("b", new RunSettings { Estimator = "vtrace", LearningRate = 0.002 }, 5, Line), "b");
        foreach (bool byTime in new[] { false, true })
        {
            string page = RunPage.Render([a, b], byTime);
            MatchCollection charts = Charts().Matches(page);
            // Elo, one anchor, entropy, gradient norm, entropy of the verb, hero-steps a second, one phase.
            Assert.Equal(7, charts.Count);
            foreach (Match chart in charts)
            {
                XElement[] lines = [.. XDocument.Parse(chart.Value).Descendants().Where(e => e.Name.LocalName == "polyline")];
                Assert.Equal(2, lines.Length);
                Assert.All(lines, l => Assert.InRange(l.Attribute("points")!.Value.Split(' ').Length, 5, 160));
                Assert.DoesNotContain("NaN", chart.Value, StringComparison.Ordinal);
            }
            Assert.Contains("<td>estimator</td><td>gae</td><td>vtrace</td>", page, StringComparison.Ordinal);
            Assert.Contains("<td>learning_rate</td><td>0.001</td><td>0.002</td>", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<td>minibatches</td>", page, StringComparison.Ordinal);
            Assert.Contains("policy loss", page, StringComparison.Ordinal);
            Assert.DoesNotContain("a<b", page, StringComparison.Ordinal);
            Assert.DoesNotMatch("(src|href)=|url\\(|@import|<script", page);
        }
    }

    [Fact]
    public void AblationsAreComparedWhereTheShortestRunStood()
    {
        RunHistory full = RunHistory.Read(Run("full", new RunSettings(), 400, Line), "full");
        RunHistory without = RunHistory.Read(Run("without", new RunSettings { MaskedLoss = false, Core = "none", PrivilegedCritic = false }, 100, i => Line(2 * i)), "without");
        string page = RunPage.Render([full, without], byTime: false);
        Assert.Contains("<td>masked_loss</td><td>true</td><td>false</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>core</td><td>auto</td><td>none</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>privileged_critic</td><td>true</td><td>false</td>", page, StringComparison.Ordinal);
        // 200 k hero-steps are the shorter run's last; the tenth before them are lines 181 to 200 of the one, the even ones of them of the other.
        string Entropy(IEnumerable<int> lines) => Numbers.Text(lines.Average(i => 1.0 / i), "0.00");
        Assert.Contains($"after {Numbers.Short(200_000)} trained hero-steps", page, StringComparison.Ordinal);
        Assert.Contains($"<td>entropy</td><td>{Entropy(Enumerable.Range(181, 20))}</td><td>{Entropy(Enumerable.Range(91, 10).Select(i => 2 * i))}</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>beats easy@1, %</td><td>25.0</td><td>25.0</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>hours</td><td>0.56</td><td>0.56</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void StalenessIsDrawnAsSharesOfAllStepsAndLayersAsMedians()
    {
        string Measured(int i) => Line(i)[..^1] + $",\"steps_by_staleness\":[{(i == 1 ? 300 : 0)},{(i == 1 ? 0 : 100)}]" + (i == 2 ? "" : $",\"microseconds_by_layer\":{{\"core\":{i},\"trunk\":9}}") + "}";
        RunHistory a = RunHistory.Read(Run("a", new RunSettings(), 4, Measured), "a"), b = RunHistory.Read(Run("b", new RunSettings(), 1, Line), "b");
        Assert.Equal([300, 300], a.StepsByStaleness);
        string page = RunPage.Render([a, b], byTime: false);
        XElement chart = XDocument.Parse(Charts().Matches(page).Single(m => m.Value.Contains("<rect", StringComparison.Ordinal)).Value).Root!;
        XElement[] bars = [.. chart.Descendants().Where(e => e.Name.LocalName == "rect")];
        Assert.Equal(["a, 0: 50", "a, 1: 50"], bars.Select(r => r.Value));
        Assert.Single(bars.Select(r => r.Attribute("height")!.Value).Distinct());
        Assert.Contains("<tr><td>core</td><td>3.00</td><td>–</td></tr>", page, StringComparison.Ordinal);
        Assert.Contains("<tr><td>all</td><td>12.00</td><td>–</td></tr>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, 2)]
    [InlineData(0.9, 0.5)]
    [InlineData(4, 1)]
    [InlineData(1e-5, 5e-6)]
    public void AxesAreMarkedAtRoundNumbersFourPartsAtMost(double span, double step)
    {
        Assert.Equal(step, LineChart.Step(span, 4), step * 1e-9);
        Assert.InRange(span / LineChart.Step(span, 4), 1, 4);
    }

    [Fact]
    public void LongCoursesBecomeMeansAndKeepTheirMean()
    {
        (double X, double Y)[] points = [.. Enumerable.Range(0, 3200).Select(i => ((double)i, i % 2 == 0 ? 1.0 : 3.0))];
        IReadOnlyList<(double X, double Y)> thin = LineChart.Thin(points);
        Assert.Equal(160, thin.Count);
        Assert.All(thin, p => Assert.Equal(2.0, p.Y, 1e-9));
        Assert.Equal(points.Average(p => p.X), thin.Average(p => p.X), 1e-9);
    }

    [Fact]
    public void AnUnknownRunIsRefused()
    {
        var error = new StringWriter();
        Assert.Equal(2, ArenaCommand.Run(["report", "no-such-run"], TextWriter.Null, error));
        Assert.Contains("no run 'no-such-run'", error.ToString(), StringComparison.Ordinal);
    }

    private RunFolder Run(string name, RunSettings settings, int updates, Func<int, string> line, string end = "")
    {
        var folder = new RunFolder(Path.Combine(_folder, name.Replace('<', '_')));
        Directory.CreateDirectory(folder.Path);
        folder.WriteSettings(settings);
        File.WriteAllText(folder.Progress, string.Concat(Enumerable.Range(1, updates).Select(i => line(i) + "\n")) + end);
        return folder;
    }

    private static string Line(int i) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["seconds"] = 10 * i,
        ["trained_steps"] = 1000 * i,
        ["entropy"] = 1.0 / i,
        ["gradient_norm"] = i,
        ["kl"] = double.NaN.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["hero_steps_per_second"] = 20_000,
        ["entropy_by_head"] = new Dictionary<string, double> { ["verb"] = i - 0.5 },
        ["seconds_by_phase"] = new Dictionary<string, double> { ["forward"] = 0.1 },
        ["novelty_bonus"] = 0,
        ["fault"] = i == 2 ? "policy loss" : null,
        ["anchors"] = new[] { new { anchor = "easy@1", win_rate = 0.25, games = 4 }, new { anchor = "random", win_rate = 0.0, games = 0 } },
        ["ratings"] = new object[] { new { player = "main@1", elo = 1, games = 9 }, new { player = "main@latest", elo = 990 + 10 * i, games = 3 } },
    });

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Charts();
}
