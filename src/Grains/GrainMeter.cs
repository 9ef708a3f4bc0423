using System.Collections.Concurrent;
using System.Diagnostics;
using Prometheus;
using SelfPlayArena.Rollout.Telemetry;

namespace SelfPlayArena.Grains;

/// <summary>What grains of this process do, and how long those who call them from it wait for an answer.</summary>
public sealed class GrainMeter
{
    private static readonly string[] Kinds = ["league", "learner", "match-host", "model-pool"];
    private static readonly double[] Seconds = Histogram.ExponentialBuckets(0.000_05, 2, 20);
    private readonly Gauge _activations, _running, _unreported;
    private readonly Counter _activated, _failures, _finished;
    private readonly Histogram _calls;
    private readonly ConcurrentDictionary<string, Func<HostStatus>> _hosts = new();
    private readonly ConcurrentDictionary<string, long> _finishedBefore = new();
    private readonly Lock _collecting = new();

    /// <param name="sheet">Where the metrics are kept; null where nobody looks.</param>
    public GrainMeter(MetricSheet? sheet = null)
    {
        sheet ??= new MetricSheet(Metrics.NewCustomRegistry());
        sheet.Begin("Grains");
        _activations = sheet.Gauge("arena_grain_activations", "Grains that live in this process. grain: league, learner, match-host, model-pool.", "grain");
        _activated = sheet.Counter("arena_grain_activations_total", "Grains that were activated in this process.", "grain");
        _calls = sheet.Histogram("arena_grain_call_seconds", "Time from a call of a grain to its answer, as seen by callers in this process.", Seconds, "grain", "call");
        _failures = sheet.Counter("arena_grain_call_failures_total", "Calls of grains that failed or got no answer in time.", "grain");
        _running = sheet.Gauge("arena_host_matches_running", "Matches that a match host of this process plays.", "host");
        _finished = sheet.Counter("arena_host_matches_finished_total", "Matches that a match host of this process played to their end.", "host");
        _unreported = sheet.Gauge("arena_results_unacknowledged", "Results of this process's hosts that the league has not acknowledged yet.");
        foreach (string kind in Kinds)
        {
            _activations.WithLabels(kind).Set(0);
            _activated.WithLabels(kind).Inc(0);
            _failures.WithLabels(kind).Inc(0);
        }
        sheet.Registry.AddBeforeCollectCallback(Collect);
    }

    /// <summary>Match hosts of this process by key, as they are now.</summary>
    public IReadOnlyDictionary<string, HostStatus> Hosts => _hosts.ToDictionary(h => h.Key, h => h.Value());

    /// <summary>Grains that live in this process now, by kind.</summary>
    public IReadOnlyDictionary<string, int> Activations => Kinds.ToDictionary(k => k, k => (int)_activations.WithLabels(k).Value);

    internal void Activated(string grain)
    {
        _activations.WithLabels(grain).Inc();
        _activated.WithLabels(grain).Inc();
    }

    internal void Deactivated(string grain) => _activations.WithLabels(grain).Dec();

    /// <summary>Makes a call and measures it.</summary>
    internal async Task<T> Call<T>(string grain, string call, Func<Task<T>> make)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            return await make().ConfigureAwait(false);
        }
        catch
        {
            _failures.WithLabels(grain).Inc();
            throw;
        }
        finally
        {
            _calls.WithLabels(grain, call).Observe(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    /// <summary>Shows a host until the returned thing is disposed.</summary>
    internal IDisposable Show(string key, Func<HostStatus> status)
    {
        _hosts[key] = status;
        return new Shown(this, key);
    }

    private void Collect()
    {
        lock (_collecting)
        {
            int unreported = 0;
            foreach ((string key, Func<HostStatus> status) in _hosts)
            {
                HostStatus now = status();
                _running.WithLabels(key).Set(now.Matches);
                _finished.WithLabels(key).IncTo(_finishedBefore.GetValueOrDefault(key) + now.Finished);
                unreported += now.Unreported;
            }
            _unreported.Set(unreported);
        }
    }

    private sealed class Shown(GrainMeter meter, string key) : IDisposable
    {
        public void Dispose()
        {
            // A collection in between would count what this host finished twice.
            lock (meter._collecting)
            {
                meter.Collect();
                if (!meter._hosts.TryRemove(key, out Func<HostStatus>? status))
                    return;
                meter._running.WithLabels(key).Set(0);
                // A host that is started again under the same name counts from nought; the counter does not.
                meter._finishedBefore.AddOrUpdate(key, _ => status().Finished, (_, before) => before + status().Finished);
            }
        }
    }
}
