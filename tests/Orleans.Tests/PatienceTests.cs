using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Orleans.Tests;

/// <summary>What happens when time passes: calls that get no answer, grains that nobody calls.</summary>
public sealed class PatienceTests : IAsyncLifetime
{
    private readonly TestSilo _silo = new(silo =>
    {
        silo.Services.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(2));
        silo.Services.Configure<GrainCollectionOptions>(o =>
        {
            o.CollectionQuantum = TimeSpan.FromMilliseconds(50);
            o.CollectionAge = TimeSpan.FromSeconds(2);
        });
    });

    public Task InitializeAsync() => _silo.Start();

    public Task DisposeAsync() => _silo.DisposeAsync().AsTask();

    private ICounterGrain Counter(string key) => _silo.Grains.GetGrain<ICounterGrain>(key);

    [Fact]
    public async Task A_call_that_comes_back_to_a_waiting_grain_times_out()
        => await Assert.ThrowsAsync<TimeoutException>(() => Counter("first").CallBack(Counter("second")));

    [Fact]
    public async Task Idle_grains_are_collected_and_stopping_says_so()
    {
        int before = CounterGrain.Deactivations;
        await Counter("idle").Add(3);
        for (int i = 0; i < 1000 && CounterGrain.Deactivations == before; i++)
            await Task.Delay(20);
        Assert.True(CounterGrain.Deactivations > before);
        Assert.Equal(0, await Counter("idle").Add(0));
        await _silo.Stop();
        Assert.Equal(DeactivationReasonCode.ShuttingDown, CounterGrain.LastReason);
    }
}
