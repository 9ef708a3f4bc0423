using Orleans;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Grains;

/// <summary>The frozen policies of one run that hosts of this process play with; what is not here comes from the run's model pool. Thread-safe; not for grains' threads.</summary>
/// <param name="plan">The plan of the learner's network: policies of an equal one share it.</param>
/// <param name="gone">Signalled when this process needs none any more.</param>
internal sealed class SiloModels(IModelPoolGrain pool, NetworkPlan plan, GrainMeter meter, CancellationToken gone, int cached = 12)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private readonly Lock _gate = new();
    private readonly RecentlyUsed<PlayerId, Task<PolicyVersion>> _held = new(cached);

    /// <summary>Waits for a policy that is not here yet; others who want it wait for the same one.</summary>
    /// <exception cref="OperationCanceledException">The host that wants it is to end.</exception>
    public PolicyVersion Get(PlayerId player, CancellationToken stop)
    {
        Task<PolicyVersion>? policy;
        lock (_gate)
        {
            // Who asks after a failure tries anew.
            if (!_held.TryGet(player, out policy) || policy.IsFaulted || policy.IsCanceled)
            {
                policy = Task.Factory.StartNew(() => Fetch(player), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                _held.Add(player, policy);
            }
        }
        return policy.WaitAsync(stop).GetAwaiter().GetResult();
    }

    private PolicyVersion Fetch(PlayerId player)
    {
        string name = player.ToString();
        byte[] bytes = Patience.Wait(() => meter.Call("model-pool", "bundle", () => pool.Bundle(name)), Longest, gone).Value;
        return new PolicyVersion(PolicyBundle.Read(bytes, name).AdaptTo(plan.Spec).ToNetwork(like: plan), player.Version);
    }
}
