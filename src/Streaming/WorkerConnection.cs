using System.Diagnostics;
using System.Net.Sockets;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming;

/// <summary>A worker's end of one connection, from the greeting to whatever ends it. What is sent and what becomes of what comes is its link's business.</summary>
internal sealed class WorkerConnection
{
    private const int MostHeader = 128 * 1024, MostPayload = 512 << 20;

    /// <summary>Bytes that the system takes at once. A burst that fits needs no waking in between.</summary>
    private const int SendBuffer = 2 << 20;
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(5), Silence = TimeSpan.FromSeconds(30);
    private readonly WorkerLink _link;
    private readonly WorkerTarget _target;
    private readonly Socket _socket;
    private readonly FrameReader _reader;
    private readonly FrameWriter _writer;

    /// <param name="socket">Connected; stays its owner's.</param>
    public WorkerConnection(WorkerLink link, WorkerTarget target, Socket socket)
    {
        (_link, _target, _socket) = (link, target, socket);
        var stream = new NetworkStream(socket, ownsSocket: false);
        _reader = new FrameReader(stream, new FrameLimits(MostHeader, 0));
        _writer = new FrameWriter(stream);
    }

    public long Sent => _writer.Sent;

    public long Received => _reader.Received;

    /// <summary>Proves to the learner that this worker knows the secret, and the other way round; agrees on what is played and where to go on.</summary>
    /// <exception cref="RefusedException">Either end refuses the other.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task ShakeHandsAsync(CancellationToken cancellation)
    {
        byte[] nonce = SharedSecret.Nonce();
        await _writer.WriteAsync(FrameKind.Hello, new Hello(_link.Session, nonce).Write, cancellation).ConfigureAwait(false);
        byte[] challenge = await NextAsync(FrameKind.Challenge, (ref MessagePack.MessagePackReader r) => { r.Fields(1); return r.Bytes(SharedSecret.NonceBytes); }, cancellation).ConfigureAwait(false);
        byte[] proof = _target.Secret.Prove("worker", _link.Session, nonce, challenge);
        await _writer.WriteAsync(FrameKind.Proof, (ref MessagePack.MessagePackWriter w) => { w.WriteArrayHeader(1); w.Write(proof); }, cancellation).ConfigureAwait(false);
        Accept accept = await NextAsync(FrameKind.Accept, Accept.Read, cancellation).ConfigureAwait(false);
        if (!_target.Secret.Proves(accept.Proof, "learner", _link.Session, nonce, challenge))
            throw new RefusedException(Refusal.WrongSecret, $"{_target.Host}:{_target.Port} could not prove that it knows the shared secret");
        WorkerTerms terms;
        try
        {
            terms = _link.TermsOf(accept);
        }
        catch (RefusedException e)
        {
            // So that it stands in the learner's log, too, where somebody looks who misses this worker.
            await _writer.WriteAsync(FrameKind.Refuse, (ref MessagePack.MessagePackWriter w) => { w.WriteArrayHeader(2); w.Write((int)e.Refusal); w.Write(e.Message); }, cancellation).ConfigureAwait(false);
            throw;
        }
        await _writer.WriteAsync(FrameKind.Ready, _link.ReadyFor(accept, terms).Write, cancellation).ConfigureAwait(false);
        Progress start = await NextAsync(FrameKind.Start, Progress.Read, cancellation).ConfigureAwait(false);
        _reader.Limits = new FrameLimits(MostHeader, MostPayload);
        _link.Begin(accept, terms, start);
        _socket.SendBufferSize = SendBuffer;
    }

    /// <summary>Carries until the learner says goodbye or closes, or it breaks, or the link is disposed.</summary>
    /// <exception cref="RefusedException">The learner refused this worker.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task CarryAsync(CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task writing = Task.Run(() => WriteAsync(ending.Token, stop), CancellationToken.None);
        try
        {
            await ReadAsync(ending.Token).ConfigureAwait(false);
        }
        finally
        {
            _link.Disconnected();
            await ending.CancelAsync().ConfigureAwait(false);
            _link.WakeWriter();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask<T> NextAsync<T>(FrameKind kind, HeaderReader<T> read, CancellationToken cancellation)
    {
        if (!await _reader.ReadAsync(cancellation).ConfigureAwait(false))
            throw new EndOfStreamException("the learner closed the connection before it had accepted this worker");
        ThrowIfRefused();
        return _reader.Kind == kind ? _reader.Header(read) : throw new RefusedException(Refusal.BadFrame, $"a {_reader.Kind} frame came where {kind} was expected");
    }

    private void ThrowIfRefused()
    {
        if (_reader.Kind != FrameKind.Refuse)
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
        while (await _reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            ThrowIfRefused();
            byte[] payload = _reader.PayloadBytes == 0 ? [] : new byte[_reader.PayloadBytes];
            if (payload.Length > 0)
                await _reader.ReadPayloadAsync(payload, cancellation).ConfigureAwait(false);
            switch (_reader.Kind)
            {
                case FrameKind.Acknowledge:
                    _link.Acknowledged(_reader.Header(Progress.Read));
                    break;
                case FrameKind.Matches:
                    _link.TakeMatches(_reader.Header(HostMatches.Read));
                    break;
                case FrameKind.Latest:
                    _link.TakeLatest(_reader.Header((ref MessagePack.MessagePackReader r) => { r.Fields(1); return r.Number(0, int.MaxValue); }), payload);
                    break;
                case FrameKind.Policy:
                    (PlayerId player, string problem) = _reader.Header((ref MessagePack.MessagePackReader r) =>
                    {
                        r.Fields(3);
                        return (r.Player(), r.Text(4096));
                    });
                    _link.TakePolicy(player, problem, payload);
                    break;
                case FrameKind.Ping:
                    break;
                case FrameKind.Goodbye:
                    _link.Farewell();
                    return;
                default:
                    throw new RefusedException(Refusal.BadFrame, $"a {_reader.Kind} frame makes no sense from a learner");
            }
        }
    }

    private async Task WriteAsync(CancellationToken cancellation, CancellationToken stop)
    {
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                await SendWhatIsThereAsync(cancellation).ConfigureAwait(false);
                if (!await _link.WokenAsync(PingEvery, cancellation).ConfigureAwait(false) && Stopwatch.GetElapsedTime(_writer.LastSent) >= PingEvery)
                    await _writer.WriteAsync(FrameKind.Ping, (ref MessagePack.MessagePackWriter w) => w.WriteArrayHeader(0), cancellation).ConfigureAwait(false);
                if (Stopwatch.GetElapsedTime(_reader.LastReceived) > Silence)
                    throw new IOException($"nothing was heard from the learner for {Silence.TotalSeconds:0} s");
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Leaving: said below.
        }
        catch (IOException e) when (e.InnerException is SocketException)
        {
            // The connection is broken, which the reading side finds out as well: after what the learner said before it left, its goodbye perhaps.
            return;
        }
        catch (Exception)
        {
            // The reading side then finds the connection broken, and says so.
            _socket.Dispose();
            return;
        }
        await LeaveAsync().ConfigureAwait(false);
    }

    private async ValueTask SendWhatIsThereAsync(CancellationToken cancellation)
    {
        bool more = true;
        while (more)
        {
            more = false;
            foreach ((FrameKind kind, byte[] header) in _link.TakeRequests())
                await _writer.WriteAsync(kind, header, default, cancellation).ConfigureAwait(false);
            if (_link.NextResult() is { } result)
            {
                more = true;
                await _writer.WriteAsync(FrameKind.Result, result, default, cancellation).ConfigureAwait(false);
            }
            if (_link.NextChunk(out long number) is { } chunk)
            {
                more = true;
                await _writer.WriteAsync(FrameKind.Chunk, FrameWriter.Encode(ChunkHeader.Of(number, chunk).Write), chunk.Memory, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task LeaveAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await _writer.WriteAsync(FrameKind.Goodbye, (ref MessagePack.MessagePackWriter w) => w.WriteArrayHeader(0), limit.Token).ConfigureAwait(false);
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // Then the learner sees the connection end without a goodbye.
        }
    }
}
