using System.Diagnostics;
using System.Security.Cryptography;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming;

/// <summary>What a worker has sent and waited for so far.</summary>
/// <param name="Waiting">Chunks written and not yet acknowledged.</param>
/// <param name="Connections">Connections that the learner accepted: 1 without faults.</param>
/// <param name="Version">Of the newest weights, -1 for none yet.</param>
/// <param name="VersionAge">Time since they came.</param>
/// <param name="StateAge">How long the connection has been, or has not been.</param>
public sealed record LinkCounters(
    long Chunks, long AcknowledgedChunks, long Results, long AcknowledgedResults, int Waiting, long BytesSent, long BytesReceived, int Connections, int Version, bool Connected,
    TimeSpan VersionAge, TimeSpan StateAge)
{
    /// <summary>Before anything happened.</summary>
    public static LinkCounters None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, -1, false, TimeSpan.Zero, TimeSpan.Zero);
}

/// <summary>
/// A worker's side of the stream: sink, director and source of policies of its hosts. It keeps what was not acknowledged, and sends it again
/// after a broken connection. Everything that hosts call waits for the learner where it must. Thread-safe.
/// </summary>
public sealed partial class WorkerLink : ITrajectorySink, IMatchDirector, IPolicySource, IDisposable
{
    private const int CachedPolicies = 12;
    private readonly object _gate = new();

    /// <summary>How long a chunk may wait for more, so that they travel together: waking all who have a hand in it costs more than carrying does.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(50);

    /// <summary>Bytes of chunks that travel without waiting for more.</summary>
    private const int Burst = 1 << 20;

    // What waits for its acknowledgement. Those from _sendChunk and _sendResult on were not sent over this connection.
    private readonly NumberedQueue<TrajectoryChunk> _chunks = new();
    private readonly NumberedQueue<byte[]> _results = new();
    private readonly ITimer _linger;
    private readonly RecentlyUsed<PlayerId, PolicyVersion> _frozen = new(CachedPolicies);
    private readonly NetworkReserve _reserve = new(CachedPolicies);
    private readonly Dictionary<PlayerId, string> _missing = [];
    private readonly HashSet<PlayerId> _wanted = [];
    private readonly HostStock[] _stock;
    private int _matches;
    private readonly TimeProvider _time;

    private long _sendChunk, _allowed, _sendResult;
    private PolicyVersion? _latest;
    private Exception? _failure;
    private bool _closing, _goodbye;
    private int _connections;
    private bool _connected;
    private long _latestAt, _stateAt;
    private long _sentBefore, _receivedBefore;

    private sealed class HostStock
    {
        public readonly Queue<Assignment> Matches = new();

        /// <summary>Matches asked for over this connection.</summary>
        public int Asked;

        /// <summary>Matches taken, up to the number that are played at a time: until then one is wanted for each.</summary>
        public int Taken;

        public readonly List<Matchup> Ended = [];
    }

    /// <summary>16 hexadecimal digits under which the learner knows this worker.</summary>
    public string Session { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public LinkCounters Counters
    {
        get
        {
            lock (_gate)
            {
                return new LinkCounters(
                    _chunks.Next, _chunks.First, _results.Next, _results.First, _chunks.Count, _sentBefore + (_writer?.Sent ?? 0), _receivedBefore + (_reader?.Received ?? 0),
                    _connections, _latest?.Version ?? -1, _connected, _latest is null ? TimeSpan.Zero : _time.GetElapsedTime(_latestAt), _time.GetElapsedTime(_stateAt));
            }
        }
    }

    /// <summary>Whether the learner said that the run is over.</summary>
    public bool RunOver
    {
        get
        {
            lock (_gate)
                return _goodbye;
        }
    }

    /// <summary>Waits while the learner has granted no more; false once the link is closed.</summary>
    public bool Write(TrajectoryChunk chunk, CancellationToken cancellation)
    {
        bool now;
        lock (_gate)
        {
            if (_chunks.Next >= _allowed && !Over)
                WaitForCredit(cancellation);
            if (Over || cancellation.IsCancellationRequested)
            {
                chunk.Dispose();
                return false;
            }
            _chunks.Add(chunk);
            long unsent = _chunks.Next - _sendChunk;
            now = unsent * chunk.Layout.Bytes >= Burst || _chunks.Next >= _allowed;
            if (unsent == 1 && !now)
                _linger.Change(Linger, Timeout.InfiniteTimeSpan);
        }
        if (now)
            WakeWriter();
        return true;
    }

    private void WaitForCredit(CancellationToken cancellation)
    {
        using CancellationTokenRegistration wake = cancellation.CanBeCanceled ? cancellation.Register(Pulse) : default;
        while (_chunks.Next >= _allowed && !Over && !cancellation.IsCancellationRequested)
            Monitor.Wait(_gate);
    }

    public Assignment? Next(int host)
    {
        lock (_gate)
        {
            HostStock stock = _stock[host];
            while (true)
            {
                int want = Math.Max(2, _matches - stock.Taken) - stock.Matches.Count - stock.Asked;
                if (want > 0)
                    WakeWriter();
                if (stock.Matches.TryDequeue(out Assignment? match))
                {
                    stock.Taken = Math.Min(stock.Taken + 1, _matches);
                    return match;
                }
                if (Over)
                    return null;
                Monitor.Wait(_gate);
            }
        }
    }

    public void Ended(int host, Assignment assignment)
    {
        lock (_gate)
            _stock[host].Ended.Add(assignment.Matchup);
        WakeWriter();
    }

    public void Report(int host, MatchResult result)
    {
        lock (_gate)
        {
            if (_closing && _goodbye)
                return;
            _results.Add(FrameWriter.Encode(new NumberedResult(_results.Next, result).Write));
        }
        WakeWriter();
    }

    /// <summary>Waits for a policy that is not here yet.</summary>
    /// <exception cref="ArgumentException">The learner has no such policy.</exception>
    /// <exception cref="OperationCanceledException">The link was closed meanwhile.</exception>
    public PolicyVersion Get(PlayerId player)
    {
        lock (_gate)
        {
            while (true)
            {
                if (player.IsLatest && _latest is { } latest)
                {
                    _reserve.Claim(latest.Network.Plan);
                    return latest;
                }
                if (!player.IsLatest && _frozen.TryGet(player, out PolicyVersion? frozen))
                    return frozen;
                if (_missing.Remove(player, out string? problem))
                    throw new ArgumentException(problem, nameof(player));
                if (Over)
                    throw new OperationCanceledException("the worker is being closed");
                if (!player.IsLatest && _wanted.Add(player))
                {
                    _asked.Enqueue(player);
                    WakeWriter();
                }
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Adds what hosts did, for the learner's figures.</summary>
    public void Count(HostCounters done)
    {
        lock (_gate)
        {
            HostCounters before = _done ?? new HostCounters(0, 0, 0, TimeSpan.Zero);
            _done = new HostCounters(before.Decisions + done.Decisions, before.AgentSteps + done.AgentSteps, before.Matches + done.Matches, before.SinkWait + done.SinkWait);
        }
        WakeWriter();
    }

    /// <summary>Lets hosts end: none gets another match, and no more chunks are taken. What was taken is still sent.</summary>
    public void CloseHosts()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until everything written and reported was acknowledged; false if that took too long.</summary>
    public bool Drain(TimeSpan patience)
    {
        long start = Stopwatch.GetTimestamp();
        WakeWriter();
        lock (_gate)
        {
            while (_chunks.Count + _results.Count > 0 && _failure is null && !_goodbye)
            {
                TimeSpan left = patience - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                    return _chunks.Count + _results.Count == 0;
            }
            return _chunks.Count + _results.Count == 0;
        }
    }

    private bool Over => _closing || _goodbye || _failure is not null;

    private void Keep(PlayerId player, PolicyVersion policy)
    {
        lock (_gate)
        {
            _wanted.Remove(player);
            _frozen.Add(player, policy);
            _reserve.Spend();
            Monitor.PulseAll(_gate);
        }
    }

    private void Pulse()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }

    /// <summary>True if something may be sent now that could not be before.</summary>
    private bool Acknowledged(Progress progress)
    {
        lock (_gate)
        {
            bool stuck = _sendChunk < _chunks.Next && _sendChunk >= _allowed;
            if (progress.Chunks > _sendChunk || progress.Results > _sendResult || progress.Allowed < progress.Chunks)
                throw new RefusedException(Refusal.BadFrame, "the learner acknowledged what was never sent");
            Forget(progress);
            _allowed = Math.Max(_allowed, progress.Allowed);
            Monitor.PulseAll(_gate);
            return stuck;
        }
    }

    /// <summary>Goes on where the learner is. Another learner process knows nothing of chunks that an earlier one was to learn from.</summary>
    private void Resume(Progress start, bool sameLearner)
    {
        lock (_gate)
        {
            if (start.Chunks < _chunks.First || start.Chunks > _chunks.Next || start.Results < _results.First || start.Results > _results.Next)
                throw new RefusedException(Refusal.BadFrame, "the learner wants to go on where this worker never was");
            Forget(start);
            (_sendChunk, _sendResult, _allowed) = (_chunks.First, _results.First, start.Allowed);
            _asked.Clear();
            foreach (PlayerId player in _wanted)
                _asked.Enqueue(player);
            foreach (HostStock stock in _stock)
            {
                stock.Asked = 0;
                stock.Ended.Clear();
                if (!sameLearner)
                    stock.Matches.Clear();
            }
            _connections++;
            (_connected, _stateAt) = (true, _time.GetTimestamp());
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Lets go of what the learner has.</summary>
    private void Forget(Progress progress)
    {
        while (_chunks.First < progress.Chunks)
            _chunks.Take().Dispose();
        while (_results.First < progress.Results)
            _results.Take();
    }

    private void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            Monitor.PulseAll(_gate);
        }
    }
}
