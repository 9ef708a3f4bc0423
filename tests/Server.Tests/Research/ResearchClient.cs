using System.Buffers;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using MessagePack;

namespace SelfPlayArena.Server.Tests.Research;

/// <summary>A program on the other side of <c>/ws/env</c>.</summary>
internal sealed class ResearchClient : IDisposable
{
    private static readonly TimeSpan s_patience = TestServer.Patience;

    public const string TwoMatches = """{"environment": "matching", "matches": 2, "seatings": [{"seats": ["client", "random"]}]}""";

    private ResearchClient(ClientWebSocket socket) => Socket = socket;

    public ClientWebSocket Socket { get; }

    public static async Task<ResearchClient> Connect(TestServer server, params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        foreach ((string name, string value) in headers)
            socket.Options.SetRequestHeader(name, value);
        using var patience = new CancellationTokenSource(s_patience);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Server.Port}/ws/env"), patience.Token);
        return new ResearchClient(socket);
    }

    public Task<Frame> Open(string json) => Ask(Message((ref MessagePackWriter w) => { w.WriteArrayHeader(2); w.Write("open"); w.Write(json); }));

    public Task<Frame> Reset(ulong seed) => Ask(Message((ref MessagePackWriter w) => { w.WriteArrayHeader(3); w.Write("reset"); w.Write(seed); w.WriteNil(); }));

    public Task<Frame> Step(short[] actions) => Ask(Message((ref MessagePackWriter w) => { w.WriteArrayHeader(2); w.Write("step"); w.Write(MemoryMarshal.AsBytes(actions.AsSpan()).ToArray()); }));

    public async Task<Frame> Ask(byte[] message)
    {
        await Send(message);
        return await Receive() ?? throw new InvalidOperationException("the server closed");
    }

    public async Task Send(byte[] message, WebSocketMessageType type = WebSocketMessageType.Binary)
    {
        using var patience = new CancellationTokenSource(s_patience);
        await Socket.SendAsync(message.AsMemory(), type, endOfMessage: true, patience.Token);
    }

    /// <summary>The next frame, null when the server closes.</summary>
    public async Task<Frame?> Receive()
    {
        using var patience = new CancellationTokenSource(s_patience);
        using var whole = new MemoryStream();
        var part = new byte[64 * 1024];
        while (true)
        {
            ValueWebSocketReceiveResult got = await Socket.ReceiveAsync(part.AsMemory(), patience.Token);
            if (got.MessageType == WebSocketMessageType.Close)
                return null;
            whole.Write(part, 0, got.Count);
            if (got.EndOfMessage)
                return Frame.Read(whole.ToArray());
        }
    }

    public static byte[] Message(Writing write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        write(ref writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public void Dispose() => Socket.Dispose();

    public delegate void Writing(ref MessagePackWriter writer);
}
