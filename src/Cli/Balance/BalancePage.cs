using System.Globalization;
using System.Text;

namespace SelfPlayArena.Cli.Balance;

/// <summary>A balance report as one HTML file that needs nothing else: style and charts are inside, light and dark.</summary>
internal static class BalancePage
{
    private const string Style = """
        :root { color-scheme: light dark; --page: #fbfbfa; --card: #ffffff; --ink: #1d1d1f; --soft: #61646b; --line: #e2e3e6; --band: #eef3fb; --mark: #2a62b8; --bad: #c2410c; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #15161a; --card: #1d1f24; --ink: #ececee; --soft: #a0a4ad; --line: #33363d; --band: #222a38; --mark: #7fb0ff; --bad: #ff9a62; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        main { max-width: 860px; margin: 0 auto; padding: 32px 20px 64px; }
        h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 40px 0 4px; } p { margin: 4px 0 12px; color: var(--soft); }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px; margin-top: 20px; }
        .tile, .card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
        .tile b { display: block; font-size: 22px; font-weight: 600; } .tile span { color: var(--soft); font-size: 13px; }
        .card { overflow-x: auto; }
        svg { display: block; width: 100%; min-width: 560px; height: auto; font: 12px system-ui, sans-serif; }
        svg text { fill: var(--ink); } svg .axis, svg .note { fill: var(--soft); font-variant-numeric: tabular-nums; }
        .band { fill: var(--band); } .grid { stroke: var(--line); } .middle { stroke: var(--soft); }
        .fine circle, .bar { fill: var(--mark); } .fine .interval { stroke: var(--mark); }
        .flagged circle { fill: var(--bad); } .flagged .interval { stroke: var(--bad); } .interval { stroke-width: 2; stroke-linecap: round; }
        table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
        th, td { padding: 5px 8px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th { color: var(--soft); font-weight: 500; } th:first-child, td:first-child, .left { text-align: left; } tr:last-child td { border-bottom: 0; }
        td.flagged { color: var(--bad); font-weight: 600; }
        """;

    public static string Render(BalanceReport r)
    {
        string title = $"Balance of {r.Environment}";
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{Text(title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<main>\n");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Text(title)}</h1>\n<p>{Text($"{r.Players} against itself, {r.Rules} rules, line-ups drawn at random, each played from both sides. Seed {r.Seed}, content {r.ContentHash}.")}</p>\n");
        page.Append("<div class=\"tiles\">\n");
        Tile(page, r.Matches == r.Asked ? $"{r.Matches}" : $"{r.Matches} of {r.Asked}", "matches");
        Tile(page, Numbers.Percent(r.Side.Rate), $"won by team 0 ({Numbers.Percent(r.Side.Low, "0")} to {Numbers.Percent(r.Side.High, "0")})");
        Tile(page, $"{Numbers.Text(r.Minutes.Median, "0.0")} min", "median length of a match");
        Tile(page, Numbers.Percent(r.TimeLimitShare), "ended by the time limit");
        page.Append("</div>\n");

        Section(page, "Heroes", "Win rate with its 95% interval (Wilson) and the number of matches. A hero whose whole interval lies outside the band is marked with !.",
            BalanceCharts.Intervals("Win rates of heroes", [.. r.Heroes.Select(h => new BalanceCharts.Row(h.Name, h.WinRate, $"{Numbers.Percent(h.WinRate.Rate)}  of {h.Picks}", h.Flagged))]));
        Section(page, "Heroes in figures", "Means a match; damage is that done to heroes.", HeroTable(r));
        BalanceItemLine[] held = [.. r.Items.Where(i => i.Picks > 0)];
        if (held.Length > 0)
        {
            Section(page, "Items", "Win rate of the heroes that held the item at the end. The winners are richer, so compare items of like price.",
                BalanceCharts.Intervals("Win rates of items", [.. held.Select(i => new BalanceCharts.Row(i.Name, i.WinRate, $"{Numbers.Percent(i.WinRate.Rate)}  of {i.Picks}", false))]));
        }
        Section(page, "Length of matches", "Matches by game minutes.", BalanceCharts.Lengths("Lengths of matches in minutes", r.LengthCounts));
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Tile(StringBuilder page, string value, string what)
        => page.Append(CultureInfo.InvariantCulture, $"<div class=\"tile\"><b>{Text(value)}</b><span>{Text(what)}</span></div>\n");

    private static void Section(StringBuilder page, string title, string explanation, string content)
        => page.Append(CultureInfo.InvariantCulture, $"<h2>{Text(title)}</h2>\n<p>{Text(explanation)}</p>\n<div class=\"card\">\n{content}</div>\n");

    private static string HeroTable(BalanceReport report)
    {
        var table = new StringBuilder("<table>\n<tr><th>hero</th><th class=\"left\">role</th><th>matches</th><th>win rate</th><th>kills</th><th>deaths</th><th>assists</th><th>gold</th><th>damage</th><th>level</th></tr>\n");
        foreach (BalanceHeroLine h in report.Heroes)
        {
            table.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Text(h.Name)}</td><td class=\"left\">{Text(h.Role)}</td><td>{h.Picks}</td><td{(h.Flagged ? " class=\"flagged\"" : "")}>{Numbers.Percent(h.WinRate.Rate)}{(h.Flagged ? " !" : "")}</td><td>{h.Kills:0.0}</td><td>{h.Deaths:0.0}</td><td>{h.Assists:0.0}</td><td>{h.Gold:0}</td><td>{h.Damage:0}</td><td>{h.Level:0.0}</td></tr>\n");
        }
        return table.Append("</table>\n").ToString();
    }

    private static string Text(string text) => BalanceCharts.Text(text);
}
