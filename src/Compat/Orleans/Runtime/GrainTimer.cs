namespace Orleans.Runtime;

/// <summary>Lets a callback run as a turn of its grain when it is due; the next period begins when the callback is over.</summary>
internal sealed class GrainTimer : Request, IGrainTimer
{
    private readonly Lock _gate = new();
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _ended = new();
    private readonly ITimer _timer;
    private TimeSpan _dueTime, _period;
    private bool _firing, _changed, _disposed;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _options = options;
        _period = options.Period;
        _timer = activation.Silo.Time.CreateTimer(static t => ((GrainTimer)t!).Due(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        activation.Add(this);
        _timer.Change(options.DueTime, Timeout.InfiniteTimeSpan);
    }

    public override bool Interleaves => _options.Interleave;

    public override bool CountsAsUse => _options.KeepAlive;

    public override bool EndsWithActivation => true;

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            (_dueTime, _period, _changed) = (dueTime, period, true);
            // From when it is due until its callback is over nothing else makes it due: it would run twice, or in the middle of itself.
            if (!_firing)
                _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        _timer.Dispose();
        _activation.Remove(this);
        try
        {
            _ended.Cancel();
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    public override async Task Run(Grain grain)
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _changed = false;
        }
        try
        {
            await _callback(_ended.Token);
        }
        catch (Exception e)
        {
            Fail(e);
        }
        lock (_gate)
        {
            _firing = false;
            if (_disposed)
                return;
            if (_changed)
                _timer.Change(_dueTime, Timeout.InfiniteTimeSpan);
            else if (_period > TimeSpan.Zero)
                _timer.Change(_period, Timeout.InfiniteTimeSpan);
        }
    }

    public override void Fail(Exception e) => _activation.Silo.Complain($"{_activation.GrainId}: a timer's callback failed", e);

    private void Due()
    {
        lock (_gate)
        {
            if (_disposed || _firing)
                return;
            _firing = true;
        }
        _activation.TryCall(this);
    }
}
