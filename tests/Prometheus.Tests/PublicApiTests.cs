using SelfPlayArena.Testing;

namespace Prometheus.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_recorded_one()
    {
        PublicSurface.IsTheRecordedOne(typeof(Metrics).Assembly, "Prometheus/NetStandard");
        PublicSurface.IsTheRecordedOne(typeof(MetricServerMiddlewareExtensions).Assembly, "Prometheus/AspNetCore");
    }
}
