namespace Prometheus;

/// <summary>The default registry, and metrics in it.</summary>
public static class Metrics
{
    public static CollectorRegistry DefaultRegistry { get; } = new();

    public static MetricFactory DefaultFactory { get; } = new(DefaultRegistry);

    /// <summary>A registry of its own, for tests and for several servers in one process.</summary>
    public static CollectorRegistry NewCustomRegistry() => new();

    /// <summary>Makes metrics in another registry.</summary>
    public static MetricFactory WithCustomRegistry(CollectorRegistry registry) => new(registry);

    public static Counter CreateCounter(string name, string help, CounterConfiguration? configuration = null) => DefaultFactory.CreateCounter(name, help, configuration);

    public static Gauge CreateGauge(string name, string help, GaugeConfiguration? configuration = null) => DefaultFactory.CreateGauge(name, help, configuration);

    public static Summary CreateSummary(string name, string help, SummaryConfiguration? configuration = null) => DefaultFactory.CreateSummary(name, help, configuration);

    public static Histogram CreateHistogram(string name, string help, HistogramConfiguration? configuration = null) => DefaultFactory.CreateHistogram(name, help, configuration);

    public static Counter CreateCounter(string name, string help, string[] labelNames, CounterConfiguration? configuration = null) => DefaultFactory.CreateCounter(name, help, labelNames, configuration);

    public static Gauge CreateGauge(string name, string help, string[] labelNames, GaugeConfiguration? configuration = null) => DefaultFactory.CreateGauge(name, help, labelNames, configuration);

    public static Summary CreateSummary(string name, string help, string[] labelNames, SummaryConfiguration? configuration = null) => DefaultFactory.CreateSummary(name, help, labelNames, configuration);

    public static Histogram CreateHistogram(string name, string help, string[] labelNames, HistogramConfiguration? configuration = null) => DefaultFactory.CreateHistogram(name, help, labelNames, configuration);
}
