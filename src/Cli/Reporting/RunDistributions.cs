using System.Globalization;
using System.Text;
using SelfPlayArena.Cli.Measuring;

namespace SelfPlayArena.Cli.Reporting;

/// <summary>What a report shows of whole runs that is no course: how old the experience was, and which layers the learner's time goes to.</summary>
internal static class RunDistributions
{
    private const string Layers = "microseconds_by_layer.";

    public static string Render(IReadOnlyList<RunHistory> runs)
    {
        var page = new StringBuilder();
        if (runs.Any(r => r.StepsByStaleness.Count > 0))
        {
            BarSeries[] bars = [.. runs.Select((r, i) => new BarSeries(r.Name, i, Shares(r.StepsByStaleness)))];
            page.Append(CultureInfo.InvariantCulture, $"<h2>Staleness</h2>\n<p>Share, in %, of the hero-steps learnt from by their age: updates between acting and learning, over the whole run.</p>\n<div class=\"charts\">\n<figure class=\"card\"><figcaption>Age of hero-steps, updates</figcaption>\n{BarChart.Draw("Age of hero-steps, updates", bars)}</figure>\n</div>\n");
        }
        string[] names = [.. runs.SelectMany(r => r.Names).Where(n => n.StartsWith(Layers, StringComparison.Ordinal)).Distinct()];
        if (names.Length > 0)
            page.Append(CultureInfo.InvariantCulture, $"<h2>Time by layer</h2>\n<p>Microseconds a trained hero-step, forward and backward, of each layer by itself: medians of the run's measurements. Cut apart, layers take somewhat more than together.</p>\n<div class=\"card\">\n{Table(runs, names)}</div>\n");
        return page.ToString();
    }

    private static double[] Shares(IReadOnlyList<long> steps)
    {
        double all = Math.Max(steps.Sum(), 1);
        return [.. steps.Select(s => 100 * s / all)];
    }

    private static string Table(IReadOnlyList<RunHistory> runs, string[] names)
    {
        var table = new StringBuilder("<table>\n<tr><th>layer</th>");
        for (int i = 0; i < runs.Count; i++)
            table.Append(CultureInfo.InvariantCulture, $"<th><span class=\"key k{i}\"></span>{LineChart.Text(runs[i].Name)}</th>");
        table.Append("</tr>\n");
        foreach (string name in names.OrderByDescending(n => runs.Max(r => Median(r, n) ?? 0)))
            Row(name[Layers.Length..], r => Median(r, name));
        Row("all", r => names.Any(n => Median(r, n) is not null) ? names.Sum(n => Median(r, n) ?? 0) : null);
        return table.Append("</table>\n").ToString();

        void Row(string title, Func<RunHistory, double?> value)
        {
            table.Append(CultureInfo.InvariantCulture, $"<tr><td>{LineChart.Text(title)}</td>");
            foreach (RunHistory run in runs)
                table.Append(CultureInfo.InvariantCulture, $"<td>{(value(run) is { } v ? Numbers.Text(v, "0.00") : "–")}</td>");
            table.Append("</tr>\n");
        }
    }

    private static double? Median(RunHistory run, string name) => run[name].Count == 0 ? null : Statistics.Median(run[name].Select(p => p.Value));
}
