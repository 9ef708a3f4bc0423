using System.Diagnostics;
using System.Net.Sockets;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming;

/// <summary>The learner's end of one connection: who is there, then what he sends and wants, until either end leaves.</summary>
internal sealed class LearnerConnection(LearnerListener listener, Socket socket, string peer) : IDisposable
{
    private const int BeatsPerCredit = 5;

    /// <summary>Bytes that the system takes in before anybody is woken to read them.</summary>
    private const int ReceiveBuffer = 2 << 20;
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private readonly CancellationTokenSource _cancel = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly WorkerRequests _requests = new(listener);
    private FrameReader _reader = null!;
    private FrameWriter _writer = null!;
    private WorkerSession? _session;
    private volatile bool _ending, _goodbye;
    private volatile Progress _told = new(-1, -1, -1);
    private int _sentVersion = int.MinValue, _beats;
    private readonly Lock _counting = new();
    private long _countedIn, _countedOut, _framesIn, _framesOut;

    /// <summary>Ends the connection at once.</summary>
    public void Close()
    {
        try
        {
            _cancel.Cancel();
            socket.Dispose();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself meanwhile.
        }
    }

    /// <summary>Tells the worker that the run is over; it closes the connection.</summary>
    public void SayGoodbye()
    {
        _goodbye = true;
        Wake();
    }

    /// <summary>There may be something to send.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount == 0)
            _wake.Release();
    }

    /// <summary>Called now and then: notices silence at the other end, and breaks it at this one.</summary>
    public void Tick()
    {
        Count();
        if (_session is null)
            return;
        Progress progress = _session.Progress(listener.Window), told = _told;
        // Credit is told in time by the session; what is left of it may wait for a few beats and go together.
        if (progress != told && (progress.Results != told.Results || ++_beats >= BeatsPerCredit))
            Wake();
        if (Stopwatch.GetElapsedTime(_reader.LastReceived) > listener.Limits.Silence)
        {
            listener.Refused(peer, new RefusedException(Refusal.Silent, $"nothing was heard for {listener.Limits.Silence.TotalSeconds:0} s"));
            Close();
        }
        else if (Stopwatch.GetElapsedTime(_writer.LastSent) > PingEvery && _requests.IsEmpty)
        {
            _requests.Ping();
            Wake();
        }
    }

    /// <summary>Adds what was carried since the last time.</summary>
    private void Count()
    {
        FrameReader? reader = Volatile.Read(ref _reader);
        FrameWriter? writer = Volatile.Read(ref _writer);
        if (reader is null || writer is null)
            return;
        lock (_counting)
        {
            (long received, long sent, long framesIn, long framesOut) = (reader.Received, writer.Sent, reader.Frames, writer.Frames);
            listener.Counters.Carried(received - _countedIn, sent - _countedOut, framesIn - _framesIn, framesOut - _framesOut);
            (_countedIn, _countedOut, _framesIn, _framesOut) = (received, sent, framesIn, framesOut);
        }
    }

    public async Task RunAsync()
    {
        Task writing = Task.CompletedTask;
        bool lost = true;
        string why = "it closed the connection";
        try
        {
            _reader = new FrameReader(_stream, FrameLimits.Handshake);
            _writer = new FrameWriter(_stream);
            await ShakeHandsAsync().ConfigureAwait(false);
            writing = Task.Run(WriteAsync);
            lost = !await ReadAsync().ConfigureAwait(false);
        }
        catch (RefusedException e)
        {
            why = e.Message;
            listener.Refused(peer, e);
            await RefuseAsync(e, writing).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            why = e.Message;
        }
        finally
        {
            Close();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_session is not null)
            {
                _session.Detach(this, listener.Time.GetTimestamp());
                foreach (int host in _requests.Hosts)
                    listener.Port.Leave(host);
                listener.Counters.WorkerWent(lost && !_goodbye);
                listener.Log(lost && !_goodbye ? $"worker {_session.Id} at {peer} lost: {why}" : $"worker {_session.Id} at {peer} left");
            }
            Count();
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _cancel.Dispose();
    }

    private async Task ShakeHandsAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancel.Token);
        limit.CancelAfter(listener.Limits.Handshake);
        IRunPort port = listener.Port;
        try
        {
            socket.NoDelay = true;
            (string id, Ready ready) = await new LearnerHandshake(listener, _reader, _writer).AcceptAsync(limit.Token).ConfigureAwait(false);
            (bool again, Progress? start) = (false, null);
            while (start is null)
            {
                WorkerSession session = listener.SessionOf(id);
                again = session.Known;
                start = session.Attach(this, ready, listener.Window);
                _session = start is null ? null : session;
            }
            _requests.Hosts = [.. Enumerable.Range(0, ready.Hosts).Select(_ => port.Join())];
            listener.Counters.WorkerCame(again);
            listener.Log($"worker {id} at {peer} {(again ? "is back" : "plays")} with {ready.Hosts} host(s)");
            _reader.Limits = new FrameLimits(16_384, port.Layout.Bytes);
            socket.ReceiveBufferSize = ReceiveBuffer;
            await _writer.WriteAsync(FrameKind.Start, start.Write, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_cancel.IsCancellationRequested)
        {
            throw new RefusedException(Refusal.Silent, $"it did not say who it is within {listener.Limits.Handshake.TotalSeconds:0} s");
        }
        finally
        {
            listener.NoStranger();
        }
    }

    /// <summary>True if the worker said goodbye.</summary>
    private async Task<bool> ReadAsync()
    {
        CancellationToken cancellation = _cancel.Token;
        while (await _reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (_reader.Kind != FrameKind.Chunk && _reader.PayloadBytes > 0)
                throw new RefusedException(Refusal.TooLarge, $"a {_reader.Kind} frame has no payload, but one of {_reader.PayloadBytes} bytes came");
            switch (_reader.Kind)
            {
                case FrameKind.Chunk:
                    await TakeChunkAsync(cancellation).ConfigureAwait(false);
                    break;
                case FrameKind.Result:
                    if (_session!.Take(this, _reader.Header((ref MessagePack.MessagePackReader r) => NumberedResult.Read(ref r, _session.Id))) is { } problem)
                        listener.Log($"worker {_session.Id} at {peer}: a result was not counted: {problem}");
                    break;
                case FrameKind.Goodbye:
                    return true;
                default:
                    if (_requests.Answer(_reader))
                        Wake();
                    break;
            }
        }
        return false;
    }

    private async ValueTask TakeChunkAsync(CancellationToken cancellation)
    {
        ChunkHeader header = _reader.Header(ChunkHeader.Read);
        _session!.Expect(header.Number, listener.Window);
        if (_reader.PayloadBytes != listener.Port.Layout.Bytes)
            throw new RefusedException(Refusal.BadFrame, $"a chunk of {_reader.PayloadBytes} bytes came where one has {listener.Port.Layout.Bytes}");
        TrajectoryChunk? chunk = header.Into(listener.Port.Layout);
        try
        {
            await _reader.ReadPayloadAsync(chunk.Memory, cancellation).ConfigureAwait(false);
            if (ChunkCheck.Problem(chunk) is { } problem)
                throw new RefusedException(Refusal.BadChunk, $"chunk {header.Number} cannot have been played: {problem}");
            if (!_session.Receive(this, header.Number, listener.Window))
            {
                listener.Counters.RepeatedChunk();
                return;
            }
            int steps = chunk.AgentSteps;
            bool stray = Stray(chunk);
            if (stray)
                listener.Counters.StrayChunk();
            else
                listener.Counters.TookChunk(steps);
            listener.Feeder.HandOver(_session, stray ? null : chunk);
            if (!stray)
                chunk = null;
        }
        finally
        {
            chunk?.Dispose();
        }
    }

    /// <summary>After a learner went back to an older checkpoint, workers still hold what versions made that it never had.</summary>
    private bool Stray(TrajectoryChunk chunk)
    {
        int latest = listener.Port.Latest.Version;
        foreach (int version in chunk.Versions[..chunk.Length])
        {
            if (version > latest || version < 0)
                return true;
        }
        return false;
    }

    private async Task WriteAsync()
    {
        CancellationToken cancellation = _cancel.Token;
        try
        {
            while (!_ending)
            {
                while (_requests.TryTake(out Reply? reply))
                    await _writer.WriteAsync(reply.Kind, reply.Header, reply.Payload, cancellation).ConfigureAwait(false);
                Progress progress = _session!.Progress(listener.Window);
                if (progress != _told)
                {
                    (_told, _beats) = (progress, 0);
                    await _writer.WriteAsync(FrameKind.Acknowledge, progress.Write, cancellation).ConfigureAwait(false);
                }
                (int version, byte[] weights) = listener.LatestWeights();
                if (version != _sentVersion)
                {
                    _sentVersion = version;
                    await _writer.WriteAsync(
                        FrameKind.Latest,
                        FrameWriter.Encode((ref MessagePack.MessagePackWriter w) => { w.WriteArrayHeader(1); w.Write(version); }),
                        weights, cancellation).ConfigureAwait(false);
                }
                if (_goodbye)
                {
                    await _writer.WriteAsync(FrameKind.Goodbye, (ref MessagePack.MessagePackWriter w) => w.WriteArrayHeader(0), cancellation).ConfigureAwait(false);
                    return;
                }
                await _wake.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }
        catch (IOException e) when (e.InnerException is SocketException)
        {
            // The connection is broken, which the reading end finds out as well: after what the worker said before it left, its goodbye perhaps.
        }
        catch (Exception) when (!_cancel.IsCancellationRequested)
        {
            Close();
        }
    }

    /// <summary>Tells the other end why it is refused, as far as it listens, without waiting for it for long.</summary>
    private async Task RefuseAsync(RefusedException e, Task writing)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancel.Token);
        limit.CancelAfter(LastWords);
        try
        {
            _ending = true;
            Wake();
            await writing.WaitAsync(limit.Token).ConfigureAwait(false);
            await _writer.WriteAsync(
                FrameKind.Refuse,
                (ref MessagePack.MessagePackWriter w) =>
                {
                    w.WriteArrayHeader(2);
                    w.Write((int)e.Refusal);
                    w.Write(e.Message);
                },
                limit.Token).ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
            // Closing while unread bytes wait resets the connection, and the other end would never read why.
            var rest = new byte[16_384];
            for (int i = 0; i < 256 && await _stream.ReadAsync(rest, limit.Token).ConfigureAwait(false) > 0; i++)
            {
            }
        }
        catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Whoever does not listen need not be told.
        }
    }
}
