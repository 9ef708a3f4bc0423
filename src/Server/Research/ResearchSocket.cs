using System.Buffers;
using System.Net.WebSockets;
using MessagePack;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Research;

/// <summary>
/// One connection of a program: opens its batch, answers request by request, and lets go of everything when the connection ends, however it does. What
/// is wrong but readable is answered with an <c>error</c> and nothing is stepped; what is unreadable ends the connection.
/// </summary>
/// <param name="isHere">Whether the program runs on this machine, and so may name files of it.</param>
internal sealed class ResearchSocket(WebSocket socket, ResearchRoom room, IGameCatalog games, bool isHere) : IDisposable
{
    private const int MostErrors = 100;
    private const int FrameOverhead = 1024;
    private readonly ArrayBufferWriter<byte> _text = new();
    private byte[] _received = new byte[4096];
    private BatchSession? _session;
    private bool _begun;
    private int _errors;

    /// <summary>Serves until the client leaves, is silent or cannot be understood, or the server stops.</summary>
    public async Task ServeAsync(CancellationToken stopping)
    {
        try
        {
            while (await ReceiveAsync(stopping) is { } frame)
                await SendAsync(await AnswerAsync(frame));
            if (socket.State == WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (InvalidDataException e)
        {
            await GoAsync(e.Message, WebSocketCloseStatus.InvalidPayloadData);
        }
        catch (TimeoutException)
        {
            await GoAsync($"nothing was asked for {room.Limits.Idle.TotalSeconds:0} s; the batch is closed", WebSocketCloseStatus.PolicyViolation);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await GoAsync("the server stops", WebSocketCloseStatus.EndpointUnavailable);
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException)
        {
            // The client is gone, or takes no answer: nobody is left to tell.
        }
        catch (Exception e)
        {
            await GoAsync($"stepping failed: {e.Message}", WebSocketCloseStatus.InternalServerError);
        }
    }

    public void Dispose()
    {
        _session?.Dispose();
        room.Metrics.Counted();
    }

    private async Task<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> frame)
    {
        try
        {
            switch (ResearchRequest.Read(frame, room.Limits.Matches))
            {
                case ResearchRequest.Open open:
                    return await OpenAsync(open.Json);
                case ResearchRequest.Reset reset:
                    if (!_begun && reset.Matches is not null)
                        throw Refusal.BadRequest("the matches have not begun; allowed: a first 'reset' of all (nil)");
                    ReadOnlyMemory<byte> state = await Session.ResetAsync(reset.Seed, reset.Matches);
                    _begun = true;
                    return state;
                case ResearchRequest.Step step:
                    if (!_begun && _session is not null)
                        throw Refusal.BadRequest("the matches have not begun; allowed: 'reset' first");
                    return await StepAsync(step.Actions);
                default:
                    throw new InvalidOperationException("a request without an answer");
            }
        }
        catch (Refusal refusal)
        {
            if (++_errors > MostErrors)
                throw new InvalidDataException($"{refusal.Message}; that was one error too many", refusal);
            return Error(refusal.Message);
        }
    }

    private BatchSession Session => _session ?? throw Refusal.BadRequest("no batch is open; allowed: 'open' first");

    private async Task<ReadOnlyMemory<byte>> OpenAsync(string json)
    {
        if (_session is not null)
            throw Refusal.BadRequest("this connection has a batch; allowed: one a connection");
        BatchRequest request = BatchRequest.Parse(json);
        if (!isHere)
            request = request.WithoutFiles();
        // Networks are read and maps tabulated: nothing for a thread that answers requests.
        _session = await Task.Run(() => BatchSession.Open(request, games, room.Limits, room.Budget, room.Threads));
        room.Metrics.Counted();
        return Text("opened", _session.Opened);
    }

    private async Task<ReadOnlyMemory<byte>> StepAsync(ReadOnlySequence<byte> actions)
    {
        BatchSession session = Session;
        ReadOnlyMemory<byte> stepped = await session.StepAsync(actions);
        room.Metrics.Decisions.Inc(session.Matches);
        room.Metrics.AgentSteps.Inc(session.DrivenAgents);
        room.Metrics.IllegalActions.Inc(session.IllegalActions);
        room.Metrics.StepSeconds.Observe(session.Seconds);
        return stepped;
    }

    /// <summary>The next whole frame, good until the one after it; null when the client closes.</summary>
    /// <exception cref="InvalidDataException">Longer than any frame may be, or no binary one.</exception>
    private async Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken stopping)
    {
        int most = FrameOverhead + Math.Max(ResearchLimits.OpenBytes, _session is null ? 0 : Math.Max(_session.ActionBytes, 5 * _session.Matches));
        int length = 0;
        while (true)
        {
            if (length == _received.Length)
                Array.Resize(ref _received, Math.Min(most + 1, 2 * _received.Length));
            // WaitAsync rather than a token for the receive itself: that one would break the connection before it could be told why.
            ValueWebSocketReceiveResult got = await socket.ReceiveAsync(_received.AsMemory(length), CancellationToken.None).AsTask().WaitAsync(room.Limits.Idle, stopping);
            if (got.MessageType == WebSocketMessageType.Close)
                return null;
            if (got.MessageType != WebSocketMessageType.Binary)
                throw new InvalidDataException("a text frame was sent; allowed: binary frames of MessagePack");
            if (got is { Count: 0, EndOfMessage: false })
                throw new InvalidDataException("a piece of a frame has no bytes; allowed: pieces with some");
            length += got.Count;
            if (length > most)
                throw new InvalidDataException($"a frame is longer than any may be here; allowed: {most} bytes");
            if (got.EndOfMessage)
                return _received.AsMemory(0, length);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> frame)
    {
        using var patience = new CancellationTokenSource(room.Limits.Send);
        await socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, patience.Token);
    }

    /// <summary>Says why, and closes.</summary>
    private async Task GoAsync(string why, WebSocketCloseStatus status)
    {
        try
        {
            await SendAsync(Error(why));
            using var patience = new CancellationTokenSource(room.Limits.Send);
            await socket.CloseOutputAsync(status, null, patience.Token);
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // It is gone already.
        }
    }

    private ReadOnlyMemory<byte> Error(string why) => Text("error", room.Names.Without(why));

    private ReadOnlyMemory<byte> Text(string name, string text)
    {
        _text.ResetWrittenCount();
        var writer = new MessagePackWriter(_text);
        writer.WriteArrayHeader(2);
        writer.Write(name);
        writer.Write(text);
        writer.Flush();
        return _text.WrittenMemory;
    }
}
