using System.Diagnostics;

namespace Prometheus;

/// <summary>Timers that report seconds to a metric when they are disposed.</summary>
public static class TimerExtensions
{
    public static ITimer NewTimer(this IObserver observer) => new Timer(seconds => observer.Observe(seconds));

    public static ITimer NewTimer(this IGauge gauge) => new Timer(gauge.Set);

    public static ITimer NewTimer(this ICounter counter) => new Timer(seconds => counter.Inc(seconds));

    private sealed class Timer(Action<double> report) : ITimer
    {
        private readonly long _start = Stopwatch.GetTimestamp();

        public TimeSpan ObserveDuration()
        {
            TimeSpan duration = Stopwatch.GetElapsedTime(_start);
            report(duration.TotalSeconds);
            return duration;
        }

        public void Dispose() => ObserveDuration();
    }
}
