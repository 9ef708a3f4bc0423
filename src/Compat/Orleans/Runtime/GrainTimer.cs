namespace Orleans.Runtime;

/// <summary>Lets a callback run as a turn of its grain when it is due; the next period begins when the callback is over.</summary>
internal sealed class GrainTimer : Request, IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly ITimer _timer;
    private TimeSpan _period;
    private volatile bool _disposed;

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

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period;
        _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _disposed = true;
        _timer.Dispose();
        _activation.Remove(this);
    }

    public override async Task Run(Grain grain)
    {
        if (_disposed)
            return;
        try
        {
            await _callback(_activation.Ended);
        }
        catch (Exception e)
        {
            Fail(e);
        }
        if (!_disposed && _period > TimeSpan.Zero)
            _timer.Change(_period, Timeout.InfiniteTimeSpan);
    }

    public override void Fail(Exception e) => _activation.Silo.Complain($"{_activation.GrainId}: a timer's callback failed", e);

    private void Due()
    {
        if (!_disposed)
            _activation.TryCall(this);
    }
}
