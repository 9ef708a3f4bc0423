using System.Reflection;
using System.Runtime.ExceptionServices;
using Orleans.Serialization;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>One living grain: its object, the calls it works on, and the calls that wait.</summary>
internal sealed class Activation : IGrainContext
{
    [ThreadStatic]
    private static Activation? s_beingMade;

    private readonly Lock _lock = new();
    private readonly ActivationScheduler _scheduler = new();
    private readonly LinkedList<Request> _waiting = new();
    private readonly List<Request> _running = [];
    private readonly List<IDisposable> _timers = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Grain? _grain;
    private Phase _phase = Phase.New;
    private DeactivationReason? _ending;
    private long _lastUse = Environment.TickCount64;
    private long _keepUntil;

    public Activation(Silo silo, GrainClass implementation, GrainId id)
    {
        Silo = silo;
        Class = implementation;
        GrainId = id;
    }

    private enum Phase
    {
        New,
        Starting,
        Working,
        Ending,
        Gone,
    }

    /// <summary>The activation whose grain's constructor runs on this thread.</summary>
    public static Activation? BeingMade => s_beingMade;

    public Silo Silo { get; }

    public GrainClass Class { get; }

    public GrainId GrainId { get; }

    public IServiceProvider ActivationServices => Silo.ServiceProvider;

    /// <summary>Signalled when the activation ends.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Completes when the activation is no more.</summary>
    public Task Gone => _gone.Task;

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_ending is not null || _phase == Phase.Gone)
                return;
            _ending = deactivationReason;
        }
        Begin();
        Advance();
    }

    public void KeepUntil(TimeSpan time) => _keepUntil = Environment.TickCount64 + (long)time.TotalMilliseconds;

    /// <summary>Whether nothing happened here for so long.</summary>
    public bool IdleFor(TimeSpan age)
    {
        lock (_lock)
        {
            long now = Environment.TickCount64;
            return _phase == Phase.Working && _running.Count == 0 && _waiting.Count == 0 && now >= _keepUntil && now - _lastUse >= age.TotalMilliseconds;
        }
    }

    public void Add(IDisposable timer)
    {
        lock (_lock)
            _timers.Add(timer);
    }

    public void Remove(IDisposable timer)
    {
        lock (_lock)
            _timers.Remove(timer);
    }

    /// <summary>Calls a method; false if this activation ends and another must be asked.</summary>
    public bool TryCall(Request request)
    {
        lock (_lock)
        {
            if (_phase == Phase.Gone || _phase == Phase.Ending || _ending is not null)
                return false;
            _waiting.AddLast(request);
            if (request.CountsAsUse)
                _lastUse = Environment.TickCount64;
        }
        Begin();
        Advance();
        return true;
    }

    /// <summary>Runs something as a turn, between the turns of calls.</summary>
    public Task Run(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler).Unwrap();

    /// <inheritdoc cref="Run(Func{Task})"/>
    public Task<T> Run<T>(Func<Task<T>> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler).Unwrap();

    // With the first call waiting, not before: an activation that failed before anybody could reach it would be found dead by its caller,
    // and one that lost the race for its place must never wake.
    private void Begin()
    {
        lock (_lock)
        {
            if (_phase != Phase.New)
                return;
            _phase = Phase.Starting;
        }
        _ = Run(Start);
    }

    private async Task Start()
    {
        try
        {
            List<IStoredState> states;
            s_beingMade = this;
            try
            {
                (_grain, states) = Class.Make(this);
            }
            finally
            {
                s_beingMade = null;
            }
            foreach (IStoredState state in states)
                await state.ReadStateAsync();
            await _grain.OnActivateAsync(_ended.Token);
            lock (_lock)
                _phase = Phase.Working;
        }
        catch (Exception e)
        {
            // Whoever waits learns the reason as it was; the next call tries anew.
            Request[] waiting;
            lock (_lock)
            {
                _phase = Phase.Gone;
                waiting = [.. _waiting];
                _waiting.Clear();
            }
            await Stop();
            Leave();
            foreach (Request request in waiting)
                request.Fail(e);
            return;
        }
        Advance();
    }

    /// <summary>Begins every waiting call that may run now, and the end when it is time.</summary>
    private void Advance()
    {
        while (true)
        {
            Request next;
            lock (_lock)
            {
                if (_phase != Phase.Working)
                    return;
                LinkedListNode<Request>? node = _waiting.First;
                while (node is not null && !MayRun(node.Value))
                    node = node.Next;
                if (node is null || (_ending is not null && _running.Count == 0))
                {
                    if (_ending is null || _running.Count > 0)
                        return;
                    _phase = Phase.Ending;
                    break;
                }
                if (_ending is not null)
                    return;
                next = node.Value;
                _waiting.Remove(node);
                _running.Add(next);
            }
            _ = Run(() => Work(next));
        }
        _ = Run(End);
    }

    private bool MayRun(Request request)
        => _running.Count == 0 || Class.Reentrant || request.Interleaves || (request.ReadOnly && _running.TrueForAll(r => r.ReadOnly));

    private async Task Work(Request request)
    {
        try
        {
            await request.Run(_grain!);
        }
        finally
        {
            lock (_lock)
            {
                _running.Remove(request);
                if (request.CountsAsUse)
                    _lastUse = Environment.TickCount64;
            }
            Advance();
        }
    }

    private async Task End()
    {
        await Stop();
        try
        {
            await _grain!.OnDeactivateAsync(_ending!.Value, CancellationToken.None);
        }
        catch (Exception e)
        {
            Silo.Complain($"{GrainId}: OnDeactivateAsync failed", e);
        }
        Request[] waiting;
        lock (_lock)
        {
            _phase = Phase.Gone;
            waiting = [.. _waiting];
            _waiting.Clear();
        }
        Leave();
        foreach (Request request in waiting)
        {
            if (!request.EndsWithActivation)
                Silo.Send(GrainId, Class, request);
        }
    }

    /// <summary>Ends timers, and tells whoever listens for it that this is the end.</summary>
    private async Task Stop()
    {
        IDisposable[] timers;
        lock (_lock)
        {
            timers = [.. _timers];
            _timers.Clear();
        }
        foreach (IDisposable timer in timers)
            timer.Dispose();
        try
        {
            await _ended.CancelAsync();
        }
        catch (Exception e)
        {
            Silo.Complain($"{GrainId}: what was to happen at its end failed", e);
        }
    }

    // Whatever goes wrong here, others wait for this end; and the next activation begins after it.
    private void Leave()
    {
        try
        {
            (_grain as IDisposable)?.Dispose();
        }
        catch (Exception e)
        {
            Silo.Complain($"{GrainId}: it could not be disposed", e);
        }
        Silo.Forget(this);
        _gone.TrySetResult();
    }
}

/// <summary>A call or a timer's callback on its way to a grain.</summary>
internal abstract class Request
{
    public virtual bool Interleaves => false;
    public virtual bool ReadOnly => false;
    public virtual bool CountsAsUse => true;

    /// <summary>Whether it is nothing to the grain's next activation, and wakes none.</summary>
    public virtual bool EndsWithActivation => false;

    /// <summary>Does the work; failures go to whoever waits, never to the caller of this.</summary>
    public abstract Task Run(Grain grain);

    public abstract void Fail(Exception e);
}

/// <summary>A call of a method: arguments were copied, and the result is.</summary>
internal sealed class Call(GrainMethod method, object?[] arguments, Silo silo) : Request
{
    private readonly TaskCompletionSource<object?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override bool Interleaves => method.Interleaves;
    public override bool ReadOnly => method.ReadOnly;

    public Task<object?> Answer => _answer.Task;

    public override async Task Run(Grain grain)
    {
        try
        {
            object? result = method.Method.Invoke(grain, BindingFlags.DoNotWrapExceptions, null, arguments, null);
            _answer.TrySetResult(ValueCodec.Copy(await Results.Of(result, method), silo));
        }
        catch (Exception e)
        {
            // Its state is not what is stored: the next activation reads what is. Whoever is given the exception did not lose, and stays.
            if (e is InconsistentStateException { IsSourceActivation: true } lost)
            {
                lost.IsSourceActivation = false;
                grain.GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, e, "Somebody else wrote this grain's state."));
            }
            Fail(e);
        }
    }

    public override void Fail(Exception e)
    {
        if (method.OneWay)
            silo.Complain($"{method.Method.Name} failed, and its caller does not wait", e);
        _answer.TrySetException(ExceptionDispatchInfo.Capture(e).SourceException);
    }
}
