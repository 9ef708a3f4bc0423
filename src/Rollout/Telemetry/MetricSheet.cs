using Prometheus;

namespace SelfPlayArena.Rollout.Telemetry;

/// <summary>A family of metrics as it is documented.</summary>
/// <param name="Part">What it is about, the heading it stands under.</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
public sealed record MetricFamily(string Part, string Name, string Type, IReadOnlyList<string> Labels, string Help);

/// <summary>Makes metrics in a registry and remembers them, so that the list of all there are cannot forget one.</summary>
public sealed class MetricSheet(CollectorRegistry registry)
{
    private readonly MetricFactory _make = Metrics.WithCustomRegistry(registry);
    private readonly List<MetricFamily> _families = [];
    private string _part = "";

    public CollectorRegistry Registry => registry;

    /// <summary>All metrics made so far, in that order.</summary>
    public IReadOnlyList<MetricFamily> Families => _families;

    /// <summary>What the metrics made from now on are about.</summary>
    public void Begin(string part) => _part = part;

    /// <summary>A number that only rises within a process.</summary>
    public Counter Counter(string name, string help, params string[] labels)
    {
        _families.Add(new MetricFamily(_part, name, "counter", labels, help));
        return _make.CreateCounter(name, help, labels);
    }

    /// <summary>A number that rises and falls. Without labels it is not served before it was first set, as nought would be a lie.</summary>
    public Gauge Gauge(string name, string help, params string[] labels)
    {
        _families.Add(new MetricFamily(_part, name, "gauge", labels, help));
        return _make.CreateGauge(name, help, labels, new GaugeConfiguration { SuppressInitialValue = true });
    }

    /// <param name="bounds">Upper bounds of the buckets, rising.</param>
    public Histogram Histogram(string name, string help, double[] bounds, params string[] labels)
    {
        _families.Add(new MetricFamily(_part, name, "histogram", labels, help));
        return _make.CreateHistogram(name, help, labels, new HistogramConfiguration { Buckets = bounds });
    }
}
