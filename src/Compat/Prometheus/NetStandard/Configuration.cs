namespace Prometheus;

/// <summary>What all kinds of metrics can be told when they are made.</summary>
public abstract class MetricConfiguration
{
    /// <summary>An unlabelled metric is not exported before it is first given a value.</summary>
    public bool SuppressInitialValue { get; set; }

    public string[]? LabelNames { get; set; }
}

public sealed class CounterConfiguration : MetricConfiguration
{
}

public sealed class GaugeConfiguration : MetricConfiguration
{
}

public sealed class HistogramConfiguration : MetricConfiguration
{
    /// <summary>Upper bounds, rising; +Inf is added. Null for the default ones.</summary>
    public double[]? Buckets { get; set; }
}

public sealed class SummaryConfiguration : MetricConfiguration
{
    /// <summary>Which quantiles, and how exactly by rank. None by default.</summary>
    public IReadOnlyList<QuantileEpsilonPair> Objectives { get; set; } = [];

    /// <summary>How long an observation counts for quantiles.</summary>
    public TimeSpan MaxAge { get; set; } = Summary.DefMaxAge;

    /// <summary>In how many steps old observations are forgotten.</summary>
    public int AgeBuckets { get; set; } = Summary.DefAgeBuckets;

    /// <summary>Observations gathered before they are sorted in.</summary>
    public int BufferSize { get; set; } = Summary.DefBufCap;
}

/// <summary>A quantile and the error of rank it may have.</summary>
public readonly struct QuantileEpsilonPair(double quantile, double epsilon)
{
    public double Quantile { get; } = quantile;

    public double Epsilon { get; } = epsilon;
}
