using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace SelfPlayArena.Server.Tests;

/// <summary>Asking in tests.</summary>
internal static class Answers
{
    public static async Task<JsonElement> Json(this HttpClient client, string path)
    {
        using HttpResponseMessage answer = await client.GetAsync(path);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Asserts that a request is refused by a problem document with a status, and returns what it says.</summary>
    public static async Task<string> Refused(this HttpClient client, HttpRequestMessage request, HttpStatusCode status)
    {
        using HttpResponseMessage answer = await client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{request.Method} {request.RequestUri}: {answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        JsonElement problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        return problem.GetProperty("detail").GetString()!;
    }

    public static Task<string> Refused(this HttpClient client, string path, HttpStatusCode status) => client.Refused(new HttpRequestMessage(HttpMethod.Get, path), status);

    /// <summary>What a page of the server itself sends.</summary>
    public static HttpRequestMessage FromOwnPage(this TestServer server, string path, object body) => new(HttpMethod.Post, path)
    {
        Content = JsonContent.Create(body),
        Headers = { { "Origin", server.Server.Url } },
    };
}
