using Orleans;
using Orleans.Runtime;

namespace SelfPlayArena.Grains;

/// <inheritdoc cref="IMatchHostGrain"/>
public sealed class MatchHostGrain(SiloRuns runs, GrainMeter meter) : Grain, IMatchHostGrain
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10), LastChance = TimeSpan.FromSeconds(10);
    private HostThread? _thread;
    private HostOrder? _order;
    private IGrainTimer? _alive;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        meter.Activated("match-host");
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        meter.Deactivated("match-host");
        await Stop();
    }

    public Task<HostStatus> Start(HostOrder order)
    {
        if (order.Key != this.GetPrimaryKeyString())
            throw new ArgumentException($"the order of host '{order.Key}' came to '{this.GetPrimaryKeyString()}'", nameof(order));
        if (runs.Leaving)
            throw new OrleansException("this silo is about to leave; ask again");
        if (_thread is null or { Ended.IsCompleted: true })
        {
            _order = order;
            _thread = new HostThread(order, runs);
            // The thread calls nobody here, so without this the grain would be collected as idle.
            _alive ??= this.RegisterGrainTimer(Look, new GrainTimerCreationOptions(Beat, Beat) { KeepAlive = true });
        }
        return Status();
    }

    public async Task<HostStatus> Stop()
    {
        if (_thread is { } thread)
        {
            thread.Stop();
            await thread.Ended;
            await runs.Outbox(_order!.Run).DrainAsync(LastChance);
        }
        return await Status();
    }

    public Task<HostStatus> Status()
        => Task.FromResult(_thread?.Status ?? new HostStatus(HostState.Idle, 0, 0, 0, 0, 0, null, Environment.MachineName, Environment.ProcessId, null));

    private Task Look()
    {
        if (_thread is { Ended.IsCompleted: true })
        {
            _alive?.Dispose();
            _alive = null;
        }
        return Task.CompletedTask;
    }
}
