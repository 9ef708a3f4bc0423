using System.Diagnostics;
using System.Runtime.InteropServices;
using SelfPlayArena.League;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming;

/// <summary>
/// What a learner remembers of one worker across its connections: how far both of its numbered streams have come. A number is taken once,
/// whichever connection brings it.
/// </summary>
internal sealed class WorkerSession(string id, IRunPort port, ListenerCounters counters)
{
    private readonly Lock _gate = new();
    private readonly Queue<Durability> _unsaved = new();
    private long _nextChunk, _takenChunks, _nextResult, _savedResults;
    private LearnerConnection? _connection;
    private long _outOfCreditSince;
    private bool _forgotten;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Durability(long Results, long Position);

    public string Id => id;

    /// <summary>When the last connection ended, in the listener's ticks.</summary>
    public long Since { get; private set; }

    public bool Connected
    {
        get
        {
            lock (_gate)
                return _connection is not null;
        }
    }

    /// <summary>Whether the worker may be known from an earlier connection.</summary>
    public bool Known { get; private set; }

    /// <summary>Lets go of a worker that is away; false if it has come back.</summary>
    public bool Forget()
    {
        lock (_gate)
            return _forgotten = _forgotten || _connection is null;
    }

    /// <summary>Makes a connection the worker's only one; an older one, which broke without this end noticing, is closed.</summary>
    /// <returns>Where to go on; null if the session has just been forgotten and another must be asked for.</returns>
    public Progress? Attach(LearnerConnection connection, Ready ready, int window)
    {
        LearnerConnection? old;
        Progress progress;
        lock (_gate)
        {
            if (_forgotten)
                return null;
            if (Known && (ready.FirstChunk > _nextChunk || ready.FirstResult > _nextResult))
                throw new RefusedException(Refusal.BadFrame, $"worker {id} goes on at chunk {ready.FirstChunk} and result {ready.FirstResult}; {_nextChunk} and {_nextResult} are next");
            old = _connection;
            _connection = connection;
            if (!Known)
            {
                Known = true;
                _nextChunk = _takenChunks = ready.FirstChunk;
                _nextResult = _savedResults = ready.FirstResult;
            }
            // What was received waits here to be taken: the worker need not send it again, though it may not forget it yet.
            progress = new Progress(_nextChunk, _takenChunks + window, _savedResults);
        }
        old?.Close();
        return progress;
    }

    public void Detach(LearnerConnection connection, long now)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_connection, connection))
                return;
            _connection = null;
            Since = now;
        }
    }

    public Progress Progress(int window)
    {
        lock (_gate)
            return new Progress(_takenChunks, _takenChunks + window, _savedResults);
    }

    /// <summary>Whether a chunk of this number may come now.</summary>
    /// <exception cref="RefusedException">More than was granted, or numbers were left out.</exception>
    public void Expect(long number, int window)
    {
        lock (_gate)
        {
            if (number >= _takenChunks + window)
                throw new RefusedException(Refusal.TooFast, $"chunk {number} came although only those below {_takenChunks + window} were granted");
            if (number > _nextChunk)
                throw new RefusedException(Refusal.BadFrame, $"chunk {number} came where {_nextChunk} is next");
        }
    }

    /// <summary>True if the chunk is new and now the session's; false if it came before, or over a connection that was replaced.</summary>
    public bool Receive(LearnerConnection connection, long number, int window)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_connection, connection) || number != _nextChunk)
                return false;
            _nextChunk++;
            if (_nextChunk >= _takenChunks + window && _outOfCreditSince == 0)
            {
                _outOfCreditSince = Stopwatch.GetTimestamp();
                counters.OutOfCredit();
            }
            return true;
        }
    }

    /// <summary>The oldest received chunk went to the learner, or was thrown away: the worker may forget it and send one more.</summary>
    /// <param name="every">Chunks after which the worker is told at once; otherwise the listener's next beat tells it.</param>
    public void Taken(int every)
    {
        LearnerConnection? connection;
        bool tell;
        lock (_gate)
        {
            tell = ++_takenChunks % every == 0;
            if (_outOfCreditSince != 0)
            {
                counters.CreditAgain(Stopwatch.GetTimestamp() - _outOfCreditSince);
                _outOfCreditSince = 0;
            }
            connection = _connection;
        }
        if (tell)
            connection?.Wake();
    }

    /// <summary>Counts a result. What makes it durable comes later (<see cref="Save"/>).</summary>
    /// <returns>What was wrong with it, null normally.</returns>
    public string? Take(LearnerConnection connection, NumberedResult numbered)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_connection, connection))
                return null;
            if (numbered.Number > _nextResult)
                throw new RefusedException(Refusal.BadFrame, $"result {numbered.Number} came where {_nextResult} is next");
            if (numbered.Number < _nextResult)
            {
                counters.TookResult(counted: false);
                return null;
            }
            string? problem = null;
            try
            {
                counters.TookResult(port.Report(numbered.Result));
            }
            catch (LeagueLogException)
            {
                // Counted, but not on the disk: the league tries again, and until then the result is not acknowledged.
            }
            catch (InvalidDataException e)
            {
                counters.UnfitResult();
                problem = e.Message;
            }
            _nextResult++;
            _unsaved.Enqueue(new Durability(_nextResult, port.Position));
            return problem;
        }
    }

    /// <summary>Acknowledges results that are on the disk by now.</summary>
    public void Save(long durable)
    {
        LearnerConnection? connection = null;
        lock (_gate)
        {
            while (_unsaved.TryPeek(out Durability next) && next.Position <= durable)
            {
                _savedResults = _unsaved.Dequeue().Results;
                connection = _connection;
            }
        }
        connection?.Wake();
    }
}
