using System.Net.Sockets;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming;

/// <summary>How a link gets to its learner, and back to it; what a connection takes from it and brings to it.</summary>
public sealed partial class WorkerLink
{
    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50), LongestDelay = TimeSpan.FromSeconds(10), Settled = TimeSpan.FromSeconds(5);
    private readonly WorkerTarget _target;
    private readonly FactoryOf _factoryOf;
    private readonly Action<string> _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly TaskCompletionSource<WorkerTerms> _terms = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private WorkerConnection? _connection;
    private HostCounters? _done;
    private string _learner = "";

    /// <summary>There may be something to send.</summary>
    internal void WakeWriter()
    {
        if (_wake.CurrentCount == 0)
            _wake.Release();
    }

    /// <summary>Waits for <see cref="WakeWriter"/>; false if that took too long.</summary>
    internal Task<bool> WokenAsync(TimeSpan longest, CancellationToken cancellation) => _wake.WaitAsync(longest, cancellation);

    /// <summary>What is played by the learner's word: found out the first time, and to be the same ever after.</summary>
    /// <exception cref="RefusedException">This worker cannot play that, or it changed.</exception>
    internal WorkerTerms TermsOf(Accept accept)
    {
        if (!_terms.Task.IsCompletedSuccessfully)
        {
            WorkerTerms first = WorkerTerms.Of(accept, _factoryOf);
            if (_matches == 0)
                _matches = accept.MatchesPerHost;
            return first;
        }
        _terms.Task.Result.StillHold(accept);
        return _terms.Task.Result;
    }

    /// <summary>What the learner is told before it says where to go on.</summary>
    internal Ready ReadyFor(Accept accept, WorkerTerms terms)
    {
        lock (_gate)
        {
            // Chunks belong to the learner they were played for; results belong to the league.
            if (accept.Learner != _learner)
                _window.DropChunks();
            return new Ready(terms.Factory.Spec.Hash, terms.Factory.Spec.ContentHash, _stock.Length, _window.AcknowledgedChunks, _window.AcknowledgedResults);
        }
    }

    /// <summary>Goes on where the learner is. Another learner process knows nothing of chunks that an earlier one was to learn from.</summary>
    internal void Begin(Accept accept, WorkerTerms terms, Progress start)
    {
        bool same = accept.Learner == _learner;
        _learner = accept.Learner;
        lock (_gate)
        {
            _window.Resume(start);
            _policies.Reconnected();
            foreach (MatchStock stock in _stock)
                stock.Reconnected(same);
            _connections++;
            (_connected, _stateAt) = (true, _time.GetTimestamp());
            Monitor.PulseAll(_gate);
        }
        _log(_terms.Task.IsCompletedSuccessfully ? "connected again" : $"connected to {_target.Host}:{_target.Port}: {terms.Factory.Spec.Name}, network {terms.Plan.Description.Name}");
        _terms.TrySetResult(terms);
    }

    internal void Disconnected()
    {
        lock (_gate)
            (_connected, _stateAt) = (false, _time.GetTimestamp());
    }

    internal void Acknowledged(Progress progress)
    {
        bool stuck;
        lock (_gate)
        {
            stuck = _window.Acknowledge(progress);
            Monitor.PulseAll(_gate);
        }
        if (stuck)
            WakeWriter();
    }

    internal void TakeMatches(HostMatches given)
    {
        lock (_gate)
        {
            if (given.Host >= _stock.Length)
                throw new RefusedException(Refusal.BadFrame, $"the learner has matches for host {given.Host} of {_stock.Length}");
            _stock[given.Host].Put(given.Matches);
            Monitor.PulseAll(_gate);
        }
    }

    internal void TakeLatest(int version, byte[] weights)
    {
        NetworkPlan plan = _terms.Task.Result.Plan;
        if (weights.Length != WeightsBytes.Length(plan))
            throw new RefusedException(Refusal.BadFrame, $"weights of {weights.Length} bytes came where the network has {WeightsBytes.Length(plan)}");
        var policy = new PolicyVersion(new PolicyNetwork(plan, WeightsBytes.Read(plan, weights)), version);
        lock (_gate)
        {
            _policies.Latest = policy;
            _latestAt = _time.GetTimestamp();
            Monitor.PulseAll(_gate);
        }
    }

    /// <param name="problem">Why the learner cannot give it; empty if it does.</param>
    internal void TakePolicy(PlayerId player, string problem, byte[] bundle)
    {
        WorkerTerms terms = _terms.Task.Result;
        PolicyVersion? policy = null;
        if (problem.Length == 0)
        {
            try
            {
                policy = new PolicyVersion(PolicyBundle.Read(bundle, player.ToString()).AdaptTo(terms.Factory.Spec).ToNetwork(like: terms.Plan), player.Version);
            }
            catch (BundleException e)
            {
                problem = e.Message;
            }
        }
        lock (_gate)
        {
            if (policy is not null)
                _policies.Keep(player, policy);
            else
                _policies.Miss(player, problem);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The learner said that the run is over.</summary>
    internal void Farewell()
    {
        lock (_gate)
        {
            _goodbye = true;
            Monitor.PulseAll(_gate);
        }
        _log("the run is over");
    }

    /// <summary>Everything that is to be told and asked besides chunks and results.</summary>
    internal List<(FrameKind Kind, byte[] Header)> TakeRequests()
    {
        var requests = new List<(FrameKind, byte[])>();
        lock (_gate)
        {
            _policies.TakeRequests(requests);
            for (int h = 0; h < _stock.Length; h++)
                _stock[h].TakeRequests(h, _matches, Over, requests);
            if (_done is { } done)
            {
                _done = null;
                requests.Add((FrameKind.Counters, FrameWriter.Encode((ref MessagePack.MessagePackWriter w) =>
                {
                    w.WriteArrayHeader(4);
                    w.Write(done.Decisions);
                    w.Write(done.AgentSteps);
                    w.Write(done.Matches);
                    w.Write(done.SinkWait.Ticks);
                })));
            }
        }
        return requests;
    }

    internal byte[]? NextResult()
    {
        lock (_gate)
            return _window.NextResult();
    }

    internal TrajectoryChunk? NextChunk(out long number)
    {
        lock (_gate)
            return _window.NextChunk(out number);
    }

    private async Task RunAsync()
    {
        TimeSpan delay = FirstDelay;
        long lostAt = _time.GetTimestamp();
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                string why;
                bool played = false, refused = false;
                long startedAt = _time.GetTimestamp();
                try
                {
                    await ConnectAsync(() => played = true).ConfigureAwait(false);
                    if (RunOver || _stop.IsCancellationRequested)
                        return;
                    why = "the learner closed the connection";
                }
                catch (RefusedException e) when (e.MayPass)
                {
                    refused = true;
                    why = $"the learner refused ({e.Refusal}): {e.Message}";
                }
                catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
                {
                    if (_stop.IsCancellationRequested)
                        return;
                    why = e is OperationCanceledException ? "no answer" : e.Message;
                }
                if (played)
                {
                    lostAt = _time.GetTimestamp();
                    if (!refused || _time.GetElapsedTime(startedAt) > Settled)
                        delay = FirstDelay;
                    _log($"connection lost: {why}");
                }
                else if (_time.GetElapsedTime(lostAt) > _target.Patience)
                {
                    throw new IOException($"no learner could be reached at {_target.Host}:{_target.Port} for {_target.Patience.TotalSeconds:0} s: {why}");
                }
                else if (delay == FirstDelay)
                {
                    _log($"no learner at {_target.Host}:{_target.Port} yet: {why}; trying again");
                }
                // Jitter, so that many workers that lost one learner do not come back all at once.
                await Task.Delay(delay * (0.5 + Random.Shared.NextDouble()), _time, _stop.Token).ConfigureAwait(false);
                delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            }
        }
        catch (OperationCanceledException)
        {
            // The link is being disposed.
        }
        catch (Exception e)
        {
            Fail(e);
            _terms.TrySetException(e);
        }
        finally
        {
            _terms.TrySetCanceled();
        }
    }

    /// <summary>One connection from its beginning to its end.</summary>
    private async Task ConnectAsync(Action started)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        WorkerConnection connection;
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            limit.CancelAfter(Connecting);
            await socket.ConnectAsync(_target.Host, _target.Port, limit.Token).ConfigureAwait(false);
            connection = new WorkerConnection(this, _target, socket);
            lock (_gate)
            {
                (_sentBefore, _receivedBefore) = (_sentBefore + (_connection?.Sent ?? 0), _receivedBefore + (_connection?.Received ?? 0));
                _connection = connection;
            }
            await connection.ShakeHandsAsync(limit.Token).ConfigureAwait(false);
        }
        started();
        await connection.CarryAsync(_stop.Token).ConfigureAwait(false);
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
