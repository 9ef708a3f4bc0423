using System.Globalization;
using System.Text;

namespace Prometheus;

/// <summary>Builds a page in Prometheus' text format, version 0.0.4.</summary>
internal sealed class TextPage
{
    private readonly StringBuilder _text = new();

    public void Declare(Collector collector)
    {
        string help = string.IsNullOrWhiteSpace(collector.Help) ? "" : collector.Help;
        _text.Append("# HELP ").Append(collector.Name).Append(' ').Append(help).Append("\n# TYPE ").Append(collector.Name).Append(' ').Append(collector.Type).Append('\n');
    }

    /// <param name="extraLabel">Label that comes last, null for none, with its value.</param>
    public void Point(Collector collector, ChildBase child, string suffix, string? extraLabel, double extraValue, double value)
    {
        Identify(collector, child, suffix, extraLabel, extraValue);
        _text.Append(value.ToString("g", CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <inheritdoc cref="Point(Collector, ChildBase, string, string, double, double)"/>
    public void Point(Collector collector, ChildBase child, string suffix, string? extraLabel, double extraValue, long value)
    {
        Identify(collector, child, suffix, extraLabel, extraValue);
        _text.Append(CultureInfo.InvariantCulture, $"{value}\n");
    }

    public byte[] ToBytes() => PrometheusConstants.ExportEncoding.GetBytes(_text.ToString());

    private void Identify(Collector collector, ChildBase child, string suffix, string? extraLabel, double extraValue)
    {
        _text.Append(collector.Name).Append(suffix);
        char before = '{';
        for (int i = 0; i < collector.LabelNames.Length; i++)
        {
            string value = child.LabelValues[i].Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            _text.Append(before).Append(collector.LabelNames[i]).Append("=\"").Append(value).Append('"');
            before = ',';
        }
        if (extraLabel is not null)
        {
            string value = double.IsPositiveInfinity(extraValue) ? "+Inf" : extraValue.ToString("g", CultureInfo.InvariantCulture);
            _text.Append(before).Append(extraLabel).Append("=\"").Append(value).Append('"');
            before = ',';
        }
        _text.Append(before == ',' ? "} " : " ");
    }
}
