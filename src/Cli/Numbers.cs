using System.Globalization;

namespace SelfPlayArena.Cli;

/// <summary>Numbers as people read them.</summary>
internal static class Numbers
{
    /// <summary>950, 12.3 k, 4.56 M.</summary>
    public static string Short(double value)
    {
        if (!double.IsFinite(value))
            return "–";
        double size = Math.Abs(value);
        return size switch
        {
            >= 1e9 => Text(value / 1e9, "0.00") + " G",
            >= 1e6 => Text(value / 1e6, "0.00") + " M",
            >= 1e4 => Text(value / 1e3, "0.0") + " k",
            >= 100 => Text(value, "0"),
            >= 1 or 0 => Text(value, "0.##"),
            _ => Text(value, "0.####"),
        };
    }

    /// <summary>1:02:03 or 4:05.</summary>
    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds))
            return "–";
        TimeSpan span = TimeSpan.FromSeconds(Math.Max(0, seconds));
        return span.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}:{span.Minutes:00}:{span.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}:{span.Seconds:00}");
    }

    public static string Percent(double share, string format = "0.0") => double.IsFinite(share) ? Text(100 * share, format) + "%" : "–";

    /// <summary>In the invariant culture.</summary>
    public static string Text(double value, string format = "0.###") => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "–";
}
