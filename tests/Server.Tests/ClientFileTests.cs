using System.IO.Compression;
using System.Net;

namespace SelfPlayArena.Server.Tests;

/// <summary>How the built web client is served, and what is shown without one.</summary>
public sealed class ClientFileTests : IDisposable
{
    private static readonly string Script = string.Concat(Enumerable.Repeat("console.log('arena');\n", 500));
    private readonly string _root = Directory.CreateTempSubdirectory("arena-web-").FullName;

    public ClientFileTests()
    {
        Directory.CreateDirectory(Path.Combine(_root, "dist", "assets"));
        File.WriteAllText(Path.Combine(_root, "secret.txt"), "secret");
        File.WriteAllText(Path.Combine(_root, "dist", "index.html"), "<!doctype html><title>client</title>");
        File.WriteAllText(Path.Combine(_root, "dist", "assets", "main-1a2b3c.js"), Script);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private Task<TestServer> Serve() => TestServer.Start(TestServer.Options with { WebClient = Path.Combine(_root, "dist") });

    [Theory]
    [InlineData("/")]
    [InlineData("/index.html")]
    [InlineData("/watch/p25kwpe3")]
    [InlineData("/watch/replay/moba-1.5:000123-main@7")]
    public async Task The_page_is_served_at_every_path_of_the_client_and_asked_for_anew_each_time(string path)
    {
        await using TestServer server = await Serve();
        using HttpResponseMessage page = await server.Client.GetAsync(path);
        Assert.Contains("client", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(page.Headers.CacheControl!.NoCache);
        var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { page.Headers.ETag! } } };
        using HttpResponseMessage same = await server.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData(null)]
    public async Task Files_named_after_their_content_are_kept_for_good_and_packed_as_the_browser_can_take_them(string? coding)
    {
        await using TestServer server = await Serve();
        var request = new HttpRequestMessage(HttpMethod.Get, "/assets/main-1a2b3c.js");
        if (coding is not null)
            request.Headers.Add("Accept-Encoding", $"deflate, {coding}");
        using HttpResponseMessage file = await server.Client.SendAsync(request);
        Assert.Contains("immutable", file.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal("text/javascript", file.Content.Headers.ContentType!.MediaType);
        Assert.Equal(coding is null ? [] : [coding], file.Content.Headers.ContentEncoding);
        Stream body = await file.Content.ReadAsStreamAsync();
        Stream plain = coding switch { "br" => new BrotliStream(body, CompressionMode.Decompress), "gzip" => new GZipStream(body, CompressionMode.Decompress), _ => body };
        Assert.Equal(Script, await new StreamReader(plain).ReadToEndAsync());
        Assert.True(coding is null || file.Content.Headers.ContentLength < Script.Length / 10);
    }

    [Theory]
    [InlineData("/../secret.txt")]
    [InlineData("/%2e%2e/secret.txt")]
    [InlineData("/..%2fsecret.txt")]
    [InlineData("/assets/..%2f..%2fsecret.txt")]
    [InlineData("/..%5csecret.txt")]
    [InlineData("//etc/passwd.txt")]
    [InlineData("/missing.js")]
    public async Task Nothing_beside_the_client_is_served(string path)
    {
        await using TestServer server = await Serve();
        // Sent as it stands: an HttpClient would tidy the path up.
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Server.Port);
        await socket.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        string answer = await new StreamReader(socket.GetStream()).ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("secret\r", answer + "\r", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_built_client_a_plain_page_says_what_there_is()
    {
        await using TestServer server = await TestServer.Start(TestServer.Options with { WebClient = Path.Combine(_root, "nowhere") });
        string page = await server.Client.GetStringAsync("/");
        Assert.Contains("was not built", page, StringComparison.Ordinal);
        Assert.Contains("/openapi/v1.json", page, StringComparison.Ordinal);
    }
}
