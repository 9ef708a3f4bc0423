using System.Diagnostics;
using SelfPlayArena.Core;

namespace SelfPlayArena.Streaming;

/// <summary>
/// The in-process transport: a bounded first-in first-out queue. Writers wait while it is full and nothing is ever lost while it is open,
/// so that a slow learner slows its actors down instead of learning from a sample of what they did.
/// Any number of writers and readers.
/// </summary>
public sealed class TrajectoryQueue : ITrajectoryTransport
{
    private readonly object _gate = new();
    private readonly Queue<TrajectoryChunk> _chunks = new();
    private bool _closed;
    private long _written, _read, _discarded, _writerTicks, _readerTicks, _steps;

    /// <param name="capacity">Most chunks that wait at a time, at least 1.</param>
    public TrajectoryQueue(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Capacity = capacity;
    }

    public int Capacity { get; }

    public TransportCounters Counters
    {
        get
        {
            lock (_gate)
                return new TransportCounters(_written, _read, _chunks.Count, Elapsed(_writerTicks), Elapsed(_readerTicks), _discarded, _steps);
        }
    }

    public bool TryWrite(TrajectoryChunk chunk)
    {
        lock (_gate)
        {
            if (_chunks.Count >= Capacity || _closed)
                return false;
            Put(chunk);
            return true;
        }
    }

    public bool Write(TrajectoryChunk chunk, CancellationToken cancellation)
    {
        if (!cancellation.IsCancellationRequested && TryWrite(chunk))
            return true;
        using CancellationTokenRegistration wake = cancellation.CanBeCanceled ? cancellation.Register(Wake) : default;
        lock (_gate)
        {
            if (_chunks.Count >= Capacity && !_closed)
            {
                long start = Stopwatch.GetTimestamp();
                while (_chunks.Count >= Capacity && !_closed && !cancellation.IsCancellationRequested)
                    Monitor.Wait(_gate);
                _writerTicks += Stopwatch.GetTimestamp() - start;
            }
            if (_closed || cancellation.IsCancellationRequested)
            {
                _discarded++;
                chunk.Dispose();
                return false;
            }
            Put(chunk);
            return true;
        }
    }

    public TrajectoryChunk? Read(CancellationToken cancellation)
    {
        using CancellationTokenRegistration wake = cancellation.CanBeCanceled ? cancellation.Register(Wake) : default;
        lock (_gate)
        {
            if (_chunks.Count == 0 && !_closed)
            {
                long start = Stopwatch.GetTimestamp();
                while (_chunks.Count == 0 && !_closed && !cancellation.IsCancellationRequested)
                    Monitor.Wait(_gate);
                _readerTicks += Stopwatch.GetTimestamp() - start;
            }
            return cancellation.IsCancellationRequested ? null : Take();
        }
    }

    public TrajectoryChunk? TryRead()
    {
        lock (_gate)
            return Take();
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Closes the queue and gives the waiting chunks' buffers back.</summary>
    public void Dispose()
    {
        Close();
        while (TryRead() is { } chunk)
            chunk.Dispose();
    }

    /// <summary>Wakes only where somebody may be waiting, which is at the empty queue; as <see cref="Take"/> does at the full one. Then all of them.</summary>
    private void Put(TrajectoryChunk chunk)
    {
        _chunks.Enqueue(chunk);
        _written++;
        _steps += chunk.AgentSteps;
        if (_chunks.Count == 1)
            Monitor.PulseAll(_gate);
    }

    private TrajectoryChunk? Take()
    {
        if (!_chunks.TryDequeue(out TrajectoryChunk? chunk))
            return null;
        _read++;
        _steps -= chunk.AgentSteps;
        if (_chunks.Count == Capacity - 1)
            Monitor.PulseAll(_gate);
        return chunk;
    }

    private void Wake()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }

    private static TimeSpan Elapsed(long ticks) => TimeSpan.FromSeconds((double)ticks / Stopwatch.Frequency);
}
