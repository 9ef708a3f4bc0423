namespace Prometheus;

/// <summary>One time series of a metric.</summary>
public interface ICollectorChild
{
}

/// <summary>Takes single observations.</summary>
public interface IObserver : ICollectorChild
{
    void Observe(double val);
}

/// <summary>A number that only rises.</summary>
public interface ICounter : ICollectorChild
{
    /// <exception cref="ArgumentOutOfRangeException">The increment is negative.</exception>
    void Inc(double increment = 1.0);

    /// <summary>Raises it to a value; a lower one changes nothing.</summary>
    void IncTo(double targetValue);

    double Value { get; }
}

/// <summary>A number that rises and falls.</summary>
public interface IGauge : ICollectorChild
{
    void Inc(double increment = 1);

    void Set(double val);

    void Dec(double decrement = 1);

    /// <summary>Raises it to a value; a lower one changes nothing.</summary>
    void IncTo(double targetValue);

    /// <summary>Lowers it to a value; a higher one changes nothing.</summary>
    void DecTo(double targetValue);

    double Value { get; }
}

/// <summary>Counts observations by size.</summary>
public interface IHistogram : IObserver
{
    /// <summary>As many equal observations.</summary>
    void Observe(double val, long count);

    double Sum { get; }

    long Count { get; }
}

/// <summary>Count, sum and quantiles of observations.</summary>
public interface ISummary : IObserver
{
}

/// <summary>Measures the time from its making to its disposal.</summary>
public interface ITimer : IDisposable
{
    /// <summary>Records the time so far, and returns it.</summary>
    TimeSpan ObserveDuration();
}
