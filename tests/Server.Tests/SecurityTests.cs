using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Tests;

/// <summary>Who is let in, and what is refused.</summary>
public sealed class SecurityTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private static ServerOptions Guarded => TestServer.Options with { Token = Token };

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("192.168.1.10")]
    [InlineData("arena.example")]
    public async Task A_server_on_loopback_answers_to_no_name_but_its_own(string host)
    {
        await using TestServer server = await TestServer.Start();
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/about") { Headers = { Host = $"{host}:{server.Server.Port}" } };
        string refused = await server.Client.Refused(request, HttpStatusCode.MisdirectedRequest);
        Assert.Contains("allowed: localhost and loopback addresses", refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost")]
    [InlineData("127.0.0.1")]
    [InlineData("127.3.2.1")]
    [InlineData("[::1]")]
    [InlineData("arena.example")]
    public async Task It_answers_to_loopback_and_to_names_that_it_was_given(string host)
    {
        await using TestServer server = await TestServer.Start(TestServer.Options with { Hosts = ["arena.example"] });
        using HttpResponseMessage answer = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/about") { Headers = { Host = $"{host}:{server.Server.Port}" } });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "https://127.0.0.1")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task What_another_sites_page_asks_for_is_refused(string header, string value)
    {
        await using TestServer server = await TestServer.Start();
        foreach (HttpMethod method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            var request = new HttpRequestMessage(method, "/api/matches") { Headers = { { header, value } } };
            Assert.Contains("other sites", await server.Client.Refused(request, HttpStatusCode.Forbidden), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_link_from_another_site_opens_the_page()
    {
        await using TestServer server = await TestServer.Start();
        var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Sec-Fetch-Site", "cross-site" }, { "Sec-Fetch-Mode", "navigate" } } };
        using HttpResponseMessage answer = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("/ws/match/any")]
    [InlineData("/ws/replay/any:any")]
    [InlineData("/ws/env")]
    public async Task A_WebSocket_is_refused_to_another_sites_page_and_without_the_token(string path)
    {
        await using TestServer open = await TestServer.Start(), guarded = await TestServer.Start(Guarded);
        Assert.Contains("403", await Refused(open, s => s.SetRequestHeader("Origin", "http://evil.example")), StringComparison.Ordinal);
        Assert.Contains("401", await Refused(guarded, _ => { }), StringComparison.Ordinal);

        async Task<string> Refused(TestServer server, Action<ClientWebSocketOptions> with)
        {
            using var socket = new ClientWebSocket();
            with(socket.Options);
            return (await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Server.Port}{path}"), default))).Message;
        }
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Arena-Token", "wrong")]
    [InlineData("Arena-Token", "")]
    [InlineData("Arena-Token", "0123456789abcdef0123456789abcdeg")]
    [InlineData("Authorization", "Bearer wrong")]
    [InlineData("Authorization", "Basic MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")]
    [InlineData("Cookie", "arena-access=wrong")]
    public async Task Nobody_is_let_in_without_the_token(string? header, string? value)
    {
        await using TestServer server = await TestServer.Start(Guarded);
        foreach (string path in new[] { "/api/about", "/metrics", "/openapi/v1.json", "/", "/api/replays/a:b" })
        {
            var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (header is not null)
                request.Headers.TryAddWithoutValidation(header, value);
            Assert.Contains("Arena-Token", await server.Client.Refused(request, HttpStatusCode.Unauthorized), StringComparison.Ordinal);
        }
        Assert.Equal(["healthy", "state"], (await server.Client.Json("/health")).EnumerateObject().Select(p => p.Name).Order());
    }

    [Theory]
    [InlineData("Arena-Token", Token)]
    [InlineData("Authorization", "Bearer " + Token)]
    [InlineData("Cookie", "arena-access=" + Token)]
    public async Task The_token_opens_everything_in_each_of_its_forms(string header, string value)
    {
        await using TestServer server = await TestServer.Start(Guarded);
        server.Client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        Assert.Equal("SelfPlayArena", (await server.Client.Json("/api/about")).GetProperty("product").GetString());
    }

    [Fact]
    public async Task A_browser_brings_the_token_once_and_it_leaves_the_address()
    {
        await using TestServer server = await TestServer.Start(Guarded);
        var plain = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Accept", "text/html" } } };
        using HttpResponseMessage door = await server.Client.SendAsync(plain);
        Assert.Equal(HttpStatusCode.Unauthorized, door.StatusCode);
        Assert.Contains("name=\"access\"", await door.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using HttpResponseMessage entered = await server.Client.GetAsync($"/watch?access={Token}");
        Assert.Equal((HttpStatusCode.Redirect, "/watch"), (entered.StatusCode, entered.Headers.Location!.OriginalString));
        string cookie = Assert.Single(entered.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        using HttpResponseMessage elsewhere = await server.Client.GetAsync(new Uri($"{server.Server.Url}//evil.example/?access={Token}"));
        Assert.Equal("/evil.example/", elsewhere.Headers.Location!.OriginalString);
        using HttpResponseMessage named = await server.Client.GetAsync($"/watch/replay/play%3Aé?access={Token}");
        Assert.Equal("/watch/replay/play:%C3%A9", named.Headers.Location!.OriginalString);
        await server.Client.Refused("/watch?access=wrong", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public void Tokens_that_are_made_are_long_and_never_the_same()
    {
        string[] made = [.. Enumerable.Range(0, 100).Select(_ => AccessToken.Generate())];
        Assert.Equal(100, made.Distinct().Count());
        Assert.All(made, t => Assert.Equal(48, t.Length));
    }

    [Fact]
    public async Task Too_large_a_body_is_refused_with_the_limit()
    {
        await using TestServer server = await TestServer.Start();
        HttpRequestMessage large = server.FromOwnPage("/api/matches", new { name = new string('x', ServerLimits.BodyBytes) });
        Assert.Contains($"allowed: {ServerLimits.BodyBytes} bytes", await server.Client.Refused(large, HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "not what is expected")]
    [InlineData("[]", "not what is expected")]
    [InlineData("{\"mode\": 5}", "mode")]
    [InlineData("{\"moed\": \"1v1\"}", "moed")]
    [InlineData("{\"mode\": \"1v1\", \"seats\": [{\"team\": \"home\"}]}", "team")]
    [InlineData("{\"mode\": \"7v7\"}", "1v1")]
    [InlineData("{\"mode\": \"1v1\", \"seats\": [null]}", "null")]
    [InlineData("{\"mode\": \"1v1\", \"seats\": [{\"team\": 0, \"slot\": 0}]}", "person, bot")]
    [InlineData("{\"mode\": \"1v1\", \"seats\": [{\"team\": 0, \"slot\": 0, \"kind\": \"bot\"}, {\"team\": 0, \"slot\": 0, \"kind\": \"person\"}]}", "twice")]
    public async Task A_body_that_makes_no_sense_is_refused_with_what_is_wrong(string body, string says)
    {
        await using TestServer server = await TestServer.Start();
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/matches") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        Assert.Contains(says, await server.Client.Refused(request, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_kind_of_body_another_method_and_unknown_paths_are_refused_in_words()
    {
        await using TestServer server = await TestServer.Start();
        var form = new HttpRequestMessage(HttpMethod.Post, "/api/matches") { Content = new FormUrlEncodedContent([new("mode", "1v1")]) };
        Assert.Contains("application/json", await server.Client.Refused(form, HttpStatusCode.UnsupportedMediaType), StringComparison.Ordinal);
        Assert.Contains("allowed: GET", await server.Client.Refused(new HttpRequestMessage(HttpMethod.Delete, "/api/runs"), HttpStatusCode.MethodNotAllowed), StringComparison.Ordinal);
        Assert.Contains("/openapi/v1.json", await server.Client.Refused("/api/nothing", HttpStatusCode.NotFound), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_comes_from_another_machine_is_limited_and_told_when_to_ask_again()
    {
        if (OtherAddress() is not { } address)
            return;
        await using TestServer server = await TestServer.Start(Guarded with { Address = IPAddress.Any });
        using var client = new HttpClient { BaseAddress = new Uri($"http://{address}:{server.Server.Port}"), DefaultRequestHeaders = { { AccessToken.Header, Token } } };
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => client.GetAsync("/api/about")));
        Assert.InRange(answers.Count(a => a.StatusCode == HttpStatusCode.OK), 200, 399);
        HttpResponseMessage refused = answers.First(a => a.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.True(int.Parse(refused.Headers.GetValues("Retry-After").Single(), System.Globalization.CultureInfo.InvariantCulture) >= 1);
        Assert.Contains("allowed again in", JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        // This machine's own tools go on meanwhile.
        server.Client.DefaultRequestHeaders.Add(AccessToken.Header, Token);
        Assert.Equal("SelfPlayArena", (await server.Client.Json("/api/about")).GetProperty("product").GetString());
    }

    [Fact]
    public async Task Whoever_does_not_finish_a_request_is_let_go()
    {
        await using TestServer server = await TestServer.Start();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Server.Port);
        var watch = Stopwatch.StartNew();
        await socket.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: loc"u8.ToArray());
        byte[] buffer = new byte[1024];
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (await socket.GetStream().ReadAsync(buffer, patience.Token) > 0)
        {
        }
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(2), $"after {watch.Elapsed}");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/about")]
    [InlineData("/api/nothing")]
    public async Task Every_answer_tells_browsers_to_run_nothing_but_the_servers_own(string path)
    {
        await using TestServer server = await TestServer.Start();
        using HttpResponseMessage answer = await server.Client.GetAsync(path);
        string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    /// <summary>An address of this machine that is not loopback.</summary>
    private static IPAddress? OtherAddress() => NetworkInterface.GetAllNetworkInterfaces().Where(n => n.OperationalStatus == OperationalStatus.Up)
        .SelectMany(n => n.GetIPProperties().UnicastAddresses).Select(a => a.Address).FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
}
