using Prometheus;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Server.Tests;

/// <summary>A server on a free port of loopback, with a client that does not follow redirections.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private TestServer(ArenaServer server)
    {
        Server = server;
        Client = new HttpClient(new DescribedRefusals(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })) { BaseAddress = new Uri(server.Url) };
    }

    /// <summary>How long to wait for what must come, on a machine that has much else to do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static ServerOptions Options { get; } = new() { Port = 0, Runs = "/nowhere", Version = "9.9", Packages = "test" };

    public ArenaServer Server { get; }

    public HttpClient Client { get; }

    public static async Task<TestServer> Start(ServerOptions? options = null)
        => new(await ArenaServer.StartAsync(options ?? Options, new MetricSheet(Metrics.NewCustomRegistry()), new PlayPressure(), TimeProvider.System));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }
}
