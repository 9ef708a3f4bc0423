using System.Globalization;
using System.Text;
using SelfPlayArena.Cli.Configuration;
using SelfPlayArena.Cli.Measuring;

namespace SelfPlayArena.Cli.Reporting;

/// <summary>One or several runs as one HTML file that needs nothing else: style and charts are inside, light and dark. Runs are told apart by colour.</summary>
internal static class RunPage
{
    /// <summary>Runs that one page compares at most: colours beyond them would not be told apart.</summary>
    public const int MostRuns = 8;

    private const string Style = """
        :root { color-scheme: light dark; --page: #fbfbfa; --card: #ffffff; --ink: #1d1d1f; --soft: #61646b; --line: #e2e3e6; --bad: #c2410c;
          --c0: #2a62b8; --c1: #c2410c; --c2: #2f855a; --c3: #8b3fb0; --c4: #b7791f; --c5: #0e7f8c; --c6: #b83264; --c7: #55606e; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #15161a; --card: #1d1f24; --ink: #ececee; --soft: #a0a4ad; --line: #33363d; --bad: #ff9a62;
            --c0: #7fb0ff; --c1: #ff9a62; --c2: #7ad3a0; --c3: #d09bf0; --c4: #f0c36a; --c5: #6fd3df; --c6: #ff8fb5; --c7: #b4bcc8; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        main { max-width: 1320px; margin: 0 auto; padding: 32px 20px 64px; }
        h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 40px 0 4px; } p { margin: 4px 0 12px; color: var(--soft); }
        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 12px; }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 14px; overflow-x: auto; margin: 0; }
        figcaption { font-size: 13px; font-weight: 600; margin-bottom: 4px; }
        svg { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif; }
        svg .axis { fill: var(--soft); font-variant-numeric: tabular-nums; } .grid { stroke: var(--line); }
        polyline { fill: none; stroke-width: 1.7; stroke-linejoin: round; }
        .s0 { stroke: var(--c0); fill: var(--c0); } .s1 { stroke: var(--c1); fill: var(--c1); } .s2 { stroke: var(--c2); fill: var(--c2); } .s3 { stroke: var(--c3); fill: var(--c3); }
        .s4 { stroke: var(--c4); fill: var(--c4); } .s5 { stroke: var(--c5); fill: var(--c5); } .s6 { stroke: var(--c6); fill: var(--c6); } .s7 { stroke: var(--c7); fill: var(--c7); }
        .key { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 7px; }
        .k0 { background: var(--c0); } .k1 { background: var(--c1); } .k2 { background: var(--c2); } .k3 { background: var(--c3); }
        .k4 { background: var(--c4); } .k5 { background: var(--c5); } .k6 { background: var(--c6); } .k7 { background: var(--c7); }
        table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
        th, td { padding: 5px 8px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th { color: var(--soft); font-weight: 500; } th:first-child, td:first-child, .left { text-align: left; } tr:last-child td { border-bottom: 0; }
        .bad { color: var(--bad); }
        """;

    /// <param name="runs">At most <see cref="MostRuns"/>, each with at least one update.</param>
    /// <param name="byTime">Courses over hours instead of trained hero-steps.</param>
    public static string Render(IReadOnlyList<RunHistory> runs, bool byTime)
    {
        string title = runs.Count == 1 ? $"Run {runs[0].Name}" : "Runs " + string.Join(", ", runs.Select(r => r.Name));
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{Text(title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<main>\n");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Text(title)}</h1>\n<p>Courses over {(byTime ? "hours of the run" : "trained hero-steps")}; long ones are shown as means of neighbouring updates.</p>\n<div class=\"card\">\n{Summary(runs)}</div>\n");
        if (runs.Count > 1)
            page.Append(RunComparison.Render(runs));
        foreach (ReportSection section in ReportSections.All)
            AddSection(page, section, runs, byTime);
        page.Append(RunDistributions.Render(runs));
        AddFaults(page, runs);
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static string Summary(IReadOnlyList<RunHistory> runs)
    {
        string[] anchors = [.. runs.SelectMany(r => r.Names).Where(n => n.StartsWith("anchor.", StringComparison.Ordinal)).Distinct()];
        var table = new StringBuilder("<table>\n<tr><th>run</th><th class=\"left\">plays</th><th class=\"left\">learns by</th><th>trained</th><th>time</th><th>updates</th><th>hero-steps/s</th><th>Elo</th>");
        foreach (string anchor in anchors)
            table.Append(CultureInfo.InvariantCulture, $"<th>beats {Text(anchor["anchor.".Length..])}</th>");
        table.Append("</tr>\n");
        for (int i = 0; i < runs.Count; i++)
        {
            RunHistory r = runs[i];
            table.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td><span class=\"key k{i}\"></span>{Text(r.Name)}</td><td class=\"left\">{Text($"{r.Settings.Environment} {r.Settings.Mode} {r.Settings.Rules}")}</td><td class=\"left\">{Text($"{r.Settings.Network}, {r.Settings.Objective} with {r.Settings.Estimator}")}</td><td>{Numbers.Short(r.TrainedSteps)}</td><td>{Numbers.Duration(r.Seconds)}</td><td>{r.Updates}</td><td>{Numbers.Short(MedianOf(r["hero_steps_per_second"]))}</td><td>{Last(r["elo"], "0")}</td>");
            foreach (string anchor in anchors)
                table.Append(CultureInfo.InvariantCulture, $"<td>{(r[anchor].Count == 0 ? "–" : Numbers.Percent(r[anchor][^1].Value, "0"))}</td>");
            table.Append("</tr>\n");
        }
        return table.Append("</table>\n").ToString();

        static double MedianOf(IReadOnlyList<CoursePoint> points) => points.Count == 0 ? double.NaN : Statistics.Median(points.Select(p => p.Value));
        static string Last(IReadOnlyList<CoursePoint> points, string format) => points.Count == 0 ? "–" : Numbers.Text(points[^1].Value, format);
    }

    private static void AddSection(StringBuilder page, ReportSection section, IReadOnlyList<RunHistory> runs, bool byTime)
    {
        var charts = new StringBuilder();
        foreach (ReportChart chart in section.ChartsFor(runs))
        {
            ChartLine[] lines = [.. runs.Select((r, i) => new ChartLine(r.Name, i, [.. r[chart.Series].Select(p => (byTime ? p.Seconds / 3600 : p.Steps, p.Value * chart.Factor))])).Where(l => l.Points.Count > 0)];
            if (lines.Length == 0 || lines.All(l => l.Points.All(p => p.Item2 == 0)))
                continue;
            charts.Append(CultureInfo.InvariantCulture, $"<figure class=\"card\"><figcaption>{Text(chart.Title)}</figcaption>\n{LineChart.Draw(chart.Title, lines, x => byTime ? Numbers.Text(x, "0.##") + " h" : Numbers.Short(x), chart.Zero)}</figure>\n");
        }
        if (charts.Length > 0)
            page.Append(CultureInfo.InvariantCulture, $"<h2>{Text(section.Title)}</h2>\n<p>{Text(section.Explanation)}</p>\n<div class=\"charts\">\n{charts}</div>\n");
    }

    private static void AddFaults(StringBuilder page, IReadOnlyList<RunHistory> runs)
    {
        if (!runs.Any(r => r.Faults.Count > 0 || r.Damaged > 0))
            return;
        page.Append("<h2>Faults</h2>\n<p>Updates that were not applied because something was not finite.</p>\n<div class=\"card\">\n<table>\n<tr><th>run</th><th>trained</th><th class=\"left\">what</th></tr>\n");
        foreach (RunHistory run in runs)
        {
            foreach ((double steps, string what) in run.Faults)
                page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(run.Name)}</td><td>{Numbers.Short(steps)}</td><td class=\"left bad\">{Text(what)}</td></tr>\n");
            if (run.Damaged > 0)
                page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(run.Name)}</td><td></td><td class=\"left bad\">{run.Damaged} lines of its progress file are damaged</td></tr>\n");
        }
        page.Append("</table>\n</div>\n");
    }

    private static string Text(string text) => LineChart.Text(text);
}
