using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Terminal;

/// <summary>What a view of a run shows: the newest progress and a short history of it. Written by the run's thread, read by the screen's.</summary>
internal sealed class LeagueFeed(RunLimits limits, TimeProvider time)
{
    private const int History = 600;
    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private readonly Queue<double> _speed = new();
    private readonly Queue<double> _entropy = new();
    private RunProgress? _last;
    private long _stepsAtStart = -1;

    public RunLimits Limits => limits;

    /// <summary>Newest progress; null until the first update.</summary>
    public RunProgress? Last
    {
        get
        {
            lock (_gate)
                return _last;
        }
    }

    public double SessionSeconds => time.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Hero-steps trained since this process began.</summary>
    public long SessionSteps => Last is { } last ? last.TrainedSteps - _stepsAtStart : 0;

    public double[] Speed => Copy(_speed);

    public double[] Entropy => Copy(_entropy);

    /// <summary>Seconds until the first limit is reached, judged by the present speed; NaN without a limit.</summary>
    public double SecondsLeft
    {
        get
        {
            double left = double.PositiveInfinity;
            if (limits.Minutes is { } minutes)
                left = minutes * 60 - SessionSeconds;
            if (limits.Steps is { } steps && Last is { HeroStepsPerSecond: > 0 } last)
                left = Math.Min(left, (steps - last.TrainedSteps) / last.HeroStepsPerSecond);
            return double.IsFinite(left) ? Math.Max(0, left) : double.NaN;
        }
    }

    public void Add(RunProgress progress)
    {
        lock (_gate)
        {
            if (_stepsAtStart < 0)
                _stepsAtStart = progress.TrainedSteps;
            _last = progress;
            Push(_speed, progress.HeroStepsPerSecond);
            Push(_entropy, progress.Entropy);
        }
    }

    /// <summary>Rating of the learning policy, or null while no match of it has been rated.</summary>
    public static PlayerRating? Latest(RunProgress progress) => progress.Ratings.FirstOrDefault(r => r.Player.IsLatest && r.Games > 0);

    private double[] Copy(Queue<double> values)
    {
        lock (_gate)
            return [.. values];
    }

    private static void Push(Queue<double> queue, double value)
    {
        queue.Enqueue(value);
        if (queue.Count > History)
            queue.Dequeue();
    }
}
