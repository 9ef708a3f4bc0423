using System.Globalization;
using System.Net;
using System.Text;

namespace SelfPlayArena.Cli.Balance;

/// <summary>Charts as inline SVG; colours come from the page's style sheet.</summary>
internal static class BalanceCharts
{
    private const int Width = 720, Left = 150, Right = 110, RowHeight = 24, Top = 8, AxisHeight = 26;

    /// <param name="Note">Text at the end of the row.</param>
    internal sealed record Row(string Label, BalanceRate Rate, string Note, bool Flagged);

    /// <summary>Win rates with their intervals, one row each, and the band in which they belong.</summary>
    public static string Intervals(string title, IReadOnlyList<Row> rows)
    {
        double low = Math.Min(0.3, Math.Floor(rows.Min(r => r.Rate.Low) * 10) / 10), high = Math.Max(0.7, Math.Ceiling(rows.Max(r => r.Rate.High) * 10) / 10);
        int bottom = Top + rows.Count * RowHeight;
        var svg = new StringBuilder();
        Open(svg, title, bottom + AxisHeight);
        Add(svg, $"""<rect class="band" x="{X(BalanceReport.Lowest)}" y="{Top}" width="{X(BalanceReport.Highest) - X(BalanceReport.Lowest):0.#}" height="{bottom - Top}"/>""");
        for (int tick = (int)Math.Round(low * 10); tick <= (int)Math.Round(high * 10); tick++)
        {
            Add(svg, $"""<line class="{(tick == 5 ? "middle" : "grid")}" x1="{X(tick / 10.0)}" x2="{X(tick / 10.0)}" y1="{Top}" y2="{bottom}"/>""");
            Add(svg, $"""<text class="axis" x="{X(tick / 10.0)}" y="{bottom + 17}" text-anchor="middle">{tick * 10}%</text>""");
        }
        for (int i = 0; i < rows.Count; i++)
        {
            Row r = rows[i];
            double y = Top + (i + 0.5) * RowHeight;
            Add(svg, $"""<g class="{(r.Flagged ? "flagged" : "fine")}"><title>{Text(r.Label)}: {BalanceTables.Rate(r.Rate)}</title>""");
            Add(svg, $"""<text x="{Left - 10}" y="{y + 4}" text-anchor="end">{Text(r.Label)}{(r.Flagged ? " !" : "")}</text>""");
            Add(svg, $"""<line class="interval" x1="{X(r.Rate.Low)}" x2="{X(r.Rate.High)}" y1="{y}" y2="{y}"/><circle cx="{X(r.Rate.Rate)}" cy="{y}" r="4.5"/>""");
            Add(svg, $"""<text class="note" x="{Width - Right + 12}" y="{y + 4}">{Text(r.Note)}</text></g>""");
        }
        return svg.Append("</svg>\n").ToString();

        double X(double rate) => Math.Round(Left + (rate - low) / (high - low) * (Width - Left - Right), 1);
    }

    /// <summary>Number of matches by whole minutes.</summary>
    public static string Lengths(string title, IReadOnlyList<int> counts)
    {
        const int height = 200, left = 44;
        int first = 0;
        while (counts[first] == 0)
            first++;
        int shown = counts.Count - first, most = counts.Max();
        double wide = (double)(Width - left - 20) / shown;
        var svg = new StringBuilder();
        Open(svg, title, height + AxisHeight);
        for (int i = 0; i < shown; i++)
        {
            int minute = first + i;
            double tall = (height - 24.0) * counts[minute] / most, x = left + i * wide;
            if (counts[minute] > 0)
            {
                Add(svg, $"""<g class="fine"><title>{minute} to {minute + 1} minutes: {counts[minute]} matches</title>""");
                Add(svg, $"""<rect class="bar" x="{x + 1:0.#}" y="{height - tall:0.#}" width="{Math.Max(1, wide - 2):0.#}" height="{tall:0.#}" rx="2"/>""");
                if (wide > 22)
                    Add(svg, $"""<text class="note" x="{x + wide / 2:0.#}" y="{height - tall - 5:0.#}" text-anchor="middle">{counts[minute]}</text>""");
                svg.Append("</g>\n");
            }
            if (shown <= 20 || minute % 5 == 0)
                Add(svg, $"""<text class="axis" x="{x:0.#}" y="{height + 17}" text-anchor="middle">{minute}</text>""");
        }
        Add(svg, $"""<line class="middle" x1="{left}" x2="{Width - 20}" y1="{height}" y2="{height}"/>""");
        return svg.Append("</svg>\n").ToString();
    }

    internal static string Text(string text) => WebUtility.HtmlEncode(text);

    private static void Open(StringBuilder svg, string title, int height)
        => Add(svg, $"""<svg viewBox="0 0 {Width} {height}" role="img" aria-label="{Text(title)}" xmlns="http://www.w3.org/2000/svg">""");

    private static void Add(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
