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
    private readonly object _gate = new();

    /// <summary>How long a chunk may wait for more, so that they travel together: waking all who have a hand in it costs more than carrying does.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(50);

    /// <summary>Bytes of chunks that travel without waiting for more.</summary>
    private const int Burst = 1 << 20;

    private readonly SendWindow _window = new();
    private readonly ReceivedPolicies _policies = new();
    private readonly MatchStock[] _stock;
    private readonly ITimer _linger;
    private readonly TimeProvider _time;
    private int _matches;
    private Exception? _failure;
    private bool _closing, _goodbye;
    private int _connections;
    private bool _connected;
    private long _latestAt, _stateAt;
    private long _sentBefore, _receivedBefore;

    /// <summary>Starts connecting at once.</summary>
    /// <param name="hosts">Hosts that play at the same time.</param>
    /// <param name="matches">Matches that each of them plays; 0 for what the learner says.</param>
    /// <param name="log">Gets a line for each thing that happens to the connection; called from any thread.</param>
    public WorkerLink(WorkerTarget target, int hosts, int matches, FactoryOf factoryOf, Action<string> log, TimeProvider time)
    {
        (_target, _factoryOf, _log, _time, _matches) = (target, factoryOf, log, time, matches);
        _stock = [.. Enumerable.Range(0, hosts).Select(_ => new MatchStock())];
        _stateAt = time.GetTimestamp();
        _linger = time.CreateTimer(_ => WakeWriter(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _running = Task.Run(RunAsync);
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
                    _window.Chunks, _window.AcknowledgedChunks, _window.Results, _window.AcknowledgedResults, _window.WaitingChunks,
                    _sentBefore + (_connection?.Sent ?? 0), _receivedBefore + (_connection?.Received ?? 0),
                    _connections, _policies.Latest?.Version ?? -1, _connected, _policies.Latest is null ? TimeSpan.Zero : _time.GetElapsedTime(_latestAt), _time.GetElapsedTime(_stateAt));
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

    /// <summary>Why the link gave up; null while it lives.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_gate)
                return _failure;
        }
    }

    /// <summary>Waits until the learner has accepted this worker for the first time.</summary>
    /// <exception cref="RefusedException">The learner refused, for good.</exception>
    /// <exception cref="IOException">No learner could be reached.</exception>
    public WorkerTerms Terms(CancellationToken cancellation)
    {
        try
        {
            return _terms.Task.WaitAsync(cancellation).GetAwaiter().GetResult();
        }
        catch (AggregateException e) when (e.InnerException is not null)
        {
            throw e.InnerException;
        }
    }

    /// <summary>Waits while the learner has granted no more; false once the link is closed.</summary>
    public bool Write(TrajectoryChunk chunk, CancellationToken cancellation)
    {
        bool now;
        lock (_gate)
        {
            if (_window.IsFull && !Over)
                WaitForCredit(cancellation);
            if (Over || cancellation.IsCancellationRequested)
            {
                chunk.Dispose();
                return false;
            }
            _window.Add(chunk);
            long unsent = _window.UnsentChunks;
            now = unsent * chunk.Layout.Bytes >= Burst || _window.IsFull;
            if (unsent == 1 && !now)
                _linger.Change(Linger, Timeout.InfiniteTimeSpan);
        }
        if (now)
            WakeWriter();
        return true;
    }

    private void WaitForCredit(CancellationToken cancellation)
    {
        CancellationTokenRegistration wake = cancellation.Register(Pulse);
        try
        {
            while (_window.IsFull && !Over && !cancellation.IsCancellationRequested)
                Monitor.Wait(_gate);
        }
        finally
        {
            // Not disposed of: that would wait, under the lock, for a canceller who is about to take it.
            wake.Unregister();
        }
    }

    public Assignment? Next(int host)
    {
        lock (_gate)
        {
            MatchStock stock = _stock[host];
            while (true)
            {
                if (stock.Wanted(_matches) > 0)
                    WakeWriter();
                if (stock.TryTake(_matches, out Assignment? match))
                    return match;
                if (Over)
                    return null;
                Monitor.Wait(_gate);
            }
        }
    }

    public void Ended(int host, Assignment assignment)
    {
        lock (_gate)
            _stock[host].Ended(assignment.Matchup);
        WakeWriter();
    }

    public void Report(int host, MatchResult result)
    {
        lock (_gate)
        {
            if (_closing && _goodbye)
                return;
            _window.Add(result);
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
                if (_policies.TryGet(player, out PolicyVersion? policy))
                    return policy;
                if (Over)
                    throw new OperationCanceledException("the worker is being closed");
                if (_policies.Want(player))
                    WakeWriter();
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
            while (!_window.IsEmpty && _failure is null && !_goodbye)
            {
                TimeSpan left = patience - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                    return _window.IsEmpty;
            }
            return _window.IsEmpty;
        }
    }

    /// <summary>Says goodbye and ends. What was not acknowledged is lost: <see cref="Drain"/> first.</summary>
    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
            return;
        CloseHosts();
        _stop.Cancel();
        WakeWriter();
        _running.Wait();
        lock (_gate)
            _window.DropChunks();
        _linger.Dispose();
        _stop.Dispose();
    }

    private bool Over => _closing || _goodbye || _failure is not null;

    private void Pulse()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }
}
