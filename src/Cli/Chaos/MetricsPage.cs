using System.Globalization;
using System.Text.RegularExpressions;

namespace SelfPlayArena.Cli.Chaos;

/// <summary>A page in Prometheus' text format, as far as it is numbers by name and labels.</summary>
internal sealed partial class MetricsPage
{
    private readonly Dictionary<string, double> _series = new(StringComparer.Ordinal);

    private MetricsPage()
    {
    }

    public static MetricsPage None { get; } = new();

    public static MetricsPage Parse(string text)
    {
        var page = new MetricsPage();
        foreach (string line in text.Split('\n'))
        {
            int space = line.LastIndexOf(' ');
            if (space > 0 && line[0] != '#' && double.TryParse(line.AsSpan(space + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
                page._series[line[..space]] = value;
        }
        return page;
    }

    /// <summary>0 if the page has no such series.</summary>
    public double Value(string name) => _series.GetValueOrDefault(name);

    /// <summary>A family's values by its only label, without noughts.</summary>
    public SortedDictionary<string, long> By(string name)
    {
        var values = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach ((string series, double value) in _series)
        {
            if (series.StartsWith(name + "{", StringComparison.Ordinal) && value > 0)
                values[Label().Match(series).Groups[1].Value] = (long)value;
        }
        return values;
    }

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Label();
}
