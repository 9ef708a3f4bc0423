using System.Globalization;
using System.Text;

namespace SelfPlayArena.Cli.Reporting;

/// <summary>Bars of one run.</summary>
/// <param name="Style">Number of its colour in the page's style sheet.</param>
/// <param name="Values">One for each whole number from 0.</param>
internal sealed record BarSeries(string Label, int Style, IReadOnlyList<double> Values);

/// <summary>Bars over whole numbers from 0, those of several runs side by side, as inline SVG with the page's colours.</summary>
internal static class BarChart
{
    private const int Width = 400, Height = 190, Left = 52, Right = 14, Top = 10, Bottom = 24, MostLabels = 12;

    public static string Draw(string title, IReadOnlyList<BarSeries> series)
    {
        int count = Math.Max(series.Max(s => s.Values.Count), 1);
        double most = Math.Max(series.SelectMany(s => s.Values).DefaultIfEmpty(0).Max(), 1e-9);
        double step = LineChart.Step(most, 4), top = Math.Ceiling(most / step) * step;
        double each = (double)(Width - Left - Right) / count, bar = each * 0.8 / series.Count;
        int every = (count + MostLabels - 1) / MostLabels;
        var svg = new StringBuilder();
        Add($"""<svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{LineChart.Text(title)}">""");
        for (int k = 0; k * step <= top + step * 0.01; k++)
            Add($"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{Y(k * step):0.#}" y2="{Y(k * step):0.#}"/><text class="axis" x="{Left - 6}" y="{Y(k * step) + 4:0.#}" text-anchor="end">{k * step:0.####}</text>""");
        for (int i = 0; i < count; i += every)
            Add($"""<text class="axis" x="{Left + (i + 0.5) * each:0.#}" y="{Height - 7}" text-anchor="middle">{i}</text>""");
        for (int s = 0; s < series.Count; s++)
        {
            Add($"""<g class="s{series[s].Style}">""");
            for (int i = 0; i < series[s].Values.Count; i++)
            {
                double value = series[s].Values[i];
                if (value > 0)
                    Add($"""<rect x="{Left + i * each + each * 0.1 + s * bar:0.##}" y="{Y(value):0.##}" width="{bar:0.##}" height="{Height - Bottom - Y(value):0.##}"><title>{LineChart.Text(series[s].Label)}, {i}: {value:0.##}</title></rect>""");
            }
            Add($"</g>");
        }
        return svg.Append("</svg>\n").ToString();

        double Y(double y) => Top + (1 - y / top) * (Height - Top - Bottom);
        void Add(FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
