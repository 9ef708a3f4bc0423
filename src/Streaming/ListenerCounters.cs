namespace SelfPlayArena.Streaming;

/// <summary>What a listener has seen so far. Thread-safe.</summary>
public sealed class ListenerCounters
{
    private readonly long[] _refusals = new long[Enum.GetValues<Refusal>().Max(r => (int)r) + 1];
    private long _connections, _workers, _resumed, _lost, _chunks, _agentSteps, _repeatedChunks, _strayChunks, _results, _repeatedResults, _unfitResults, _received, _sent;
    private long _framesReceived, _framesSent, _creditWaits, _creditTicks;

    /// <summary>Connections accepted from the network, whoever they were.</summary>
    public long Connections => Volatile.Read(ref _connections);

    /// <summary>Workers connected now.</summary>
    public long Workers => Volatile.Read(ref _workers);

    /// <summary>Times that a worker came back after its connection broke.</summary>
    public long Resumed => Volatile.Read(ref _resumed);

    /// <summary>Connections to workers that broke.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Chunks received, each once.</summary>
    public long Chunks => Volatile.Read(ref _chunks);

    /// <summary>Agent-steps in them.</summary>
    public long AgentSteps => Volatile.Read(ref _agentSteps);

    /// <summary>Chunks that came again after a broken connection and were not taken again.</summary>
    public long RepeatedChunks => Volatile.Read(ref _repeatedChunks);

    /// <summary>Chunks made with versions that this learner never published; thrown away.</summary>
    public long StrayChunks => Volatile.Read(ref _strayChunks);

    /// <summary>Results counted, each once.</summary>
    public long Results => Volatile.Read(ref _results);

    public long RepeatedResults => Volatile.Read(ref _repeatedResults);

    /// <summary>Results that did not fit the league; not counted.</summary>
    public long UnfitResults => Volatile.Read(ref _unfitResults);

    public long BytesReceived => Volatile.Read(ref _received);

    public long BytesSent => Volatile.Read(ref _sent);

    /// <summary>Frames whose prefix came, whatever became of them.</summary>
    public long FramesReceived => Volatile.Read(ref _framesReceived);

    public long FramesSent => Volatile.Read(ref _framesSent);

    /// <summary>Times that a worker had used up its credit, so that it had to wait until a chunk of its own was taken.</summary>
    public long CreditWaits => Volatile.Read(ref _creditWaits);

    /// <summary>Time that workers, all together, had no credit.</summary>
    public TimeSpan CreditWait => TimeSpan.FromSeconds((double)Volatile.Read(ref _creditTicks) / System.Diagnostics.Stopwatch.Frequency);

    /// <summary>Connections that were refused for a reason.</summary>
    public long Refused(Refusal refusal) => Volatile.Read(ref _refusals[(int)refusal]);

    internal void Connected() => Interlocked.Increment(ref _connections);

    internal void Refuse(Refusal refusal) => Interlocked.Increment(ref _refusals[(int)refusal]);

    internal void WorkerCame(bool again)
    {
        Interlocked.Increment(ref _workers);
        if (again)
            Interlocked.Increment(ref _resumed);
    }

    internal void WorkerWent(bool lost)
    {
        Interlocked.Decrement(ref _workers);
        if (lost)
            Interlocked.Increment(ref _lost);
    }

    internal void TookChunk(int agentSteps)
    {
        Interlocked.Increment(ref _chunks);
        Interlocked.Add(ref _agentSteps, agentSteps);
    }

    internal void RepeatedChunk() => Interlocked.Increment(ref _repeatedChunks);

    internal void StrayChunk() => Interlocked.Increment(ref _strayChunks);

    internal void TookResult(bool counted) => Interlocked.Increment(ref counted ? ref _results : ref _repeatedResults);

    internal void UnfitResult() => Interlocked.Increment(ref _unfitResults);

    internal void Carried(long received, long sent, long framesReceived, long framesSent)
    {
        Interlocked.Add(ref _received, received);
        Interlocked.Add(ref _sent, sent);
        Interlocked.Add(ref _framesReceived, framesReceived);
        Interlocked.Add(ref _framesSent, framesSent);
    }

    internal void OutOfCredit() => Interlocked.Increment(ref _creditWaits);

    internal void CreditAgain(long ticks) => Interlocked.Add(ref _creditTicks, ticks);
}
