using SelfPlayArena.Core;
using Xunit;

namespace SelfPlayArena.Policies.Tests;

public class NetworkReserveTests
{
    [Fact]
    public void Holds_what_is_to_come_until_it_has_come()
    {
        NetworkPlan plan = Plan();
        var reserve = new NetworkReserve(3);
        Assert.Equal(0, reserve.Held);
        reserve.Claim(plan);
        Assert.Equal(3, reserve.Held);
        reserve.Spend();
        Assert.Equal(2, reserve.Held);
        reserve.Claim(plan);
        Assert.Equal(2, reserve.Held);
        for (int i = 0; i < 5; i++)
            reserve.Spend();
        Assert.Equal(0, reserve.Held);
    }

    private static NetworkPlan Plan()
    {
        var rng = new Rng(7);
        EnvironmentSpec spec = Some.Spec(ref rng);
        return new NetworkPlan(Some.Network(spec, ref rng), spec);
    }

    [Fact]
    public void Takes_as_much_memory_as_the_networks_will()
    {
        NetworkPlan plan = Plan();
        var reserve = new NetworkReserve(40);
        long before = GC.GetAllocatedBytesForCurrentThread();
        reserve.Claim(plan);
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(taken, 40L * plan.ParameterCount * sizeof(float), long.MaxValue);
    }
}
