namespace SelfPlayArena.Cli.Terminal;

/// <summary>A curve in one line of text: each character a block of one of eight heights.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>
    /// Draws values from left to right, lowest to highest of them; longer series are averaged into <paramref name="width"/> columns of equal
    /// share. Values that are no numbers leave a gap. Constant series lie in the middle.
    /// </summary>
    public static string Draw(IReadOnlyList<double> values, int width)
    {
        if (values.Count == 0 || width < 1)
            return "";
        double[] columns = Columns(values, Math.Min(width, values.Count));
        double[] numbers = [.. columns.Where(double.IsFinite)];
        if (numbers.Length == 0)
            return new string(' ', columns.Length);
        double low = numbers.Min();
        double span = numbers.Max() - low;
        return string.Create(columns.Length, (columns, low, span), static (text, s) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                double v = s.columns[i];
                text[i] = !double.IsFinite(v) ? ' ' : Blocks[s.span > 0 ? Math.Min(Blocks.Length - 1, (int)((v - s.low) / s.span * Blocks.Length)) : Blocks.Length / 2];
            }
        });
    }

    /// <summary>
    /// Draws how often each value from 0 up occurs, against the most frequent; nothing is a gap, so that it cannot be taken for a little. Longer ones
    /// are summed into <paramref name="width"/> columns.
    /// </summary>
    public static string Distribution(IReadOnlyList<int> counts, int width)
    {
        if (counts.Count == 0 || width < 1)
            return "";
        var columns = new long[Math.Min(width, counts.Count)];
        for (int i = 0; i < counts.Count; i++)
            columns[(int)((long)i * columns.Length / counts.Count)] += counts[i];
        long most = Math.Max(columns.Max(), 1);
        return string.Concat(columns.Select(c => c <= 0 ? ' ' : Blocks[(int)Math.Min(Blocks.Length - 1, c * Blocks.Length / most)]));
    }

    /// <summary>A bar of a share between 0 and 1 in eighths of a character.</summary>
    public static string Bar(double share, int width)
    {
        const string eighths = " ▏▎▍▌▋▊▉";
        int filled = (int)Math.Round(Math.Clamp(double.IsFinite(share) ? share : 0, 0, 1) * width * 8, MidpointRounding.AwayFromZero);
        string whole = new('█', filled / 8);
        string part = filled % 8 == 0 ? "" : eighths[filled % 8].ToString();
        return (whole + part).PadRight(width);
    }

    private static double[] Columns(IReadOnlyList<double> values, int count)
    {
        var columns = new double[count];
        for (int c = 0; c < count; c++)
        {
            int start = (int)((long)c * values.Count / count);
            int end = (int)((long)(c + 1) * values.Count / count);
            double sum = 0;
            int n = 0;
            for (int i = start; i < end; i++)
            {
                if (!double.IsFinite(values[i]))
                    continue;
                sum += values[i];
                n++;
            }
            columns[c] = n == 0 ? double.NaN : sum / n;
        }
        return columns;
    }
}
