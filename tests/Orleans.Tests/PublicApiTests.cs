using SelfPlayArena.Testing;

namespace Orleans.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_recorded_one() => PublicSurface.IsTheRecordedOne(typeof(Grain).Assembly, "Orleans");
}
