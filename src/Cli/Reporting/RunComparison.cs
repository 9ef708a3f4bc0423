using System.Globalization;
using System.Text;
using SelfPlayArena.Cli.Configuration;

namespace SelfPlayArena.Cli.Reporting;

/// <summary>
/// The part of a report by which ablations are read: which settings differ between runs, and where each run stood when all of them had learnt from
/// equally many hero-steps, as a run that is faster or was left longer would otherwise look better than what it lacks.
/// </summary>
internal static class RunComparison
{
    /// <summary>Share of the common hero-steps, at their end, over which figures are averaged.</summary>
    private const double Tail = 0.1;

    private static readonly (string Title, string Series, double Factor, string Format)[] Figures =
    [
        ("entropy", "entropy", 1, "0.00"), ("KL", "kl", 1, "0.0000"), ("clipped, %", "clip_fraction", 100, "0.0"), ("value loss", "value_loss", 1, "0.000"),
        ("hero-steps/s", "hero_steps_per_second", 1, "0"), ("hours", "", 1, "0.00"),
    ];

    /// <param name="runs">Two or more, each with at least one update.</param>
    public static string Render(IReadOnlyList<RunHistory> runs)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<h2>Settings that differ</h2>\n<div class=\"card\">\n{Differences(runs)}</div>\n");
        double common = runs.Min(r => r.TrainedSteps);
        page.Append(CultureInfo.InvariantCulture, $"<h2>At equal experience</h2>\n<p>Where each run stood after {Numbers.Short(common)} trained hero-steps, as far as the shortest one came: means over the last tenth of them.</p>\n<div class=\"card\">\n{AtEqualExperience(runs, common)}</div>\n");
        return page.ToString();
    }

    private static string Differences(IReadOnlyList<RunHistory> runs)
    {
        SettingKey[] keys = [.. SettingKeys.All.Where(k => runs.Select(r => k.Format(r.Settings)).Distinct().Count() > 1)];
        if (keys.Length == 0)
            return "<p>None: the runs differ in chance alone.</p>\n";
        var table = Table("setting", runs);
        foreach (SettingKey key in keys)
            Row(table, key.Name, runs.Select(r => key.Format(r.Settings)));
        return table.Append("</table>\n").ToString();
    }

    private static string AtEqualExperience(IReadOnlyList<RunHistory> runs, double common)
    {
        StringBuilder table = Table("figure", runs);
        foreach (string anchor in Named("anchor."))
            Row(table, $"beats {anchor["anchor.".Length..]}, %", runs.Select(r => Figure(r, anchor, common, 100, "0.0")));
        foreach (string head in Named("explained_variance."))
            Row(table, $"explained variance of {head["explained_variance.".Length..]}", runs.Select(r => Figure(r, head, common, 1, "0.00")));
        foreach ((string title, string series, double factor, string format) in Figures)
            Row(table, title, runs.Select(r => series.Length == 0 ? Hours(r, common) : Figure(r, series, common, factor, format)));
        return table.Append("</table>\n").ToString();

        IEnumerable<string> Named(string prefix) => runs.SelectMany(r => r.Names).Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Distinct();
    }

    private static string Figure(RunHistory run, string series, double common, double factor, string format)
    {
        CoursePoint[] tail = [.. run[series].Where(p => p.Steps <= common && p.Steps > common * (1 - Tail))];
        return tail.Length == 0 ? "–" : Numbers.Text(tail.Average(p => p.Value) * factor, format);
    }

    private static string Hours(RunHistory run, double common)
    {
        IReadOnlyList<CoursePoint> course = run["trained_steps"];
        CoursePoint last = course.LastOrDefault(p => p.Steps <= common);
        return last.Steps > 0 ? Numbers.Text(last.Seconds / 3600, "0.00") : "–";
    }

    private static StringBuilder Table(string first, IReadOnlyList<RunHistory> runs)
    {
        var table = new StringBuilder($"<table>\n<tr><th>{first}</th>");
        for (int i = 0; i < runs.Count; i++)
            table.Append(CultureInfo.InvariantCulture, $"<th><span class=\"key k{i}\"></span>{LineChart.Text(runs[i].Name)}</th>");
        return table.Append("</tr>\n");
    }

    private static void Row(StringBuilder table, string title, IEnumerable<string> values)
    {
        string[] cells = [.. values];
        if (cells.All(c => c == "–"))
            return;
        table.Append(CultureInfo.InvariantCulture, $"<tr><td>{LineChart.Text(title)}</td>");
        foreach (string cell in cells)
            table.Append(CultureInfo.InvariantCulture, $"<td>{LineChart.Text(cell)}</td>");
        table.Append("</tr>\n");
    }
}
