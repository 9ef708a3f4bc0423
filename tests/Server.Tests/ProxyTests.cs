using System.Net;
using System.Net.Http.Json;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Security;
using SelfPlayArena.Server.Tests.Research;

namespace SelfPlayArena.Server.Tests;

/// <summary>A reverse proxy before the server: whose word for whom it asks is taken, and what is demanded then.</summary>
public sealed class ProxyTests : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private static readonly object Lobby = new { mode = "1v1", rules = "quick", seats = new[] { new { team = 0, slot = 0, kind = "person" } } };

    private readonly string _runs = Directory.CreateTempSubdirectory("arena-proxies-").FullName;

    public void Dispose() => Directory.Delete(_runs, recursive: true);

    private ServerOptions Behind(string proxy) => TestServer.Options with { Runs = _runs, Token = Token, TrustedProxies = [IPNetwork.Parse(proxy)], MostMatches = 1 };

    [Fact]
    public async Task Clients_behind_a_trusted_proxy_are_told_from_each_other()
    {
        await using TestServer server = await TestServer.Start(Behind("127.0.0.1/32"));
        server.Client.DefaultRequestHeaders.Add(AccessToken.Header, Token);
        Assert.Equal(HttpStatusCode.OK, await Open(server, "203.0.113.5"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await Open(server, "203.0.113.5"));
        // What a client made up stands before what the proxy adds.
        Assert.Equal(HttpStatusCode.TooManyRequests, await Open(server, "198.51.100.1, 203.0.113.5"));
        Assert.Equal(HttpStatusCode.OK, await Open(server, "203.0.113.6"));
        // The proxy's own address is nobody's in particular, and has no privileges: one match, and not eight.
        Assert.Equal(HttpStatusCode.OK, await Open(server, null));
        Assert.Equal(HttpStatusCode.TooManyRequests, await Open(server, null));
        Assert.Equal(HttpStatusCode.TooManyRequests, await Open(server, "127.0.0.1"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("203.0.113.7/32")]
    public async Task Nobody_else_is_believed_for_whom_he_asks(string? proxy)
    {
        await using TestServer server = await TestServer.Start(proxy is null ? TestServer.Options with { Runs = _runs, MostMatches = 1 } : Behind(proxy));
        server.Client.DefaultRequestHeaders.Add(AccessToken.Header, Token);
        // Counted as the address that it comes from, whatever it says, and without the privileges of this machine.
        Assert.Equal(HttpStatusCode.OK, await Open(server, "203.0.113.5"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await Open(server, "203.0.113.6"));
        Assert.Equal(HttpStatusCode.OK, await Open(server, null));
    }

    [Fact]
    public async Task The_page_behind_a_proxy_that_speaks_https_is_the_servers_own()
    {
        await using TestServer server = await TestServer.Start(Behind("127.0.0.0/8") with { Hosts = ["arena.example"] });
        Assert.Equal(HttpStatusCode.OK, await Ask("https"));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask("http"));

        async Task<HttpStatusCode> Ask(string scheme)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/api/about")
            {
                Headers = { { AccessToken.Header, Token }, { "Host", "arena.example" }, { "Origin", "https://arena.example" }, { "X-Forwarded-For", "203.0.113.5" }, { "X-Forwarded-Proto", scheme } },
            };
            using HttpResponseMessage answer = await server.Client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task With_a_trusted_proxy_a_token_is_demanded_on_loopback_too()
    {
        ServerOptions without = Behind("127.0.0.1/32") with { Token = null };
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(
            () => ArenaServer.StartAsync(without, new MetricSheet(Prometheus.Metrics.NewCustomRegistry()), new PlayPressure(), TimeProvider.System));
        Assert.Contains("proxy", refused.Message, StringComparison.Ordinal);
        await using TestServer server = await TestServer.Start(Behind("127.0.0.1/32"));
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/about") { Headers = { { "X-Forwarded-For", "203.0.113.5" } } };
        await server.Client.Refused(request, HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("127.0.0.1/32", "127.0.0.1")]
    [InlineData("127.0.0.1/32", "203.0.113.5")]
    [InlineData("203.0.113.7/32", "127.0.0.1")]
    public async Task Programs_that_come_through_a_proxy_name_no_files_of_this_machine(string proxy, string from)
    {
        await using TestServer server = await TestServer.Start(Behind(proxy) with { Games = new TestGames() });
        string seating = ResearchClient.TwoMatches.Replace("random", "file:/somewhere.bundle", StringComparison.Ordinal);
        using ResearchClient client = await ResearchClient.Connect(server, (AccessToken.Header, Token), ("X-Forwarded-For", from));
        Assert.Contains("files of this machine", (await client.Open(seating)).Text, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> Open(TestServer server, string? from)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/matches") { Content = JsonContent.Create(Lobby) };
        if (from is not null)
            request.Headers.Add("X-Forwarded-For", from);
        using HttpResponseMessage answer = await server.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
