using System.Diagnostics;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>
/// Lets all live matches tick on time with a few threads. Matches are spread over the tick's length, so that they do not all come due at once. A
/// match that is late catches up, unless it is so late that its people would see the world run: then time has stood still for them.
/// </summary>
internal sealed class MatchClock : IDisposable
{
    private static readonly long Interval = Stopwatch.Frequency / RulesDefinition.TicksPerSecond;

    /// <summary>Intervals that are caught up at most.</summary>
    private const int MostBehind = 3;

    /// <summary>The golden section spreads any number of matches evenly.</summary>
    private const double Spread = 0.6180339887498949;

    private readonly object _gate = new();
    private readonly PriorityQueue<ITicking, long> _due = new();
    private readonly Thread[] _threads;
    private readonly TickMeter _meter;
    private double _phase;
    private bool _closed;

    public MatchClock(int threads, TickMeter meter)
    {
        _meter = meter;
        _threads = [.. Enumerable.Range(0, threads).Select(i => new Thread(Work) { IsBackground = true, Name = "matches", Priority = ThreadPriority.AboveNormal })];
        foreach (Thread thread in _threads)
            thread.Start();
    }

    public void Add(ITicking what)
    {
        lock (_gate)
        {
            _phase = (_phase + Spread) % 1;
            long now = Stopwatch.GetTimestamp();
            long due = now - now % Interval + (long)(_phase * Interval);
            _due.Enqueue(what, due < now ? due + Interval : due);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Ends all ticking; what is under way is finished.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
        foreach (Thread thread in _threads)
            thread.Join();
    }

    private void Work()
    {
        while (Next() is { } next)
        {
            (ITicking what, long due) = next;
            bool more = Tick(what);
            long now = Stopwatch.GetTimestamp();
            _meter.Late(Stopwatch.GetElapsedTime(due, now));
            if (!more)
                continue;
            long then = due + Interval;
            if (now - then > MostBehind * Interval)
            {
                _meter.Dropped((now - then) / Interval);
                then += (now - then) / Interval * Interval;
            }
            lock (_gate)
            {
                _due.Enqueue(what, then);
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>A defect ends the match in which it shows, not the others, nor the training beside them.</summary>
    private static bool Tick(ITicking what)
    {
        try
        {
            return what.Tick();
        }
        catch (Exception e)
        {
            what.Fail(e);
            return false;
        }
    }

    private (ITicking What, long Due)? Next()
    {
        lock (_gate)
        {
            while (!_closed)
            {
                if (!_due.TryPeek(out ITicking? what, out long due))
                {
                    Monitor.Wait(_gate);
                    continue;
                }
                long left = due - Stopwatch.GetTimestamp();
                if (left <= 0)
                {
                    _due.Dequeue();
                    return (what, due);
                }
                Monitor.Wait(_gate, (int)(left * 1000 / Stopwatch.Frequency) + 1);
            }
            return null;
        }
    }
}
