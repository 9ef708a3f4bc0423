namespace SelfPlayArena.Rollout;

/// <summary>
/// Paces the threads that train: they stand still while their run is paused, and give way while people play on this machine. Where the system allows it
/// they give way by the lowest priority, which costs nothing while nobody wants the core; else each rests as long as it has just worked.
/// </summary>
public sealed class TrainingPace
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(200);

    [ThreadStatic]
    private static ThreadState? _thread;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly bool _byPriority;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly ManualResetEventSlim _going = new(initialState: true);
    private CancellationTokenSource _interrupt = new();
    private volatile bool _paused;

    public TrainingPace(TimeProvider time)
        : this(time, ThreadNiceness.CanBeTakenBack)
    {
    }

    internal TrainingPace(TimeProvider time, bool byPriority) => (_time, _byPriority) = (time, byPriority);

    /// <summary>What training gives way to; null for nothing. Set before the run starts.</summary>
    public IPlayPressure? Pressure { get; set; }

    public bool IsPaused => _paused;

    /// <summary>Cancelled when the run is paused, so that whoever waits for something else comes and waits here.</summary>
    internal CancellationToken Interrupted
    {
        get
        {
            lock (_gate)
                return _interrupt.Token;
        }
    }

    public void Pause()
    {
        lock (_gate)
        {
            if (_paused)
                return;
            _paused = true;
            _going.Reset();
            _interrupt.Cancel();
        }
    }

    public void Resume()
    {
        lock (_gate)
        {
            if (!_paused)
                return;
            _paused = false;
            _interrupt.Dispose();
            _interrupt = new CancellationTokenSource();
            _going.Set();
            Wake();
        }
    }

    /// <summary>For a thread that plays, between two decisions: stands still while the run is paused, gives way while people play.</summary>
    /// <param name="cancellation">Ends the wait; it is not thrown.</param>
    public void Breathe(CancellationToken cancellation)
    {
        if (_paused)
        {
            try
            {
                _going.Wait(cancellation);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
        GiveWay(cancellation);
    }

    /// <summary>For any thread that trains, between two pieces of work of some milliseconds.</summary>
    internal void GiveWay(CancellationToken cancellation)
    {
        bool high = Pressure is { IsHigh: true };
        ThreadState thread = _thread ??= new ThreadState();
        if (_byPriority && high != thread.Lowered)
        {
            ThreadNiceness.Set(high ? ThreadNiceness.Lowest : thread.Usual);
            thread.Lowered = high;
        }
        if (high && !_byPriority && thread.WorkingSince is { } since)
        {
            TimeSpan worked = _time.GetElapsedTime(since);
            cancellation.WaitHandle.WaitOne(worked < LongestRest ? worked : LongestRest);
        }
        thread.WorkingSince = high ? _time.GetTimestamp() : null;
    }

    /// <summary>For the one thread that learns: returns when the run goes on, when <see cref="Wake"/> was called, or when it is cancelled.</summary>
    internal void AwaitWord(CancellationToken cancellation)
    {
        try
        {
            if (_paused)
                _wake.Wait(cancellation);
        }
        catch (OperationCanceledException)
        {
            // It is to end; whoever called sees that by the token.
        }
    }

    /// <summary>Something besides going on is to be done by the thread that waits.</summary>
    internal void Wake() => _wake.Release();

    private sealed class ThreadState
    {
        public int Usual { get; } = ThreadNiceness.Get();

        public bool Lowered { get; set; }

        public long? WorkingSince { get; set; }
    }
}
