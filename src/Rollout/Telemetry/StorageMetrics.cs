using Prometheus;
using SelfPlayArena.Core.Replays;

namespace SelfPlayArena.Rollout.Telemetry;

/// <summary>What a run reads and writes: checkpoints, replays, frozen policies.</summary>
internal sealed class StorageMetrics
{
    private readonly ModelPool _pool;
    private readonly ReplayFolder? _replays;
    private readonly Histogram _checkpoint;
    private readonly Gauge _checkpointBytes, _pooled, _poolCapacity;
    private readonly Counter _written, _failed, _hits, _misses;

    public StorageMetrics(MetricSheet sheet, ModelPool pool, ReplayFolder? replays)
    {
        (_pool, _replays) = (pool, replays);
        sheet.Begin("Files and model pool");
        _checkpoint = sheet.Histogram("arena_checkpoint_seconds", "Time to write a checkpoint and the newest policy.", Histogram.ExponentialBuckets(0.004, 2, 14));
        _checkpointBytes = sheet.Gauge("arena_checkpoint_bytes", "Size of the last checkpoint.");
        _written = sheet.Counter("arena_replays_written_total", "Replays written.");
        _failed = sheet.Counter("arena_replay_failures_total", "Replays that could not be written.");
        _hits = sheet.Counter("arena_model_pool_hits_total", "Times a frozen policy was asked for and in memory.");
        _misses = sheet.Counter("arena_model_pool_misses_total", "Times a frozen policy had to be read from its file.");
        _pooled = sheet.Gauge("arena_model_pool_policies", "Frozen policies in memory.");
        _poolCapacity = sheet.Gauge("arena_model_pool_capacity_policies", "Most frozen policies kept in memory.");
    }

    public void CheckpointSaved(double seconds, long bytes)
    {
        _checkpoint.Observe(seconds);
        _checkpointBytes.Set(bytes);
    }

    public void Collect()
    {
        if (_replays is not null)
        {
            _written.IncTo(_replays.Written);
            _failed.IncTo(_replays.Failures);
        }
        (long hits, long misses, int pooled) = _pool.Counters;
        _hits.IncTo(hits);
        _misses.IncTo(misses);
        _pooled.Set(pooled);
        _poolCapacity.Set(_pool.Capacity);
    }
}
