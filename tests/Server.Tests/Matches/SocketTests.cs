using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using MessagePack;
using SelfPlayArena.Server.Matches.Live;

namespace SelfPlayArena.Server.Tests.Matches;

/// <summary>Matches over real sockets, as a browser plays them.</summary>
public sealed class SocketTests
{
    [Fact]
    public async Task APersonOpensAMatchWalksAndIsAnsweredOverTheSocket()
    {
        await using TestServer server = await TestServer.Start(TestServer.Options with { Runs = Directory.CreateTempSubdirectory("play-").FullName });
        HttpResponseMessage opened = await server.Client.PostAsJsonAsync("/api/matches", new { mode = "1v1", rules = "quick", seats = new object[] { new { team = 0, slot = 0, kind = "person" }, new { team = 1, slot = 0, kind = "bot", difficulty = "easy" } }, name = "Ada" });
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        Entry entry = (await opened.Content.ReadFromJsonAsync<Entry>())!;
        using ClientWebSocket socket = await Connect(server, $"/ws/match/{entry.Id}?token={entry.Token}");
        var view = new View();
        await ReadUntil(socket, view, () => view.Others.Any(f => (string)f[0]! == "lobby"));
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Client.PostAsync($"/api/matches/{entry.Id}/start", null)).StatusCode);
        await Start(server, entry);
        await ReadUntil(socket, view, () => view.Fulls > 0 && view.Ids("me").Any());
        double x = view.Value("units", 0, "x");
        await Send(socket, Order(1, "move", -1, -40, -40));
        await Send(socket, Order(2, "skill1", -1, 0, 0));
        await ReadUntil(socket, view, () => view.Others.Count(f => (string)f[0]! == "ack") == 2 && view.Value("units", 0, "x") > x + 1);
        object?[][] acks = [.. view.Others.Where(f => (string)f[0]! == "ack")];
        Assert.Equal(true, acks[0][2]);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    [Fact]
    public async Task AWrongTokenIsRefusedBeforeAnythingIsSaid()
    {
        await using TestServer server = await TestServer.Start(TestServer.Options with { Runs = Directory.CreateTempSubdirectory("play-").FullName });
        Entry entry = await Open(server);
        using var socket = new ClientWebSocket();
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Server.Port}/ws/match/{entry.Id}?token=0{entry.Token[1..]}x"), CancellationToken.None));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoeverPlaysIsToldThatTheServerEnds()
    {
        TestServer server = await TestServer.Start(TestServer.Options with { Runs = Directory.CreateTempSubdirectory("play-").FullName });
        (Entry entry, ClientWebSocket socket) = await Play(server);
        using (socket)
        {
            var view = new View();
            await ReadUntil(socket, view, () => view.Fulls > 0);
            Task stopped = server.DisposeAsync().AsTask();
            await ReadUntil(socket, view, () => view.Others.Any(f => f is ["error", string why] && why.Contains("goes on when it is back", StringComparison.Ordinal)));
            ValueWebSocketReceiveResult last = await socket.ReceiveAsync(new byte[16].AsMemory(), default);
            Assert.Equal(WebSocketMessageType.Close, last.MessageType);
            // Not 1000, which a page takes for the end.
            Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
            await stopped;
        }
        Assert.Single(Directory.EnumerateFiles(Path.Combine(server.Server.Options.Runs, "play", "live"), entry.Id + ".match"));
    }

    [Fact]
    public async Task OfTwoServersOfTheSameRunsOneGoesOnWithTheMatches()
    {
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        string runs = Directory.CreateTempSubdirectory("play-").FullName;
        string match;
        await using (TestServer before = await TestServer.Start(TestServer.Options with { Runs = runs }))
        {
            (Entry entry, ClientWebSocket socket) = await Play(before);
            match = entry.Id;
            socket.Dispose();
        }
        await using TestServer first = await TestServer.Start(TestServer.Options with { Runs = runs });
        await using TestServer second = await TestServer.Start(TestServer.Options with { Runs = runs, Tell = what => told.TrySetResult(what) });
        Assert.Equal(match, Assert.Single((await first.Client.Json("/api/matches")).EnumerateArray()).GetProperty("id").GetString());
        Assert.Empty((await second.Client.Json("/api/matches")).EnumerateArray());
        Assert.Contains(Path.Combine(runs, "play"), await told.Task.WaitAsync(TestServer.Patience), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PiecesOfAFrameWithoutBytesEndTheConnection()
    {
        await using TestServer server = await TestServer.Start(TestServer.Options with { Runs = Directory.CreateTempSubdirectory("play-").FullName });
        (_, ClientWebSocket socket) = await Play(server);
        using (socket)
        {
            // One: the connection may be gone before a second.
            await socket.SendAsync(ReadOnlyMemory<byte>.Empty, WebSocketMessageType.Binary, endOfMessage: false, default);
            var view = new View();
            await ReadUntil(socket, view, () => view.Others.Any(f => f is ["error", string why] && why.Contains("pieces", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task ABrowserThatAnswersNothingIsTakenForGoneAndABotHasItsSeat()
    {
        await using TestServer server = await TestServer.Start(TestServer.Options with { Runs = Directory.CreateTempSubdirectory("play-").FullName, Vanished = TimeSpan.FromSeconds(1) });
        Entry entry = await Open(server);
        await Start(server, entry);
        using var silent = new System.Net.Sockets.TcpClient();
        await silent.ConnectAsync(IPAddress.Loopback, server.Server.Port);
        await silent.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(
            $"GET /ws/match/{entry.Id}?token={entry.Token} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n"));
        byte[] buffer = new byte[1 << 16];
        int read = await silent.GetStream().ReadAsync(buffer);
        Assert.StartsWith("HTTP/1.1 101", System.Text.Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
        // It reads all, and says nothing: pings are not answered.
        using var patience = new CancellationTokenSource(TestServer.Patience);
        try
        {
            while (await silent.GetStream().ReadAsync(buffer, patience.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Cut off rather than closed.
        }
    }

    [Fact]
    public async Task MetricsCountMatchesByStage()
    {
        await using TestServer server = await TestServer.Start(TestServer.Options with { Runs = Directory.CreateTempSubdirectory("play-").FullName });
        await server.Client.PostAsJsonAsync("/api/matches", new { mode = "1v1", seats = new object[] { new { team = 0, slot = 0, kind = "person" } } });
        await server.Client.PostAsJsonAsync("/api/matches", new { mode = "1v1" });
        string metrics = await server.Client.GetStringAsync("/metrics");
        Assert.Contains("arena_matches{stage=\"lobby\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("arena_matches{stage=\"playing\"} 1", metrics, StringComparison.Ordinal);
    }

    /// <summary>A match of one person against a bot, under way, and the person's connection.</summary>
    private static async Task<(Entry Entry, ClientWebSocket Socket)> Play(TestServer server)
    {
        Entry entry = await Open(server);
        ClientWebSocket socket = await Connect(server, $"/ws/match/{entry.Id}?token={entry.Token}");
        await Start(server, entry);
        return (entry, socket);
    }

    private static async Task<Entry> Open(TestServer server)
    {
        HttpResponseMessage opened = await server.Client.PostAsJsonAsync("/api/matches", new { mode = "1v1", seats = new object[] { new { team = 0, slot = 0, kind = "person" } } });
        return (await opened.Content.ReadFromJsonAsync<Entry>())!;
    }

    private static async Task Start(TestServer server, Entry entry)
    {
        using var start = new HttpRequestMessage(HttpMethod.Post, $"/api/matches/{entry.Id}/start");
        start.Headers.Authorization = new AuthenticationHeaderValue("Bearer", entry.Token);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.SendAsync(start)).StatusCode);
    }

    private static async Task<ClientWebSocket> Connect(TestServer server, string path)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Server.Port}{path}"), CancellationToken.None);
        return socket;
    }

    private static async Task ReadUntil(ClientWebSocket socket, View view, Func<bool> done)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        byte[] buffer = new byte[1 << 16];
        while (!done())
        {
            int length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), patience.Token);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            Assert.Equal(WebSocketMessageType.Binary, part.MessageType);
            view.Take(buffer.AsMemory(0, length).ToArray());
        }
    }

    private static Task Send(ClientWebSocket socket, byte[] frame) => socket.SendAsync(new ArraySegment<byte>(frame), WebSocketMessageType.Binary, true, CancellationToken.None);

    private static byte[] Order(int sequence, string verb, int target, float x, float y)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(6);
        writer.Write("order");
        writer.Write(sequence);
        writer.Write(verb);
        writer.Write(target);
        writer.Write(x);
        writer.Write(y);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
