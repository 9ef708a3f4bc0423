using System.Collections.Concurrent;
using SelfPlayArena.Core;

namespace SelfPlayArena.Streaming;

/// <summary>
/// Puts the chunks of all workers into the run's sink, each worker's in their order: the one thread that waits at a full sink, so that connections never do.
/// </summary>
internal sealed class ChunkFeeder : IDisposable
{
    private readonly ITrajectorySink _sink;
    private readonly int _creditEvery;
    private readonly CancellationToken _stop;
    private readonly BlockingCollection<(WorkerSession Session, TrajectoryChunk? Chunk)> _received = [];
    private readonly Thread _thread;
    private int _waiting;

    /// <param name="creditEvery">Chunks after which a worker is told of its credit at once.</param>
    /// <param name="stop">Signalled when nothing more is taken; <see cref="Dispose"/> afterwards.</param>
    public ChunkFeeder(ITrajectorySink sink, int creditEvery, CancellationToken stop)
    {
        (_sink, _creditEvery, _stop) = (sink, creditEvery, stop);
        _thread = new Thread(Feed) { IsBackground = true, Name = "chunks from workers" };
        _thread.Start();
    }

    /// <summary>Chunks that were received and wait for the sink.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <param name="chunk">Null for one that was thrown away, so that it is acknowledged in its turn.</param>
    public void HandOver(WorkerSession session, TrajectoryChunk? chunk)
    {
        // Nothing waits, so nothing is overtaken: the chunk goes straight on, and no other thread is woken.
        if (chunk is not null && Volatile.Read(ref _waiting) == 0 && _sink.TryWrite(chunk))
        {
            session.Taken(_creditEvery);
            return;
        }
        try
        {
            Interlocked.Increment(ref _waiting);
            _received.Add((session, chunk), _stop);
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            Interlocked.Decrement(ref _waiting);
            chunk?.Dispose();
        }
    }

    /// <summary>Waits until the thread has ended.</summary>
    public void Join() => _thread.Join();

    /// <summary>Lets go of what was not taken. After the stop.</summary>
    public void Dispose()
    {
        _received.CompleteAdding();
        _thread.Join();
        while (_received.TryTake(out (WorkerSession Session, TrajectoryChunk? Chunk) left))
            left.Chunk?.Dispose();
        _received.Dispose();
    }

    private void Feed()
    {
        try
        {
            foreach ((WorkerSession session, TrajectoryChunk? chunk) in _received.GetConsumingEnumerable(_stop))
            {
                if (chunk is not null && !_sink.Write(chunk, _stop))
                    return;
                Interlocked.Decrement(ref _waiting);
                session.Taken(_creditEvery);
            }
        }
        catch (OperationCanceledException)
        {
            // The listener is being disposed.
        }
    }
}
