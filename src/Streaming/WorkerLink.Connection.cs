using System.Diagnostics;
using System.Net.Sockets;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming;

/// <summary>How a worker's connection begins, carries, breaks and begins again.</summary>
public sealed partial class WorkerLink
{
    private const int MostHeader = 128 * 1024, MostPayload = 512 << 20;

    /// <summary>Bytes that the system takes at once. A burst that fits needs no waking in between.</summary>
    private const int SendBuffer = 2 << 20;
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(5), Silence = TimeSpan.FromSeconds(30), Connecting = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50), LongestDelay = TimeSpan.FromSeconds(10), Settled = TimeSpan.FromSeconds(5);
    private readonly WorkerTarget _target;
    private readonly FactoryOf _factoryOf;
    private readonly Action<string> _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Queue<PlayerId> _asked = new();
    private readonly TaskCompletionSource<WorkerTerms> _terms = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private FrameReader? _reader;
    private FrameWriter? _writer;
    private HostCounters? _done;
    private string _learner = "";

    /// <summary>Starts connecting at once.</summary>
    /// <param name="hosts">Hosts that play at the same time.</param>
    /// <param name="matches">Matches that each of them plays; 0 for what the learner says.</param>
    /// <param name="log">Gets a line for each thing that happens to the connection; called from any thread.</param>
    public WorkerLink(WorkerTarget target, int hosts, int matches, FactoryOf factoryOf, Action<string> log, TimeProvider time)
    {
        (_target, _factoryOf, _log, _time, _matches) = (target, factoryOf, log, time, matches);
        _stock = [.. Enumerable.Range(0, hosts).Select(_ => new HostStock())];
        _stateAt = time.GetTimestamp();
        _linger = time.CreateTimer(_ => WakeWriter(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _running = Task.Run(RunAsync);
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

    /// <summary>Why the link gave up; null while it lives.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_gate)
                return _failure;
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
        {
            Forget(new Progress(_chunks.Next, 0, 0));
        }
        _linger.Dispose();
        _stop.Dispose();
    }

    private void WakeWriter()
    {
        if (_wake.CurrentCount == 0)
            _wake.Release();
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
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            limit.CancelAfter(Connecting);
            await socket.ConnectAsync(_target.Host, _target.Port, limit.Token).ConfigureAwait(false);
            var stream = new NetworkStream(socket, ownsSocket: false);
            lock (_gate)
            {
                (_sentBefore, _receivedBefore) = (_sentBefore + (_writer?.Sent ?? 0), _receivedBefore + (_reader?.Received ?? 0));
                _reader = new FrameReader(stream, new FrameLimits(MostHeader, 0));
                _writer = new FrameWriter(stream);
            }
            await ShakeHandsAsync(limit.Token).ConfigureAwait(false);
        }
        socket.SendBufferSize = SendBuffer;
        started();
        Task writing = Task.Run(() => WriteAsync(ending.Token, socket));
        try
        {
            await ReadAsync(ending.Token).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
                (_connected, _stateAt) = (false, _time.GetTimestamp());
            ending.Cancel();
            WakeWriter();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ShakeHandsAsync(CancellationToken cancellation)
    {
        byte[] nonce = SharedSecret.Nonce();
        await _writer!.WriteAsync(FrameKind.Hello, new Hello(Session, nonce).Write, cancellation).ConfigureAwait(false);
        byte[] challenge = await NextAsync(FrameKind.Challenge, (ref MessagePack.MessagePackReader r) => { r.Fields(1); return r.Bytes(SharedSecret.NonceBytes); }, cancellation).ConfigureAwait(false);
        byte[] proof = _target.Secret.Prove("worker", Session, nonce, challenge);
        await _writer.WriteAsync(FrameKind.Proof, (ref MessagePack.MessagePackWriter w) => { w.WriteArrayHeader(1); w.Write(proof); }, cancellation).ConfigureAwait(false);
        Accept accept = await NextAsync(FrameKind.Accept, Accept.Read, cancellation).ConfigureAwait(false);
        if (!_target.Secret.Proves(accept.Proof, "learner", Session, nonce, challenge))
            throw new RefusedException(Refusal.WrongSecret, $"{_target.Host}:{_target.Port} could not prove that it knows the shared secret");
        bool same = accept.Learner == _learner;
        WorkerTerms terms;
        try
        {
            terms = TermsOf(accept);
        }
        catch (RefusedException e)
        {
            // So that it stands in the learner's log, too, where somebody looks who misses this worker.
            await _writer.WriteAsync(FrameKind.Refuse, (ref MessagePack.MessagePackWriter w) => { w.WriteArrayHeader(2); w.Write((int)e.Refusal); w.Write(e.Message); }, cancellation).ConfigureAwait(false);
            throw;
        }
        Ready ready;
        lock (_gate)
        {
            // Chunks belong to the learner they were played for; results belong to the league.
            if (!same)
            {
                Forget(new Progress(_chunks.Next, 0, 0));
            }
            ready = new Ready(terms.Factory.Spec.Hash, terms.Factory.Spec.ContentHash, _stock.Length, _chunks.First, _results.First);
        }
        await _writer.WriteAsync(FrameKind.Ready, ready.Write, cancellation).ConfigureAwait(false);
        Progress start = await NextAsync(FrameKind.Start, Progress.Read, cancellation).ConfigureAwait(false);
        _learner = accept.Learner;
        _reader!.Limits = new FrameLimits(MostHeader, MostPayload);
        Resume(start, same);
        _log(_terms.Task.IsCompletedSuccessfully ? "connected again" : $"connected to {_target.Host}:{_target.Port}: {terms.Factory.Spec.Name}, network {terms.Plan.Description.Name}");
        _terms.TrySetResult(terms);
    }

    private WorkerTerms TermsOf(Accept accept)
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

    private async ValueTask<T> NextAsync<T>(FrameKind kind, HeaderReader<T> read, CancellationToken cancellation)
    {
        if (!await _reader!.ReadAsync(cancellation).ConfigureAwait(false))
            throw new EndOfStreamException("the learner closed the connection before it had accepted this worker");
        ThrowIfRefused();
        return _reader.Kind == kind ? _reader.Header(read) : throw new RefusedException(Refusal.BadFrame, $"a {_reader.Kind} frame came where {kind} was expected");
    }

    private void ThrowIfRefused()
    {
        if (_reader!.Kind != FrameKind.Refuse)
            return;
        throw _reader.Header((ref MessagePack.MessagePackReader r) =>
        {
            r.Fields(2);
            var refusal = (Refusal)r.Number(1, 255);
            return new RefusedException(refusal, r.Text(4096));
        });
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        NetworkPlan plan = _terms.Task.Result.Plan;
        while (await _reader!.ReadAsync(cancellation).ConfigureAwait(false))
        {
            ThrowIfRefused();
            byte[] payload = _reader.PayloadBytes == 0 ? [] : new byte[_reader.PayloadBytes];
            if (payload.Length > 0)
                await _reader.ReadPayloadAsync(payload, cancellation).ConfigureAwait(false);
            switch (_reader.Kind)
            {
                case FrameKind.Acknowledge:
                    if (Acknowledged(_reader.Header(Progress.Read)))
                        WakeWriter();
                    break;
                case FrameKind.Matches:
                    TakeMatches(_reader.Header(HostMatches.Read));
                    break;
                case FrameKind.Latest:
                    TakeLatest(plan, payload);
                    break;
                case FrameKind.Policy:
                    TakePolicy(payload);
                    break;
                case FrameKind.Ping:
                    break;
                case FrameKind.Goodbye:
                    lock (_gate)
                    {
                        _goodbye = true;
                        Monitor.PulseAll(_gate);
                    }
                    _log("the run is over");
                    return;
                default:
                    throw new RefusedException(Refusal.BadFrame, $"a {_reader.Kind} frame makes no sense from a learner");
            }
        }
    }

    private void TakeMatches(HostMatches given)
    {
        lock (_gate)
        {
            if (given.Host >= _stock.Length)
                throw new RefusedException(Refusal.BadFrame, $"the learner has matches for host {given.Host} of {_stock.Length}");
            HostStock stock = _stock[given.Host];
            foreach (Assignment match in given.Matches)
                stock.Matches.Enqueue(match);
            stock.Asked = Math.Max(0, stock.Asked - given.Matches.Count);
            Monitor.PulseAll(_gate);
        }
    }

    private void TakeLatest(NetworkPlan plan, byte[] payload)
    {
        int version = _reader!.Header((ref MessagePack.MessagePackReader r) => { r.Fields(1); return r.Number(0, int.MaxValue); });
        if (payload.Length != WeightsBytes.Length(plan))
            throw new RefusedException(Refusal.BadFrame, $"weights of {payload.Length} bytes came where the network has {WeightsBytes.Length(plan)}");
        var policy = new PolicyVersion(new PolicyNetwork(plan, WeightsBytes.Read(plan, payload)), version);
        lock (_gate)
        {
            (_latest, _latestAt) = (policy, _time.GetTimestamp());
            Monitor.PulseAll(_gate);
        }
    }

    private void TakePolicy(byte[] payload)
    {
        (PlayerId player, string problem) = _reader!.Header((ref MessagePack.MessagePackReader r) =>
        {
            r.Fields(3);
            return (r.Player(), r.Text(4096));
        });
        PolicyVersion? policy = null;
        if (problem.Length == 0)
        {
            try
            {
                policy = new PolicyVersion(PolicyBundle.Read(payload, player.ToString()).AdaptTo(_terms.Task.Result.Factory.Spec).ToNetwork(like: _terms.Task.Result.Plan), player.Version);
            }
            catch (BundleException e)
            {
                problem = e.Message;
            }
        }
        if (policy is not null)
        {
            Keep(player, policy);
            return;
        }
        lock (_gate)
        {
            _wanted.Remove(player);
            _missing[player] = problem;
            Monitor.PulseAll(_gate);
        }
    }

    private async Task WriteAsync(CancellationToken cancellation, Socket socket)
    {
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                await SendWhatIsThereAsync(cancellation).ConfigureAwait(false);
                if (!await _wake.WaitAsync(PingEvery, cancellation).ConfigureAwait(false) && Stopwatch.GetElapsedTime(_writer!.LastSent) >= PingEvery)
                    await _writer.WriteAsync(FrameKind.Ping, (ref MessagePack.MessagePackWriter w) => w.WriteArrayHeader(0), cancellation).ConfigureAwait(false);
                if (Stopwatch.GetElapsedTime(_reader!.LastReceived) > Silence)
                    throw new IOException($"nothing was heard from the learner for {Silence.TotalSeconds:0} s");
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Leaving: said below.
        }
        catch (Exception)
        {
            // The reading side then finds the connection broken, and says so.
            socket.Dispose();
            return;
        }
        await LeaveAsync(socket).ConfigureAwait(false);
    }

    private async Task LeaveAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await _writer!.WriteAsync(FrameKind.Goodbye, (ref MessagePack.MessagePackWriter w) => w.WriteArrayHeader(0), limit.Token).ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // Then the learner sees the connection end without a goodbye.
        }
    }

    private async ValueTask SendWhatIsThereAsync(CancellationToken cancellation)
    {
        bool more = true;
        while (more)
        {
            more = false;
            foreach ((FrameKind kind, byte[] header) in TakeRequests())
                await _writer!.WriteAsync(kind, header, default, cancellation).ConfigureAwait(false);
            if (NextResult() is { } result)
            {
                more = true;
                await _writer!.WriteAsync(FrameKind.Result, result, default, cancellation).ConfigureAwait(false);
            }
            if (NextChunk(out long number) is { } chunk)
            {
                more = true;
                await _writer!.WriteAsync(FrameKind.Chunk, FrameWriter.Encode(ChunkHeader.Of(number, chunk).Write), chunk.Memory, cancellation).ConfigureAwait(false);
            }
        }
    }

    private List<(FrameKind Kind, byte[] Header)> TakeRequests()
    {
        var requests = new List<(FrameKind, byte[])>();
        lock (_gate)
        {
            while (_asked.TryDequeue(out PlayerId player))
            {
                requests.Add((FrameKind.WantPolicy, FrameWriter.Encode((ref MessagePack.MessagePackWriter w) =>
                {
                    w.WriteArrayHeader(2);
                    w.WritePlayer(player);
                })));
            }
            for (int h = 0; h < _stock.Length; h++)
                HostRequests(h, requests);
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

    private void HostRequests(int host, List<(FrameKind Kind, byte[] Header)> requests)
    {
        HostStock stock = _stock[host];
        foreach (Matchup ended in stock.Ended)
        {
            requests.Add((FrameKind.MatchEnded, FrameWriter.Encode((ref MessagePack.MessagePackWriter w) =>
            {
                w.WriteArrayHeader(8);
                w.Write(host);
                w.WriteMatchup(ended);
            })));
        }
        stock.Ended.Clear();
        int want = Over ? 0 : Math.Max(2, _matches - stock.Taken) - stock.Matches.Count - stock.Asked;
        while (want > 0)
        {
            int count = Math.Min(want, HostMatches.Most);
            want -= count;
            stock.Asked += count;
            requests.Add((FrameKind.WantMatches, FrameWriter.Encode((ref MessagePack.MessagePackWriter w) =>
            {
                w.WriteArrayHeader(2);
                w.Write(host);
                w.Write(count);
            })));
        }
    }

    private byte[]? NextResult()
    {
        lock (_gate)
            return _sendResult < _results.Next ? _results[_sendResult++] : null;
    }

    private TrajectoryChunk? NextChunk(out long number)
    {
        lock (_gate)
        {
            number = _sendChunk;
            return _sendChunk < _chunks.Next && _sendChunk < _allowed ? _chunks[_sendChunk++] : null;
        }
    }
}
