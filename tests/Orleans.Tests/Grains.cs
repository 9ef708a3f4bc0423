using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.Tests;

[GenerateSerializer]
public sealed class Parcel
{
    [Id(0)]
    public string Name { get; set; } = "";

    [Id(1)]
    public List<int> Numbers { get; set; } = [];

    [Id(2)]
    public Dictionary<string, double> Weights { get; set; } = [];

    /// <summary>Has no number and so does not travel.</summary>
    public string Forgotten { get; set; } = "";
}

[GenerateSerializer]
public sealed record Matchup([property: Id(0)] int Home, [property: Id(1)] Guid Id, [property: Id(2)] TimeSpan? Length);

[GenerateSerializer, Immutable]
public sealed class Frozen
{
    [Id(0)]
    public byte[] Bytes { get; set; } = [];
}

public sealed class NoSerializer
{
    public int Value { get; set; }
}

public interface ICounterGrain : IGrainWithStringKey
{
    Task<int> Add(int n);

    Task<int> Overlap();

    [AlwaysInterleave]
    Task<int> Peek();

    /// <summary>Stays inside until somebody else comes and calls <see cref="LetGo"/>.</summary>
    Task<int> Hold();

    [AlwaysInterleave]
    Task LetGo();

    Task<Parcel> Echo(Parcel parcel);

    Task<bool> Same(Immutable<byte[]> bytes);

    Task<Frozen> EchoFrozen(Frozen frozen);

    Task<Matchup> EchoMatchup(Matchup matchup);

    Task Throw(string message);

    [OneWay]
    Task Shout();

    Task<string> WhoAmI();

    Task<int> CallBack(ICounterGrain other);

    Task<int> AddVia(ICounterGrain other, int n);

    Task Leave();

    IAsyncEnumerable<int> Count(int to, CancellationToken token);

    /// <summary>0, and then nothing before <see cref="LetGo"/>; then 1.</summary>
    IAsyncEnumerable<int> Slow();

    ValueTask<int> Quick();

    Task<int> Disposed();

    Task StartTimer(int milliseconds);

    Task<int> Ticks();

    /// <summary>Starts a timer that changes itself while it runs, and stays inside until <see cref="LetGo"/>.</summary>
    Task StartImpatientTimer();

    Task<int> MostInside();

    /// <summary>Keeps the grain's only turn for a while, and leaves with a timer due in it.</summary>
    Task LeaveWithTimerDue();

    Task Wait(CancellationToken token);

    Task ShowScheduler();

    /// <summary>Returns when a callback that fails is called at the grain's end.</summary>
    Task FailAtEnd();
}

public sealed class CounterGrain : Grain, ICounterGrain
{
    /// <summary>How often each grain was activated.</summary>
    public static readonly ConcurrentDictionary<string, int> Begun = new(StringComparer.Ordinal);

    /// <summary>Why the last activation of each grain ended.</summary>
    public static readonly ConcurrentDictionary<string, DeactivationReasonCode> Ended = new(StringComparer.Ordinal);

    /// <summary>What runs the turns of the grains that were asked to show it.</summary>
    public static readonly ConcurrentDictionary<string, TaskScheduler> Schedulers = new(StringComparer.Ordinal);

    public static byte[]? LastBytes;
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _value;
    private int _inside;
    private int _most;
    private int _disposed;
    private int _ticks;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Begun.AddOrUpdate(this.GetPrimaryKeyString(), 1, (_, before) => before + 1);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Ended[this.GetPrimaryKeyString()] = reason.ReasonCode;
        return Task.CompletedTask;
    }

    public async Task<int> Add(int n)
    {
        int before = _value;
        await Task.Yield();
        _value = before + n;
        return _value;
    }

    public async Task<int> Overlap()
    {
        _inside++;
        _most = Math.Max(_most, _inside);
        await Task.Delay(5);
        _inside--;
        return _most;
    }

    public Task<int> Peek() => Task.FromResult(_inside);

    public async Task<int> Hold()
    {
        _inside++;
        await _letGo.Task;
        return --_inside;
    }

    public Task LetGo()
    {
        _letGo.SetResult();
        return Task.CompletedTask;
    }

    public Task<Parcel> Echo(Parcel parcel)
    {
        parcel.Numbers.Add(99);
        return Task.FromResult(parcel);
    }

    public Task<bool> Same(Immutable<byte[]> bytes) => Task.FromResult(ReferenceEquals(LastBytes, bytes.Value));

    public Task<Frozen> EchoFrozen(Frozen frozen) => Task.FromResult(frozen);

    public Task<Matchup> EchoMatchup(Matchup matchup) => Task.FromResult(matchup);

    public Task Throw(string message) => throw new InvalidDataException(message);

    public Task Shout() => throw new InvalidDataException("nobody hears this");

    public Task<string> WhoAmI() => Task.FromResult(this.GetPrimaryKeyString());

    public Task<int> CallBack(ICounterGrain other) => other.AddVia(this.AsReference<ICounterGrain>(), 1);

    public Task<int> AddVia(ICounterGrain other, int n) => other.Add(n);

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<int> Count(int to, [EnumeratorCancellation] CancellationToken token)
    {
        try
        {
            for (int i = 0; i < to; i++)
            {
                if (i % 150 == 149)
                    await Task.Delay(1, token);
                yield return i;
            }
        }
        finally
        {
            _disposed++;
        }
    }

    public async IAsyncEnumerable<int> Slow()
    {
        try
        {
            yield return 0;
            await _letGo.Task;
            yield return 1;
        }
        finally
        {
            _disposed++;
        }
    }

    public ValueTask<int> Quick() => new(7);

    public Task<int> Disposed() => Task.FromResult(_disposed);

    public Task StartTimer(int milliseconds)
    {
        this.RegisterGrainTimer(
            () =>
            {
                _ticks++;
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions { DueTime = TimeSpan.FromMilliseconds(milliseconds), Period = TimeSpan.FromMilliseconds(milliseconds) });
        return Task.CompletedTask;
    }

    public Task StartImpatientTimer()
    {
        IGrainTimer timer = null!;
        timer = this.RegisterGrainTimer(
            async () =>
            {
                _most = Math.Max(_most, ++_inside);
                timer.Change(TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
                await Task.Delay(20);
                _inside--;
                _ticks++;
            },
            new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = TimeSpan.FromMilliseconds(1), Interleave = true });
        return Task.CompletedTask;
    }

    public async Task LeaveWithTimerDue()
    {
        await StartTimer(1);
        await Task.Delay(50);
        DeactivateOnIdle();
    }

    public Task<int> MostInside() => Task.FromResult(_most);

    public Task ShowScheduler()
    {
        Schedulers[this.GetPrimaryKeyString()] = TaskScheduler.Current;
        return Task.CompletedTask;
    }

    public async Task FailAtEnd()
    {
        var registered = new TaskCompletionSource();
        this.RegisterGrainTimer(
            end =>
            {
                end.Register(() => throw new InvalidOperationException("not now"));
                registered.TrySetResult();
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan, Interleave = true });
        await registered.Task;
    }

    public Task<int> Ticks() => Task.FromResult(_ticks);

    public Task Wait(CancellationToken token) => Task.Delay(Timeout.Infinite, token);
}

public interface IReentrantGrain : IGrainWithIntegerKey
{
    /// <summary>Returns how many were inside when a second one was.</summary>
    Task<int> MeetAnother();

    Task<long> Key();
}

[Reentrant]
public sealed class ReentrantGrain : Grain, IReentrantGrain
{
    private readonly TaskCompletionSource _second = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;

    public async Task<int> MeetAnother()
    {
        int inside = ++_inside;
        if (inside == 2)
            _second.TrySetResult();
        await _second.Task;
        _inside--;
        return inside;
    }

    public Task<long> Key() => Task.FromResult(this.GetPrimaryKeyLong());
}

public interface IKeeperGrain : IGrainWithStringKey
{
    Task<int> Raise();

    Task<(int Value, bool Exists)> Look();

    Task Leave();
}

[GenerateSerializer]
public sealed class Kept
{
    [Id(0)]
    public int Value { get; set; }
}

public sealed class KeeperGrain([PersistentState("kept", "store")] IPersistentState<Kept> kept) : Grain, IKeeperGrain
{
    public async Task<int> Raise()
    {
        kept.State.Value++;
        await kept.WriteStateAsync();
        return kept.State.Value;
    }

    public Task<(int Value, bool Exists)> Look() => Task.FromResult((kept.State.Value, kept.RecordExists));

    public Task Leave()
    {
        kept.State.Value = 1000;
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

public interface IFailingGrain : IGrainWithStringKey
{
    Task<int> Work();
}

public sealed class FailingGrain : Grain, IFailingGrain
{
    private static readonly ConcurrentDictionary<string, int> Attempts = new(StringComparer.Ordinal);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
        => Attempts.AddOrUpdate(this.GetPrimaryKeyString(), 1, (_, n) => n + 1) == 1 ? throw new InvalidDataException("not yet") : Task.CompletedTask;

    public Task<int> Work() => Task.FromResult(Attempts[this.GetPrimaryKeyString()]);
}

public interface IUnspeakableGrain : IGrainWithStringKey
{
    Task Take(NoSerializer value);
}

public sealed class UnspeakableGrain : Grain, IUnspeakableGrain
{
    public Task Take(NoSerializer value) => Task.CompletedTask;
}

public interface INobodyGrain : IGrainWithStringKey;
