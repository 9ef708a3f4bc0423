using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SelfPlayArena.Server.Tests;

/// <summary>That what is written of the interface is what there is.</summary>
public sealed partial class InterfaceTests
{
    [Fact]
    public async Task PROTOCOL_and_the_OpenAPI_document_name_the_same_requests()
    {
        await using TestServer server = await TestServer.Start();
        JsonElement document = await server.Client.Json("/openapi/v1.json");
        Assert.Equal("SelfPlayArena", document.GetProperty("info").GetProperty("title").GetString());
        string[] served =
        [
            .. document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(m => $"{m.Name.ToUpperInvariant()} {p.Name}")).Order(StringComparer.Ordinal),
        ];
        string protocol = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "PROTOCOL.md"));
        string rest = protocol[protocol.IndexOf("## REST", StringComparison.Ordinal)..protocol.IndexOf("## WebSocket", StringComparison.Ordinal)];
        string[] written = [.. Request().Matches(rest).Select(m => m.Value).Where(r => r != "GET /metrics").Order(StringComparer.Ordinal)];
        Assert.Equal(written, served);
        Assert.Contains("GET /metrics", rest, StringComparison.Ordinal);
        Assert.All(document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject()), m => Assert.NotEqual("", m.Value.GetProperty("summary").GetString()));
    }

    [Fact]
    public async Task The_OpenAPI_document_names_for_each_request_how_it_is_answered_and_refused()
    {
        await using TestServer server = await TestServer.Start();
        JsonElement document = await server.Client.Json("/openapi/v1.json");
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                string[] answers = [.. operation.Value.GetProperty("responses").EnumerateObject().Select(r => r.Name)];
                string which = $"{operation.Name} {path.Name}: {string.Join(' ', answers)}";
                string[] expected = ["401", "403", "421", "429", "500", .. operation.Value.TryGetProperty("requestBody", out _) ? (string[])["400", "413", "415"] : [], .. path.Name.Contains('{', StringComparison.Ordinal) ? (string[])["404"] : []];
                Assert.True(expected.All(answers.Contains), which);
                Assert.True(answers.Count(a => a.StartsWith('2')) == 1, which);
                foreach (JsonProperty refusal in operation.Value.GetProperty("responses").EnumerateObject().Where(r => r.Name[0] is '4' or '5' && r.Name != "503"))
                    Assert.EndsWith("/ProblemDetails", refusal.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString(), StringComparison.Ordinal);
            }
        }
        Assert.Contains("409", Answers("post", "/api/matches/{id}/join"));
        Assert.Contains("409", Answers("post", "/api/matches"));
        Assert.Contains("409", Answers("post", "/api/league/control"));
        Assert.Contains("404", Answers("get", "/api/league"));
        Assert.Contains("400", Answers("get", "/api/replays"));
        Assert.DoesNotContain("413", Answers("get", "/api/replays"));
        // What could not be listed by hand: every refusal that any of these tests meets is looked up in the document (DescribedRefusals).

        string[] Answers(string method, string path)
            => [.. document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses").EnumerateObject().Select(r => r.Name)];
    }

    [Fact]
    public async Task Long_answers_are_packed_for_browsers_that_can_take_them()
    {
        await using TestServer server = await TestServer.Start();
        byte[] plain = await server.Client.GetByteArrayAsync("/api/content");
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/content") { Headers = { { "Accept-Encoding", "br" } } };
        using HttpResponseMessage answer = await server.Client.SendAsync(request);
        Assert.Equal(["br"], answer.Content.Headers.ContentEncoding);
        byte[] packed = await answer.Content.ReadAsByteArrayAsync();
        using var unpacked = new MemoryStream();
        await new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress).CopyToAsync(unpacked);
        Assert.Equal(plain, unpacked.ToArray());
        Assert.True(packed.Length < plain.Length / 2, $"{packed.Length} of {plain.Length}");
    }

    [Fact]
    public async Task Requests_are_counted_by_route_and_never_by_path()
    {
        await using TestServer server = await TestServer.Start();
        await server.Client.Json("/api/maps/1v1");
        for (int i = 0; i < 5; i++)
            (await server.Client.GetAsync($"/nothing-{i}.js")).Dispose();
        string page = await server.Client.GetStringAsync("/metrics");
        Assert.Contains("arena_http_requests_total{method=\"GET\",route=\"/api/maps/{mode}\",status=\"200\"} 1", page, StringComparison.Ordinal);
        Assert.Contains("arena_http_requests_total{method=\"GET\",route=\"/{**path}\",status=\"404\"} 5", page, StringComparison.Ordinal);
        Assert.Contains("arena_http_requests_running 1", page, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing-", page, StringComparison.Ordinal);
    }

    [GeneratedRegex("(GET|POST) /[A-Za-z0-9/{}]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Request();
}
