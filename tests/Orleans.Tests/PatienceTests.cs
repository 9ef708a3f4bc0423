using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.Tests;

/// <summary>What happens when time passes: calls that get no answer, grains that nobody calls.</summary>
public sealed class PatienceTests
{
    [Fact]
    public async Task A_call_that_comes_back_to_a_waiting_grain_times_out()
    {
        await using var silo = new TestSilo(s => s.Services.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(2)));
        await silo.Start();
        ICounterGrain first = silo.Grains.GetGrain<ICounterGrain>("first"), second = silo.Grains.GetGrain<ICounterGrain>("second");
        await Assert.ThrowsAsync<TimeoutException>(() => first.CallBack(second));
    }

    [Fact]
    public async Task A_grain_may_leave_while_somebody_waits_for_an_item_of_its_sequence()
    {
        await using var silo = new TestSilo(s => s.Services.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(2)));
        await silo.Start();
        ICounterGrain grain = silo.Grains.GetGrain<ICounterGrain>("waited for");
        await Assert.ThrowsAsync<EnumerationAbortedException>(async () =>
        {
            await foreach (int _ in grain.Slow())
                await grain.Leave();
        });
        // Longer than a caller waits for an answer, and nobody gives up.
        await using IAsyncEnumerator<int> items = grain.Slow().GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        ValueTask<bool> another = items.MoveNextAsync();
        await Task.Delay(2500);
        Assert.False(another.IsCompleted);
        await grain.LetGo();
        Assert.True(await another);
    }

    [Fact]
    public async Task Idle_grains_are_collected()
    {
        await using var silo = new TestSilo(s => s.Services.Configure<GrainCollectionOptions>(o =>
        {
            o.CollectionQuantum = TimeSpan.FromMilliseconds(50);
            o.CollectionAge = TimeSpan.FromSeconds(2);
        }));
        await silo.Start();
        ICounterGrain idle = silo.Grains.GetGrain<ICounterGrain>("idle");
        await idle.Add(3);
        for (long start = Environment.TickCount64; !CounterGrain.Ended.ContainsKey("idle") && Environment.TickCount64 - start < 120_000;)
            await Task.Delay(20);
        Assert.True(CounterGrain.Ended.ContainsKey("idle"), "nobody collected it");
        Assert.Equal(0, await idle.Add(0));
    }

    [Fact]
    public async Task A_grain_is_told_that_its_silo_stops()
    {
        await using var silo = new TestSilo(_ => { });
        await silo.Start();
        await silo.Grains.GetGrain<ICounterGrain>("last").Add(1);
        await silo.Stop();
        Assert.Equal(DeactivationReasonCode.ShuttingDown, CounterGrain.Ended["last"]);
    }

    [Fact]
    public async Task A_callback_that_fails_at_a_grains_end_does_not_keep_it()
    {
        await using var silo = new TestSilo(_ => { });
        await silo.Start();
        await silo.Grains.GetGrain<ICounterGrain>("failing end").FailAtEnd();
        await silo.Stop().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(DeactivationReasonCode.ShuttingDown, CounterGrain.Ended["failing end"]);
    }
}
