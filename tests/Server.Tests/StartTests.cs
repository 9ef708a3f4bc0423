using System.Net;
using Prometheus;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Server.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task AnAddressOutsideLoopbackIsNotServedWithoutAToken()
    {
        ServerOptions options = TestServer.Options with { Address = IPAddress.Any };
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => ArenaServer.StartAsync(options, new MetricSheet(Metrics.NewCustomRegistry()), new PlayPressure(), TimeProvider.System));
        Assert.Contains("token", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APortInUseIsRefusedWithItsNumberAndWhatCanBeDone()
    {
        await using TestServer first = await TestServer.Start();
        ServerOptions options = TestServer.Options with { Port = first.Server.Port };
        AddressTakenException refused = await Assert.ThrowsAsync<AddressTakenException>(() => ArenaServer.StartAsync(options, new MetricSheet(Metrics.NewCustomRegistry()), new PlayPressure(), TimeProvider.System));
        Assert.Contains($":{first.Server.Port}: another program listens there already", refused.Message, StringComparison.Ordinal);
        Assert.Contains("allowed: another port", refused.Message, StringComparison.Ordinal);
    }
}
