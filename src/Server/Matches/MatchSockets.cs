using System.Buffers;
using System.Diagnostics;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.Matches.Wire;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Matches;

/// <summary>What a connection talks to: a live match or a replay.</summary>
internal interface IConversation
{
    Watcher Watcher { get; }

    void Receive(in ClientFrame frame);

    void Leave();
}

/// <summary>Carries frames between a browser and what it watches or plays: one loop reads, one sends, and neither is waited for by anybody else.</summary>
/// <param name="vanished">How long a browser that answers nothing is taken to be there still.</param>
/// <param name="stopping">The server ends.</param>
internal sealed class MatchSockets(TickMeter meter, TimeSpan vanished, CancellationToken stopping)
{
    /// <summary>Frames a second that a browser may send, and how many it may save up.</summary>
    private const double FramesPerSecond = 40, Burst = 80;

    /// <summary>Malformed or surplus frames after which a connection is closed.</summary>
    private const int MostMistakes = 10;

    /// <summary>How long a closing connection is given to take what still waits.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    /// <summary>Accepts a WebSocket and serves it to its end.</summary>
    /// <param name="begin">Lets the client in; what it refuses is answered before anything is accepted.</param>
    public async Task Serve(HttpContext context, Func<CancellationToken, Task<IConversation>> begin)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            throw Refusal.BadRequest("This is a WebSocket; a browser opens it with new WebSocket(…).");
        IConversation conversation = await begin(context.RequestAborted);
        meter.Clients(1);
        try
        {
            using CancellationTokenRegistration ends = stopping.Register(() => conversation.Watcher.Dismiss("the server ends", mayReturn: true));
            // Asked half as often, and given the other half to answer. Without, whoever was cut off would be there until TCP gives up, a quarter of an hour.
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = vanished / 2, KeepAliveTimeout = vanished / 2 });
            await Converse(socket, conversation, context.RequestAborted);
        }
        finally
        {
            meter.Clients(-1);
            conversation.Leave();
        }
    }

    private async Task Converse(WebSocket socket, IConversation conversation, CancellationToken aborted)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        Task sending = Send(socket, conversation.Watcher, ended.Token);
        Task receiving = Receive(socket, conversation, ended.Token);
        await Task.WhenAny(sending, receiving);
        // Whichever ended first, the other gets a moment: the sender to say why, the receiver to see the closing answered.
        conversation.Watcher.Outbox.Close();
        ended.CancelAfter(Farewell);
        try
        {
            await Task.WhenAll(sending, receiving);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or InvalidOperationException)
        {
            // The connection is gone, which is what was wanted.
        }
        if (conversation.Watcher.LetGo is { } why && why.Contains("slow", StringComparison.Ordinal))
            meter.Slow();
    }

    private async Task Send(WebSocket socket, Watcher watcher, CancellationToken cancellation)
    {
        await foreach (byte[] frame in watcher.Outbox.Reader.ReadAllAsync(cancellation))
        {
            meter.Sent(frame.Length);
            await socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, cancellation);
        }
        if (watcher.LetGo is { } why)
            await socket.SendAsync(new Frames().Error(why), WebSocketMessageType.Binary, endOfMessage: true, cancellation);
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(watcher.MayReturn ? WebSocketCloseStatus.EndpointUnavailable : WebSocketCloseStatus.NormalClosure, null, cancellation);
    }

    private async Task Receive(WebSocket socket, IConversation conversation, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ClientFrame.MostBytes + 1);
        try
        {
            double allowance = Burst;
            long last = Stopwatch.GetTimestamp();
            int mistakes = 0;
            while (true)
            {
                (int length, bool binary) = await Read(socket, buffer, cancellation);
                if (length < 0)
                    return;
                long now = Stopwatch.GetTimestamp();
                allowance = Math.Min(Burst, allowance + Stopwatch.GetElapsedTime(last, now).TotalSeconds * FramesPerSecond);
                last = now;
                string? problem = null;
                ClientFrame frame = default;
                if (length > ClientFrame.MostBytes)
                    problem = $"a frame is longer than {ClientFrame.MostBytes} bytes, or has pieces without any";
                else if (!binary)
                    problem = "a frame is binary: MessagePack, see PROTOCOL.md";
                else if (allowance < 1)
                    problem = $"more than {FramesPerSecond} frames a second";
                else if (ClientFrame.TryRead(buffer.AsMemory(0, length), out frame, out problem))
                    allowance--;
                if (problem is null)
                {
                    conversation.Receive(in frame);
                    continue;
                }
                meter.Malformed();
                if (++mistakes > MostMistakes || length > ClientFrame.MostBytes)
                {
                    conversation.Watcher.Dismiss(problem);
                    return;
                }
                conversation.Watcher.Outbox.TryPut(new Frames().Error(problem));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// Reads a whole message; -1 at the end of the connection, more than <see cref="ClientFrame.MostBytes"/> if it is longer than that, or comes in pieces
    /// without content, of which there could be any number.
    /// </summary>
    private static async Task<(int Length, bool Binary)> Read(WebSocket socket, byte[] buffer, CancellationToken cancellation)
    {
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult part = await socket.ReceiveAsync(buffer.AsMemory(length, ClientFrame.MostBytes + 1 - length), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
                return (-1, false);
            length = part is { Count: 0, EndOfMessage: false } ? ClientFrame.MostBytes + 1 : length + part.Count;
            if (part.EndOfMessage || length > ClientFrame.MostBytes)
                return (length, part.MessageType == WebSocketMessageType.Binary);
        }
    }
}
