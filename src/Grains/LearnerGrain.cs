using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace SelfPlayArena.Grains;

/// <inheritdoc cref="ILearnerGrain"/>
public sealed class LearnerGrain(
    [PersistentState("learner", ArenaSilo.Storage)] IPersistentState<LearnerMemory> memory, IRunHome home, SiloRuns runs, GrainMeter meter, IServiceProvider services, TimeProvider time,
    ILogger<LearnerGrain> log) : Grain, ILearnerGrain
{
    private static readonly TimeSpan Tending = TimeSpan.FromSeconds(5), Opening = TimeSpan.FromSeconds(15), FirstPause = TimeSpan.FromMilliseconds(200);
    private LearnerThread? _thread;
    private readonly CancellationTokenSource _left = new();
    private IGrainTimer? _timer;
    private Task _following = Task.CompletedTask, _remembered = Task.CompletedTask;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        meter.Activated("learner");
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        meter.Deactivated("learner");
        if (_thread is not { } thread)
            return;
        thread.Stop(handOver: true);
        await thread.Ended;
        // What is to be remembered of its end is the next activation's to read.
        await Task.WhenAny(_following, Task.Delay(Tending, CancellationToken.None));
        await _left.CancelAsync();
    }

    public async Task<LearnerStatus> Start(LearnerOrder order)
    {
        if (runs.Leaving)
            throw new OrleansException("this silo is about to leave; ask again");
        bool begins = _thread is null or { Ended.IsCompleted: true };
        LearnerThread thread = begins ? Begin(order, remembered: false) : _thread!;
        if (begins)
        {
            await Task.WhenAny(thread.Opened, Task.Delay(Opening));
            if (thread.Opened.IsFaulted)
                await thread.Opened;
        }
        // Also when it was begun by a call whose order could not be written down: whoever asks again gets that done.
        if (!thread.Ended.IsCompleted && (begins || memory.State?.Order is null))
            await Remember(thread.Order);
        return await Status();
    }

    public Task<LearnerStatus> Stop()
    {
        GoOn();
        _thread?.Stop(handOver: false);
        return Status();
    }

    public Task<LearnerStatus> Snapshot()
    {
        GoOn();
        _thread?.Snapshot();
        return Status();
    }

    public Task<LearnerStatus> Pause()
    {
        GoOn();
        _thread?.Pause();
        return Status();
    }

    public Task<LearnerStatus> Resume()
    {
        GoOn();
        _thread?.Resume();
        return Status();
    }

    public Task<LearnerStatus> Status()
    {
        GoOn();
        return Task.FromResult(_thread?.Status ?? new LearnerStatus(LearnerState.Idle, 0, 0, 0, 0, 0, 0, null, Environment.MachineName, Environment.ProcessId, null));
    }

    public Task<LearnerPlace> Place()
    {
        GoOn();
        return Task.FromResult(_thread?.Place ?? new LearnerPlace(Open: false, Over: memory.State?.Order is null, null));
    }

    /// <summary>
    /// Whoever was here before and did not end in order left its order: goes on with that. Not when the grain is activated but when it is called, because
    /// the call that wakes it may be <see cref="Start"/> with an order of its own, and the newest counts.
    /// </summary>
    private void GoOn()
    {
        if (_thread is null && memory.State?.Order is { } order && !runs.Leaving)
            Begin(order, remembered: true);
    }

    private LearnerThread Begin(LearnerOrder order, bool remembered)
    {
        var thread = new LearnerThread(this.GetPrimaryKeyString(), order, remembered, home, runs, services.GetService<IRunWatcher>(), time);
        _thread = thread;
        _following = Follow(thread, remembered);
        // Interleaving, because a host whose silo has just died does not answer for a while, and others ask meanwhile where the learner is.
        _timer?.Dispose();
        _timer = this.RegisterGrainTimer(() => Tend(thread), new GrainTimerCreationOptions(Tending, Tending) { KeepAlive = true, Interleave = true });
        return thread;
    }

    /// <summary>Runs along in this grain's turns: starts the hosts when the door is open, and forgets the order when it was carried out.</summary>
    private async Task Follow(LearnerThread thread, bool remembered)
    {
        await Task.WhenAny(thread.Ready, thread.Ended);
        await Tend(thread);
        Exception? failure = await thread.Ended;
        if (failure is not null)
            log.LogWarning(failure, "the run {Run} ended", this.GetPrimaryKeyString());
        if (!ReferenceEquals(thread, _thread) || !thread.Place.Over)
            return;
        _timer?.Dispose();
        // What could not even be opened may be held by another process, and then what is remembered is that one's.
        if (remembered || thread.Opened.IsCompletedSuccessfully)
            await Forget(thread);
    }

    /// <summary>Nobody waits for this, and a run whose end is not written down would begin again with the next activation: it is tried until it is.</summary>
    private async Task Forget(LearnerThread thread)
    {
        for (TimeSpan pause = FirstPause; ReferenceEquals(thread, _thread); pause = pause * 2 < Tending ? pause * 2 : Tending)
        {
            try
            {
                await Remember(null);
                return;
            }
            catch (Exception e) when (!_left.IsCancellationRequested)
            {
                log.LogWarning(e, "that the run {Run} has ended could not be written down, and will be again", this.GetPrimaryKeyString());
            }
            await Task.Delay(pause, _left.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Sees that every host plays: one whose silo died is made anew on another by being called.</summary>
    private async Task Tend(LearnerThread thread)
    {
        if (!thread.Place.Open)
            return;
        string run = this.GetPrimaryKeyString();
        await Task.WhenAll(Enumerable.Range(0, thread.Order.Hosts).Select(async h =>
        {
            var order = new HostOrder(run, h, 0);
            try
            {
                await meter.Call("match-host", "start", () => GrainFactory.GetGrain<IMatchHostGrain>(order.Key).Start(order));
            }
            // Whatever it is, also that no silo that plays is in the cluster yet and nobody knows the grain: the others play, and it is asked again.
            catch (Exception e)
            {
                log.LogInformation("match host {Host} does not answer, and will be asked again: {Why}", order.Key, e.Message);
            }
        }));
    }

    /// <summary>One write after another: a run may end while it is still written down that it began.</summary>
    private Task Remember(LearnerOrder? order) => _remembered = Remember(order, _remembered);

    private async Task Remember(LearnerOrder? order, Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (order is null && memory.State?.Order is null)
            return;
        LearnerMemory? written = memory.State;
        memory.State = new LearnerMemory { Order = order };
        try
        {
            await memory.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            // Another activation took over from this one: what is to be remembered is its business.
            DeactivateOnIdle();
        }
        catch
        {
            memory.State = written!;
            throw;
        }
    }
}
