using System.Collections.Concurrent;
using System.Globalization;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Server.Research;

/// <summary>
/// The threads that step programs' matches, so that those that answer requests never do. All sessions share them; parts are taken in the order in which
/// they came, so that a large batch does not shut out a small one for longer than a part takes. While people play, most of the threads rest.
/// </summary>
internal sealed class StepThreads : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private readonly BlockingCollection<(Work Work, int Part)> _parts = [];
    private readonly Thread[] _threads;
    private readonly IPlayPressure _pressure;

    /// <param name="threads">How many; 0 for as many as there are cores.</param>
    /// <param name="pressure">Whether people play on this machine.</param>
    public StepThreads(int threads, IPlayPressure pressure)
    {
        _pressure = pressure;
        _threads = new Thread[threads > 0 ? threads : Environment.ProcessorCount];
        for (int i = 0; i < _threads.Length; i++)
        {
            bool stays = i < Math.Max(1, _threads.Length / 4);
            _threads[i] = new Thread(() => Loop(stays)) { IsBackground = true, Name = "stepping " + i.ToString(CultureInfo.InvariantCulture) };
            _threads[i].Start();
        }
    }

    public int Count => _threads.Length;

    /// <summary>Does parts 0 to count - 1, on several threads at once; what one of them throws is thrown when all are done.</summary>
    public Task RunAsync(int count, Action<int> part)
    {
        var work = new Work(count, part);
        for (int i = 0; i < count; i++)
            _parts.Add((work, i));
        return work.Done;
    }

    /// <summary>Waits for what has been asked for, and ends the threads.</summary>
    public void Dispose()
    {
        _parts.CompleteAdding();
        foreach (Thread thread in _threads)
            thread.Join();
        _parts.Dispose();
    }

    private void Loop(bool stays)
    {
        while (!_parts.IsCompleted)
        {
            if (!stays && _pressure.IsHigh)
                Thread.Sleep(Look);
            else if (_parts.TryTake(out (Work Work, int Part) next, 10 * Look))
                next.Work.Do(next.Part);
        }
    }

    private sealed class Work(int count, Action<int> part)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = count;
        private Exception? _failure;

        public Task Done => _done.Task;

        public void Do(int index)
        {
            try
            {
                part(index);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, e, null);
            }
            if (Interlocked.Decrement(ref _left) > 0)
                return;
            if (_failure is { } failure)
                _done.SetException(failure);
            else
                _done.SetResult();
        }
    }
}
