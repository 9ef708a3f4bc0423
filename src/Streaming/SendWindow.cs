using SelfPlayArena.Core;

namespace SelfPlayArena.Streaming;

/// <summary>
/// What a worker's hosts wrote and reported, until the learner has it: chunks and results under their numbers, how far each went over this connection,
/// and how many chunks the learner lets it send. Not thread-safe: under its link's lock.
/// </summary>
internal sealed class SendWindow
{
    // What waits for its acknowledgement. Those from _sendChunk and _sendResult on were not sent over this connection.
    private readonly NumberedQueue<TrajectoryChunk> _chunks = new();
    private readonly NumberedQueue<byte[]> _results = new();
    private long _sendChunk, _allowed, _sendResult;

    public long Chunks => _chunks.Next;

    public long AcknowledgedChunks => _chunks.First;

    public long Results => _results.Next;

    public long AcknowledgedResults => _results.First;

    /// <summary>Chunks written and not acknowledged.</summary>
    public int WaitingChunks => _chunks.Count;

    public long UnsentChunks => _chunks.Next - _sendChunk;

    /// <summary>Whether everything was acknowledged.</summary>
    public bool IsEmpty => _chunks.Count + _results.Count == 0;

    /// <summary>Whether the learner has granted no more chunks than were written.</summary>
    public bool IsFull => _chunks.Next >= _allowed;

    public void Add(TrajectoryChunk chunk) => _chunks.Add(chunk);

    public void Add(MatchResult result) => _results.Add(FrameWriter.Encode(new NumberedResult(_results.Next, result).Write));

    /// <summary>True if something may be sent now that could not be before.</summary>
    /// <exception cref="RefusedException">The learner has what was never sent.</exception>
    public bool Acknowledge(Progress progress)
    {
        bool stuck = _sendChunk < _chunks.Next && _sendChunk >= _allowed;
        if (progress.Chunks > _sendChunk || progress.Results > _sendResult || progress.Allowed < progress.Chunks)
            throw new RefusedException(Refusal.BadFrame, "the learner acknowledged what was never sent");
        Forget(progress);
        _allowed = Math.Max(_allowed, progress.Allowed);
        return stuck;
    }

    /// <summary>Goes on where the learner is, over another connection.</summary>
    /// <exception cref="RefusedException">The learner wants what is not here.</exception>
    public void Resume(Progress start)
    {
        if (start.Chunks < _chunks.First || start.Chunks > _chunks.Next || start.Results < _results.First || start.Results > _results.Next)
            throw new RefusedException(Refusal.BadFrame, "the learner wants to go on where this worker never was");
        Forget(start);
        (_sendChunk, _sendResult, _allowed) = (_chunks.First, _results.First, start.Allowed);
    }

    /// <summary>Lets go of all chunks: nobody will learn from them.</summary>
    public void DropChunks() => Forget(new Progress(_chunks.Next, 0, 0));

    /// <summary>The next result to send, null if there is none.</summary>
    public byte[]? NextResult() => _sendResult < _results.Next ? _results[_sendResult++] : null;

    /// <summary>The next chunk to send, null if there is none or it may not be sent yet.</summary>
    public TrajectoryChunk? NextChunk(out long number)
    {
        number = _sendChunk;
        return _sendChunk < _chunks.Next && _sendChunk < _allowed ? _chunks[_sendChunk++] : null;
    }

    /// <summary>Lets go of what the learner has.</summary>
    private void Forget(Progress progress)
    {
        while (_chunks.First < progress.Chunks)
            _chunks.Take().Dispose();
        while (_results.First < progress.Results)
            _results.Take();
    }
}
