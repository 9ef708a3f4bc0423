using Prometheus;
using SelfPlayArena.Core;

namespace SelfPlayArena.Rollout.Telemetry;

/// <summary>What goes through the transport between hosts and learner, read from its counters when somebody looks.</summary>
internal sealed class TransportMetrics
{
    private readonly ITrajectoryTransport _transport;
    private readonly TrajectoryLayout _layout;
    private readonly Counter _written, _read, _discarded, _bytes, _waiting;
    private readonly Gauge _chunks, _steps, _chunkCapacity, _stepCapacity;

    public TransportMetrics(MetricSheet sheet, ITrajectoryTransport transport, TrajectoryLayout layout)
    {
        (_transport, _layout) = (transport, layout);
        sheet.Begin("Trajectory transport");
        _chunks = sheet.Gauge("arena_queue_chunks", "Trajectory chunks waiting for the learner.");
        _chunkCapacity = sheet.Gauge("arena_queue_capacity_chunks", "Most chunks that may wait; +Inf in lockstep mode.");
        _steps = sheet.Gauge("arena_queue_hero_steps", "Hero-steps waiting for the learner.");
        _stepCapacity = sheet.Gauge("arena_queue_capacity_hero_steps", "Hero-steps that fill the queue if every chunk is full; +Inf in lockstep mode.");
        _written = sheet.Counter("arena_chunks_written_total", "Chunks that hosts handed over.");
        _read = sheet.Counter("arena_chunks_read_total", "Chunks that the learner took.");
        _discarded = sheet.Counter("arena_chunks_discarded_total", "Chunks thrown away because the transport was being closed.");
        _bytes = sheet.Counter("arena_chunk_bytes_total", "Bytes of the chunks that hosts handed over, padding included.");
        _waiting = sheet.Counter("arena_learner_waiting_seconds_total", "Time that the learner stood at the empty queue.");
    }

    public void Collect()
    {
        TransportCounters now = _transport.Counters;
        bool bounded = _transport.Capacity != int.MaxValue;
        _chunks.Set(now.Waiting);
        _chunkCapacity.Set(bounded ? _transport.Capacity : double.PositiveInfinity);
        _steps.Set(now.WaitingSteps);
        _stepCapacity.Set(bounded ? (double)_transport.Capacity * _layout.Steps * _layout.Agents : double.PositiveInfinity);
        _written.IncTo(now.Written);
        _read.IncTo(now.Read);
        _discarded.IncTo(now.Discarded);
        _bytes.IncTo(now.Written * (double)_layout.Bytes);
        _waiting.IncTo(now.ReaderWait.TotalSeconds);
    }
}
