using SelfPlayArena.Testing;

namespace TorchSharp.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_recorded_one() => PublicSurface.IsTheRecordedOne(typeof(torch).Assembly, "TorchSharp");
}
