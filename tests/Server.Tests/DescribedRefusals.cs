using System.Text.Json;

namespace SelfPlayArena.Server.Tests;

/// <summary>Asserts of every refusal that any test meets that the OpenAPI document names it for that request.</summary>
internal sealed class DescribedRefusals(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly Lazy<Task<JsonElement>> Paths = new(Read);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
        if ((int)answer.StatusCode >= 400 && Operation(await Paths.Value, request) is { } operation)
        {
            Assert.True(
                operation.GetProperty("responses").TryGetProperty(((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture), out _),
                $"the OpenAPI document does not say that {request.Method} {request.RequestUri!.AbsolutePath} may be answered with {(int)answer.StatusCode}");
        }
        return answer;
    }

    /// <summary>What the document says of a request; null of one that it does not know.</summary>
    private static JsonElement? Operation(JsonElement paths, HttpRequestMessage request)
    {
        string[] asked = request.RequestUri!.AbsolutePath.Split('/');
        foreach (JsonProperty path in paths.EnumerateObject())
        {
            string[] parts = path.Name.Split('/');
            if (parts.Length == asked.Length && parts.Zip(asked).All(p => p.First == p.Second || (p.First.StartsWith('{') && p.Second.Length > 0)))
                return path.Value.TryGetProperty(request.Method.Method.ToLowerInvariant(), out JsonElement operation) ? operation : null;
        }
        return null;
    }

    private static async Task<JsonElement> Read()
    {
        await using TestServer server = await TestServer.Start();
        return (await server.Client.Json("/openapi/v1.json")).GetProperty("paths");
    }
}
