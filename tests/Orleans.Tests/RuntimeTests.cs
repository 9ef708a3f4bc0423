using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.Tests;

/// <summary>What code written for the real runtime relies on.</summary>
public sealed class RuntimeTests : IAsyncLifetime
{
    private readonly TestSilo _silo = new(_ => { });

    private IGrainFactory Grains => _silo.Grains;

    public Task InitializeAsync() => _silo.Start();

    public Task DisposeAsync() => _silo.DisposeAsync().AsTask();

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
    public async Task A_turn_that_comes_just_as_its_grain_falls_idle_is_run()
    {
        await Counter("edge").ShowScheduler();
        var turns = new TaskFactory(CounterGrain.Schedulers["edge"]);
        long run = 0, start = Environment.TickCount64;
        // Each turn comes a little later after the one before than the last did: some come in the instant in which the grain's thread lets go.
        for (int i = 1; i <= 1_000_000 && Environment.TickCount64 - start < 10_000; i++)
        {
            int number = i;
            Task turn = turns.StartNew(() => Volatile.Write(ref run, number));
            for (long looked = 1, since = Environment.TickCount64; Volatile.Read(ref run) != number; looked++)
            {
                if (looked % 10_000 != 0)
                    continue;
                // It may be this very core that the grain's thread waits for.
                Thread.Yield();
                if (Environment.TickCount64 - since > 120_000)
                    Assert.Fail($"turn {number} is not run: it is {turn.Status}");
            }
            Thread.SpinWait(i % 50);
        }
    }

    [Fact]
    public async Task Interleaving_methods_and_reentrant_grains_do_not_wait()
    {
        // Without interleaving nobody could let go of what holds, and the calls would time out.
        Task<int> held = Counter("peeked").Hold();
        int seen = 0;
        while (seen == 0 && !held.IsCompleted)
            seen = await Counter("peeked").Peek();
        Assert.Equal(1, seen);
        await Counter("peeked").LetGo();
        Assert.Equal(0, await held);
        IReentrantGrain reentrant = Grains.GetGrain<IReentrantGrain>(-255);
        int[] inside = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => reentrant.MeetAnother()));
        Assert.True(inside.Max() > 1);
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
    public void Grains_that_nobody_can_make_or_call_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Grains.GetGrain<INobodyGrain>("x"));
        Assert.Throws<ArgumentException>(() => Counter(""));
        Assert.Throws<CodecNotFoundException>(() => Grains.GetGrain<IUnspeakableGrain>("x"));
    }

    // Many, because the failure and the call that caused it are on two threads: whichever is first, the caller is told.
    [Fact]
    public async Task A_grain_that_fails_to_wake_says_why_and_wakes_at_the_next_call()
    {
        await Parallel.ForAsync(0, 5000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            IFailingGrain grain = Grains.GetGrain<IFailingGrain>($"failing {i}");
            InvalidDataException first = await Assert.ThrowsAsync<InvalidDataException>(grain.Work);
            Assert.Equal("not yet", first.Message);
            Assert.Equal(2, await grain.Work());
        });
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
    public async Task An_item_of_a_sequence_does_not_wait_for_the_next_one()
    {
        await using IAsyncEnumerator<int> items = Counter("slow").Slow().GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        Assert.Equal(0, items.Current);
        ValueTask<bool> another = items.MoveNextAsync();
        await Counter("slow").LetGo();
        Assert.True(await another);
        Assert.Equal(1, items.Current);
        Assert.False(await items.MoveNextAsync());
        Assert.Equal(1, await Counter("slow").Disposed());
    }

    [Fact]
    public async Task A_timer_that_changes_itself_never_runs_in_the_middle_of_itself()
    {
        await Counter("impatient").StartImpatientTimer();
        int ticks = 0;
        for (long start = Environment.TickCount64; ticks < 5 && Environment.TickCount64 - start < 60_000;)
        {
            await Task.Delay(10);
            ticks = await Counter("impatient").Ticks();
        }
        Assert.True(ticks >= 5, $"{ticks} ticks");
        Assert.Equal(1, await Counter("impatient").MostInside());
    }

    [Fact]
    public async Task A_timer_that_is_due_as_its_grain_leaves_wakes_no_other()
    {
        await Counter("leaving").LeaveWithTimerDue();
        for (long start = Environment.TickCount64; !CounterGrain.Ended.ContainsKey("leaving") && Environment.TickCount64 - start < 60_000;)
            await Task.Delay(1);
        // A call of another grain of its kind takes longer than waking would.
        for (int i = 0; i < 100; i++)
            await Counter("another").Add(1);
        Assert.Equal(1, CounterGrain.Begun["leaving"]);
    }

    [Fact]
    public async Task Timers_tick_as_turns_and_end_with_their_grain()
    {
        await Counter("timed").StartTimer(10);
        int ticks = 0;
        for (long start = Environment.TickCount64; ticks < 3 && Environment.TickCount64 - start < 60_000;)
        {
            await Task.Delay(10);
            ticks = await Counter("timed").Ticks();
        }
        Assert.True(ticks >= 3, $"{ticks} ticks");
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
