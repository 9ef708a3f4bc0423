namespace Prometheus;

/// <summary>Makes metrics in a registry. Asking for a metric that is there gives the same one.</summary>
/// <exception cref="ArgumentException">From all: a bad name or label name.</exception>
/// <exception cref="InvalidOperationException">From all: a metric of this name is there and of another kind.</exception>
public sealed class MetricFactory
{
    private readonly CollectorRegistry _registry;

    internal MetricFactory(CollectorRegistry registry) => _registry = registry;

    public Counter CreateCounter(string name, string help, CounterConfiguration? configuration = null) => CreateCounter(name, help, configuration?.LabelNames ?? [], configuration);

    public Gauge CreateGauge(string name, string help, GaugeConfiguration? configuration = null) => CreateGauge(name, help, configuration?.LabelNames ?? [], configuration);

    public Summary CreateSummary(string name, string help, SummaryConfiguration? configuration = null) => CreateSummary(name, help, configuration?.LabelNames ?? [], configuration);

    public Histogram CreateHistogram(string name, string help, HistogramConfiguration? configuration = null) => CreateHistogram(name, help, configuration?.LabelNames ?? [], configuration);

    public Counter CreateCounter(string name, string help, string[] labelNames, CounterConfiguration? configuration = null)
        => _registry.GetOrAdd(name, labelNames, () => new Counter(name, help, labelNames, configuration ?? new CounterConfiguration()));

    public Gauge CreateGauge(string name, string help, string[] labelNames, GaugeConfiguration? configuration = null)
        => _registry.GetOrAdd(name, labelNames, () => new Gauge(name, help, labelNames, configuration ?? new GaugeConfiguration()));

    public Histogram CreateHistogram(string name, string help, string[] labelNames, HistogramConfiguration? configuration = null)
        => _registry.GetOrAdd(name, labelNames, () => new Histogram(name, help, labelNames, configuration ?? new HistogramConfiguration()));

    public Summary CreateSummary(string name, string help, string[] labelNames, SummaryConfiguration? configuration = null)
        => _registry.GetOrAdd(name, labelNames, () => new Summary(name, help, labelNames, configuration ?? new SummaryConfiguration()));
}
