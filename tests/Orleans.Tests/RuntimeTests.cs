using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.Tests;

/// <summary>What code written for the real runtime relies on.</summary>
public sealed class RuntimeTests : IAsyncLifetime
{
    private readonly IHost _host;

    public RuntimeTests()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering();
            silo.AddMemoryGrainStorage("store");
            silo.Services.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(2));
            silo.Services.Configure<GrainCollectionOptions>(o =>
            {
                o.CollectionQuantum = TimeSpan.FromMilliseconds(50);
                o.CollectionAge = TimeSpan.FromSeconds(2);
            });
        });
        _host = builder.Build();
    }

    private IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public Task InitializeAsync() => _host.StartAsync();

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private ICounterGrain Counter(string key) => Grains.GetGrain<ICounterGrain>(key);

    [Fact]
    public async Task Calls_of_one_grain_run_one_after_another()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Counter("sum").Add(1)));
        Assert.Equal(200, await Counter("sum").Add(0));
        int[] most = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Counter("overlap").Overlap()));
        Assert.All(most, m => Assert.Equal(1, m));
        Assert.Equal(0, await Counter("other").Add(0));
    }

    [Fact]
    public async Task Interleaving_methods_and_reentrant_grains_do_not_wait()
    {
        Task<int> slow = Counter("peeked").Overlap();
        int seen = 0;
        while (seen == 0 && !slow.IsCompleted)
            seen = await Counter("peeked").Peek();
        Assert.Equal(1, seen);
        IReentrantGrain reentrant = Grains.GetGrain<IReentrantGrain>(-255);
        int[] most = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => reentrant.Overlap()));
        Assert.True(most.Max() > 1);
        Assert.Equal(-255, await reentrant.Key());
    }

    [Fact]
    public async Task Arguments_and_results_are_copies_and_members_without_number_stay_behind()
    {
        var parcel = new Parcel { Name = "é", Numbers = [1, 2], Weights = { ["a"] = 0.5 }, Forgotten = "x" };
        Parcel back = await Counter("copies").Echo(parcel);
        Assert.Equal([1, 2], parcel.Numbers);
        Assert.Equal([1, 2, 99], back.Numbers);
        Assert.Equal(("é", 0.5, ""), (back.Name, back.Weights["a"], back.Forgotten));
        var matchup = new Matchup(3, Guid.NewGuid(), TimeSpan.FromSeconds(5));
        Matchup same = await Counter("copies").EchoMatchup(matchup);
        Assert.Equal(matchup, same);
        Assert.NotSame(matchup, same);
    }

    [Fact]
    public async Task Immutable_values_go_by_reference()
    {
        byte[] bytes = [1, 2, 3];
        CounterGrain.LastBytes = bytes;
        Assert.True(await Counter("immutable").Same(bytes.AsImmutable()));
        var frozen = new Frozen { Bytes = bytes };
        Assert.Same(frozen, await Counter("immutable").EchoFrozen(frozen));
    }

    [Fact]
    public async Task Exceptions_reach_the_caller_as_they_are_and_one_way_calls_tell_nothing()
    {
        InvalidDataException e = await Assert.ThrowsAsync<InvalidDataException>(() => Counter("throws").Throw("broken"));
        Assert.Equal("broken", e.Message);
        await Counter("throws").Shout();
        Assert.Equal(1, await Counter("throws").Add(1));
        Assert.Equal(7, await Counter("throws").Quick());
    }

    [Fact]
    public async Task References_are_equal_not_identical_and_travel()
    {
        Assert.Equal(Counter("a"), Counter("a"));
        Assert.NotEqual(Counter("a"), Counter("b"));
        Assert.NotSame(Counter("a"), Counter("a"));
        Assert.Equal(5, await Counter("a").AddVia(Counter("b"), 5));
        Assert.Equal(5, await Counter("b").Add(0));
        Assert.Equal("a", await Counter("a").WhoAmI());
    }

    [Fact]
    public async Task A_call_that_comes_back_to_a_waiting_grain_times_out()
        => await Assert.ThrowsAsync<TimeoutException>(() => Counter("first").CallBack(Counter("second")));

    [Fact]
    public async Task Grains_that_nobody_can_make_or_call_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Grains.GetGrain<INobodyGrain>("x"));
        Assert.Throws<ArgumentException>(() => Counter(""));
        Assert.Throws<CodecNotFoundException>(() => Grains.GetGrain<IUnspeakableGrain>("x"));
        InvalidDataException first = await Assert.ThrowsAsync<InvalidDataException>(() => Grains.GetGrain<IFailingGrain>("f").Work());
        Assert.Equal("not yet", first.Message);
        Assert.Equal(2, await Grains.GetGrain<IFailingGrain>("f").Work());
    }

    [Fact]
    public async Task A_grain_that_leaves_forgets_its_fields_and_finds_its_state_again()
    {
        IKeeperGrain keeper = Grains.GetGrain<IKeeperGrain>("k");
        Assert.Equal((0, false), await keeper.Look());
        await keeper.Raise();
        await keeper.Raise();
        await keeper.Leave();
        Assert.Equal((2, true), await keeper.Look());
        await Counter("leaver").Add(5);
        await Counter("leaver").Leave();
        Assert.Equal(0, await Counter("leaver").Add(0));
    }

    [Fact]
    public async Task Idle_grains_are_collected_and_stopping_says_so()
    {
        int before = CounterGrain.Deactivations;
        await Counter("idle").Add(3);
        for (int i = 0; i < 1000 && CounterGrain.Deactivations == before; i++)
            await Task.Delay(20);
        Assert.True(CounterGrain.Deactivations > before);
        Assert.Equal(0, await Counter("idle").Add(0));
        await _host.StopAsync();
        Assert.Equal(DeactivationReasonCode.ShuttingDown, CounterGrain.LastReason);
    }

    [Fact]
    public async Task Sequences_are_pulled_and_an_early_leave_disposes_them()
    {
        var seen = new List<int>();
        await foreach (int i in Counter("sequence").Count(1000, default))
            seen.Add(i);
        Assert.Equal(Enumerable.Range(0, 1000), seen);
        await foreach (int i in Counter("sequence").Count(1000, default))
        {
            if (i == 10)
                break;
        }
        Assert.Equal(2, await Counter("sequence").Disposed());
    }

    [Fact]
    public async Task The_end_of_a_grain_aborts_its_sequences()
    {
        await Assert.ThrowsAsync<EnumerationAbortedException>(async () =>
        {
            await foreach (int i in Counter("aborted").Count(100_000, default))
            {
                if (i == 50)
                    await Counter("aborted").Leave();
            }
        });
    }

    [Fact]
    public async Task Timers_tick_as_turns_and_end_with_their_grain()
    {
        await Counter("timed").StartTimer(10);
        int ticks = 0;
        for (int i = 0; i < 100 && ticks < 3; i++)
        {
            await Task.Delay(10);
            ticks = await Counter("timed").Ticks();
        }
        Assert.True(ticks >= 3);
        await Counter("timed").Leave();
        Assert.Equal(0, await Counter("timed").Ticks());
    }

    [Fact]
    public async Task Cancellation_reaches_the_grain()
    {
        using var source = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Counter("cancelled").Wait(source.Token));
    }

    [Fact]
    public async Task Ten_thousand_grains_are_no_trouble()
    {
        int sum = 0;
        foreach (int[] batch in Enumerable.Range(0, 10_000).Chunk(500))
            sum += (await Task.WhenAll(batch.Select(i => Counter($"many {i}").Add(i)))).Sum();
        Assert.Equal(Enumerable.Range(0, 10_000).Sum(), sum);
    }
}
