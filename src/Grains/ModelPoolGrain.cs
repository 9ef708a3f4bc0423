using Orleans;
using Orleans.Concurrency;
using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Grains;

/// <inheritdoc cref="IModelPoolGrain"/>
public sealed class ModelPoolGrain(IRunHome home, GrainMeter meter) : Grain, IModelPoolGrain
{
    /// <summary>A new snapshot is asked for by all silos at about the same time.</summary>
    private const int Kept = 4;
    private readonly RecentlyUsed<PlayerId, Immutable<byte[]>> _held = new(Kept);
    private long _asked, _read;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        meter.Activated("model-pool");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        meter.Deactivated("model-pool");
        return Task.CompletedTask;
    }

    public async Task<Immutable<byte[]>> Bundle(string player)
    {
        _asked++;
        PlayerId wanted = PlayerText.Parse(player);
        if (_held.TryGet(wanted, out Immutable<byte[]> held))
            return held;
        string run = this.GetPrimaryKeyString();
        // Not in a turn: it may have to be filled first.
        RunFolder folder = await Task.Run(() => home.Folder(run));
        byte[] bytes = await ModelPool.ReadBundleAsync(folder.Policies, wanted);
        _read++;
        var read = new Immutable<byte[]>(bytes);
        _held.Add(wanted, read);
        return read;
    }

    public Task<PoolStatus> Status() => Task.FromResult(new PoolStatus(_asked, _read, _held.Count));
}
