using System.Net;
using System.Text;

namespace SelfPlayArena.Server.Tests;

public sealed class BodyTests
{
    [Theory]
    [InlineData("{\"mode\": 7}", "mode")]
    [InlineData("{\"mode\": ", "body")]
    [InlineData("", "body")]
    public async Task ABodyThatCannotBeReadIsRefusedWithWhatIsWrongInIt(string body, string named)
    {
        await using TestServer server = await TestServer.Start();
        using HttpResponseMessage answer = await server.Client.PostAsync(new Uri("/api/matches", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(named, await answer.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }
}
