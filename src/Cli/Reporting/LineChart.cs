using System.Globalization;
using System.Net;
using System.Text;

namespace SelfPlayArena.Cli.Reporting;

/// <summary>A line of a chart.</summary>
/// <param name="Style">Number of its colour in the page's style sheet.</param>
internal sealed record ChartLine(string Label, int Style, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Line charts as inline SVG; colours come from the page's style sheet.</summary>
internal static class LineChart
{
    private const int Width = 400, Height = 190, Left = 52, Right = 14, Top = 10, Bottom = 24, MostPoints = 160;

    /// <param name="title">For readers of the screen.</param>
    /// <param name="axis">Writes a number of the horizontal axis.</param>
    /// <param name="zero">The vertical axis includes zero.</param>
    public static string Draw(string title, IReadOnlyList<ChartLine> lines, Func<double, string> axis, bool zero)
    {
        ChartLine[] shown = [.. lines.Select(l => l with { Points = Thin(l.Points) }).Where(l => l.Points.Count > 0)];
        double lastX = shown.Max(l => l.Points.Max(p => p.X)), firstX = Math.Min(shown.Min(l => l.Points.Min(p => p.X)), lastX * 0.5);
        double low = shown.Min(l => l.Points.Min(p => p.Y)), high = shown.Max(l => l.Points.Max(p => p.Y));
        if (zero)
            (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        double step = Step(high - low, 4);
        if (high - low < 1e-12)
            (low, high, step) = (low - Math.Max(Math.Abs(low) * 0.1, 1e-6), high + Math.Max(Math.Abs(high) * 0.1, 1e-6), Math.Max(Math.Abs(low) * 0.1, 1e-6));
        double first = Math.Floor(low / step) * step, last = Math.Ceiling(high / step) * step;
        var svg = new StringBuilder();
        Add(svg, $"""<svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{Text(title)}">""");
        for (int k = 0; first + k * step <= last + step * 0.01; k++)
        {
            double y = first + k * step;
            Add(svg, $"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{Y(y):0.#}" y2="{Y(y):0.#}"/><text class="axis" x="{Left - 6}" y="{Y(y) + 4:0.#}" text-anchor="end">{Text(Number(y, step))}</text>""");
        }
        double across = Step(lastX - firstX, 4);
        for (double x = Math.Ceiling(firstX / across) * across; x <= lastX + across * 0.01; x += across)
            Add(svg, $"""<text class="axis" x="{X(x):0.#}" y="{Height - 7}" text-anchor="middle">{Text(axis(x))}</text>""");
        foreach (ChartLine line in shown)
        {
            (double X, double Y) end = line.Points[^1];
            string what = $"{line.Label}: {Number(line.Points[0].Y, step / 10)} at {axis(line.Points[0].X)}, {Number(end.Y, step / 10)} at {axis(end.X)}";
            Add(svg, $"""<g class="s{line.Style}"><title>{Text(what)}</title><polyline points="{string.Join(' ', line.Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.X):0.#},{Y(p.Y):0.#}")))}"/>""");
            Add(svg, $"""<circle cx="{X(end.X):0.#}" cy="{Y(end.Y):0.#}" r="3"/></g>""");
        }
        return svg.Append("</svg>\n").ToString();

        double X(double x) => lastX - firstX < 1e-12 ? Width - Right : Left + (x - firstX) / (lastX - firstX) * (Width - Left - Right);
        double Y(double y) => Top + (last - y) / (last - first) * (Height - Top - Bottom);
    }

    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>At most so many points: means of runs of neighbours, so that noise becomes readable and the page small.</summary>
    internal static IReadOnlyList<(double X, double Y)> Thin(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count <= MostPoints)
            return points;
        var thin = new (double, double)[MostPoints];
        for (int i = 0; i < MostPoints; i++)
        {
            int from = (int)((long)points.Count * i / MostPoints), to = (int)((long)points.Count * (i + 1) / MostPoints);
            double x = 0, y = 0;
            for (int k = from; k < to; k++)
                (x, y) = (x + points[k].X, y + points[k].Y);
            thin[i] = (x / (to - from), y / (to - from));
        }
        return thin;
    }

    /// <summary>1, 2 or 5 times a power of ten: the smallest by which a span has at most so many parts.</summary>
    internal static double Step(double span, int parts)
    {
        if (!(span > 0))
            return 1;
        double power = Math.Pow(10, Math.Floor(Math.Log10(span / parts)));
        foreach (double factor in new[] { 1.0, 2.0, 5.0 })
        {
            if (span / (factor * power) <= parts)
                return factor * power;
        }
        return 10 * power;
    }

    private static string Number(double value, double step)
    {
        if (Math.Abs(value) < step * 1e-6)
            return "0";
        if (Math.Abs(value) >= 10_000)
            return Numbers.Short(value);
        int digits = Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 8);
        return Numbers.Text(value, digits == 0 ? "0" : "0." + new string('0', digits));
    }

    private static void Add(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
