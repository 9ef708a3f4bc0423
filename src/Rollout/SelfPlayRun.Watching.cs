using System.Diagnostics;
using SelfPlayArena.Rollout.Telemetry;

namespace SelfPlayArena.Rollout;

/// <summary>How a run is watched from outside: health and metrics.</summary>
public sealed partial class SelfPlayRun
{
    private RunMetrics? _metrics;

    /// <summary>How the run is now. From any thread.</summary>
    public RunHealth Health => _watch.Health();

    /// <summary>Keeps the run's metrics in a registry from now on. Once, before <see cref="Run"/>.</summary>
    public void Observe(MetricSheet sheet)
    {
        if (_metrics is not null)
            throw new InvalidOperationException("the run is being observed already");
        _metrics = new RunMetrics(sheet, _settings, _league.Created, _roster, _port, _transport, _layout, _league, _pool, _inference, _replays, _watch, _time);
    }

    private void SaveCheckpoint()
    {
        long start = Stopwatch.GetTimestamp();
        string path = WriteCheckpoint();
        _metrics?.CheckpointSaved(Stopwatch.GetElapsedTime(start).TotalSeconds, new FileInfo(path).Length);
    }

    /// <summary>Gives a host of this process that plays for the run a seat in it.</summary>
    private HostSeat Enlist(MatchHost host)
    {
        _roster.Add(host);
        _watch.HostBegan();
        return new HostSeat(this, host);
    }

    private sealed class HostSeat(SelfPlayRun run, MatchHost host) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) != 0)
                return;
            run._watch.HostEnded();
            run._roster.Remove(host);
        }
    }
}
