using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Tests.Research;

namespace SelfPlayArena.Server.Tests;

/// <summary>What one address may have open at once.</summary>
public sealed class ClientLimitTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly string _runs = Directory.CreateTempSubdirectory("arena-limits-").FullName;

    public void Dispose() => Directory.Delete(_runs, recursive: true);

    [Fact]
    public async Task One_address_has_no_more_WebSockets_than_it_may_and_another_once_one_closes()
    {
        await using TestServer server = await TestServer.Start(TestServer.Options with { Games = new TestGames(), MostSockets = 1 });
        var open = new List<ResearchClient>();
        // Eight times as many from this machine.
        for (int i = 0; i < 8; i++)
            open.Add(await ResearchClient.Connect(server));
        foreach (string path in (string[])["/ws/env", "/ws/match/any", "/ws/replay/any:any"])
            Assert.Contains("allowed: 8 at once", await server.Client.Refused(Upgrade(path), HttpStatusCode.TooManyRequests), StringComparison.Ordinal);
        // What is no WebSocket is not counted, and a WebSocket that was refused does not stay counted.
        Assert.Equal("SelfPlayArena", (await server.Client.Json("/api/about")).GetProperty("product").GetString());

        open[3].Dispose();
        open[3] = await Again(server);
        Assert.Equal("opened", (await open[3].Open(ResearchClient.TwoMatches)).Name);
        foreach (ResearchClient client in open)
            client.Dispose();
    }

    [Fact]
    public async Task One_address_opens_no_more_matches_than_it_may()
    {
        await using TestServer server = await TestServer.Start(TestServer.Options with { Runs = _runs, MostMatches = 1 });
        var lobby = new { mode = "1v1", rules = "quick", seats = new[] { new { team = 0, slot = 0, kind = "person" } } };
        for (int i = 0; i < 8; i++)
            (await server.Client.PostAsJsonAsync("/api/matches", lobby)).EnsureSuccessStatusCode().Dispose();
        var ninth = new HttpRequestMessage(HttpMethod.Post, "/api/matches") { Content = JsonContent.Create(lobby) };
        Assert.Contains("8 matches that this client's address opened are live", await server.Client.Refused(ninth, HttpStatusCode.TooManyRequests), StringComparison.Ordinal);
    }

    [Fact]
    public void The_usual_limits_leave_room_for_the_loads_that_the_arena_measures_itself_by()
    {
        ServerOptions usual = TestServer.Options;
        Assert.True(8 * usual.MostSockets >= 200 + 50, $"{usual.MostSockets}");
        Assert.True(8 * usual.MostMatches >= 50, $"{usual.MostMatches}");
    }

    private static HttpRequestMessage Upgrade(string path) => new(HttpMethod.Get, path)
    {
        Headers =
        {
            { "Connection", "Upgrade" }, { "Upgrade", "websocket" }, { "Sec-WebSocket-Version", "13" }, { "Sec-WebSocket-Key", Convert.ToBase64String(new byte[16]) },
        },
    };

    /// <summary>Connects as soon as the server has noticed that another is gone.</summary>
    private static async Task<ResearchClient> Again(TestServer server)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await ResearchClient.Connect(server);
            }
            catch (WebSocketException) when (watch.Elapsed < Patience)
            {
                await Task.Yield();
            }
        }
    }
}
