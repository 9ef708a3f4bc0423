using System.Net;
using SelfPlayArena.Streaming;
using SelfPlayArena.Streaming.Faults;

namespace SelfPlayArena.Cli.Chaos;

/// <summary>Several intruders at one port, as many frames at a time as the plan says.</summary>
internal sealed class IntruderCrowd : IDisposable
{
    private const int Size = 8;
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(55);
    private static readonly (Intrusion Way, int Weight)[] Mix =
    [
        (Intrusion.Insider, 40), (Intrusion.Noise, 15), (Intrusion.DamagedPrefix, 15), (Intrusion.DamagedGreeting, 10), (Intrusion.OutOfTurn, 5),
        (Intrusion.CutShort, 5), (Intrusion.WrongSecret, 5), (Intrusion.OtherContent, 4), (Intrusion.OldWorker, 1),
    ];

    private readonly CancellationTokenSource _stop = new();
    private readonly Intruder[] _intruders;
    private readonly Task[] _tasks;
    private readonly IPEndPoint _learner;
    private readonly Func<long> _due;
    private volatile bool _held = true;
    private int _inside, _floods;

    /// <param name="due">Frames that should have been read by now.</param>
    public IntruderCrowd(int seed, IPEndPoint learner, SharedSecret secret, Func<long> due)
    {
        (_learner, _due) = (learner, due);
        _intruders = [.. Enumerable.Range(0, Size).Select(i => new Intruder(unchecked(seed * 31 + i), secret, Environments.Create, Counters))];
        _tasks = [.. _intruders.Select((intruder, i) => Task.Run(() => TroubleAsync(intruder, i, new Random(unchecked(seed * 37 + i)))))];
    }

    public IntrusionCounters Counters { get; } = new();

    public IReadOnlySet<string> Sessions => _intruders.SelectMany(i => i.Sessions).ToHashSet(StringComparer.Ordinal);

    /// <summary>Lets them go on, or lets them finish their visits and wait.</summary>
    public bool Held
    {
        get => _held;
        set => _held = value;
    }

    /// <summary>Visits that are being made.</summary>
    public int Inside => Volatile.Read(ref _inside);

    public void Flood() => Interlocked.Increment(ref _floods);

    public void Dispose()
    {
        _stop.Cancel();
        Task.WaitAll(_tasks);
        _stop.Dispose();
    }

    private async Task TroubleAsync(Intruder intruder, int number, Random random)
    {
        int visits = 0;
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                // Together they come somewhat less often than a learner allows to all, whose own workers must get in, too.
                await Task.Delay(Breath, _stop.Token).ConfigureAwait(false);
                if (_held || Counters.Frames >= _due())
                    continue;
                // Every way is tried early on, however short the time.
                int turn = number + Size * visits++;
                Intrusion way = turn < Mix.Length ? Mix[turn].Way : Draw(random);
                int floods = Volatile.Read(ref _floods);
                if (floods > 0 && Interlocked.CompareExchange(ref _floods, floods - 1, floods) == floods)
                    way = Intrusion.Flood;
                Interlocked.Increment(ref _inside);
                try
                {
                    await intruder.VisitAsync(way, _learner, _stop.Token).ConfigureAwait(false);
                }
                finally
                {
                    Interlocked.Decrement(ref _inside);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    private static Intrusion Draw(Random random)
    {
        int drawn = random.Next(Mix.Sum(m => m.Weight));
        foreach ((Intrusion way, int weight) in Mix)
        {
            if ((drawn -= weight) < 0)
                return way;
        }
        return Intrusion.Noise;
    }
}
