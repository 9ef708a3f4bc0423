using System.Buffers;
using System.Diagnostics;
using System.Net.WebSockets;
using MessagePack;
using SelfPlayArena.Server.Matches.Live;

namespace SelfPlayArena.Server.Matches.Measuring;

/// <summary>A simulated client: takes all frames in, and, if it plays, sends orders at a person's rate.</summary>
internal sealed class LoadClient(Uri address, bool plays, int seed, Durations roundTrips)
{
    /// <summary>Orders a second: what a busy person clicks.</summary>
    private const int OrdersPerSecond = 4;

    private readonly Random _random = new(seed);
    private long _bytes, _sentAt;

    public long Bytes => Interlocked.Read(ref _bytes);

    public bool Lost { get; private set; }

    public async Task Run(CancellationToken cancellation)
    {
        using var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(address, cancellation);
            Task sending = plays ? Send(socket, cancellation) : Task.CompletedTask;
            await Receive(socket, cancellation);
            await sending;
            Lost = !cancellation.IsCancellationRequested;
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            Lost = !cancellation.IsCancellationRequested;
        }
    }

    private async Task Receive(ClientWebSocket socket, CancellationToken cancellation)
    {
        byte[] buffer = new byte[32 * 1024];
        while (true)
        {
            ValueWebSocketReceiveResult part = await socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
                return;
            Interlocked.Add(ref _bytes, part.Count);
            // ["ack", …]: an array of three or four whose first element is that word.
            if (part.Count > 5 && buffer[1] == 0xA3 && buffer[2] == 'a' && buffer[3] == 'c' && buffer[4] == 'k' && Interlocked.Exchange(ref _sentAt, 0) is not 0 and long sent)
                roundTrips.Add(Stopwatch.GetElapsedTime(sent));
        }
    }

    private async Task Send(ClientWebSocket socket, CancellationToken cancellation)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / OrdersPerSecond));
        var buffer = new ArrayBufferWriter<byte>();
        for (int sequence = 0; await pace.WaitForNextTickAsync(cancellation); sequence++)
        {
            Order(buffer, sequence);
            Interlocked.CompareExchange(ref _sentAt, Stopwatch.GetTimestamp(), 0);
            await socket.SendAsync(buffer.WrittenMemory, WebSocketMessageType.Binary, true, cancellation);
        }
    }

    private void Order(ArrayBufferWriter<byte> buffer, int sequence)
    {
        buffer.ResetWrittenCount();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(6);
        writer.Write("order");
        writer.Write(sequence);
        writer.Write(_random.Next(4) switch { 0 => "skill1", 1 => "move", _ => "attackMove" });
        writer.Write(-1);
        writer.Write(_random.NextDouble() * 100 - 50);
        writer.Write(_random.NextDouble() * 100 - 50);
        writer.Flush();
    }
}
