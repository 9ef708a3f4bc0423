using Orleans;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Grains;

/// <summary>The frozen policies of one run that hosts of this process play with; what is not here comes from the run's model pool. Thread-safe; not for grains' threads.</summary>
/// <param name="plan">The plan of the learner's network: policies of an equal one share it.</param>
internal sealed class SiloModels(IModelPoolGrain pool, NetworkPlan plan, GrainMeter meter, CancellationToken stop, int cached = 12) : IPolicySource
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private readonly Lock _gate = new();
    private readonly RecentlyUsed<PlayerId, Lazy<PolicyVersion>> _held = new(cached);

    public PolicyVersion Get(PlayerId player)
    {
        Lazy<PolicyVersion>? policy;
        lock (_gate)
        {
            if (!_held.TryGet(player, out policy))
            {
                policy = new Lazy<PolicyVersion>(() => Fetch(player));
                _held.Add(player, policy);
            }
        }
        try
        {
            return policy.Value;
        }
        catch
        {
            // The next who asks tries anew.
            lock (_gate)
                _held.Remove(player, policy);
            throw;
        }
    }

    private PolicyVersion Fetch(PlayerId player)
    {
        string name = player.ToString();
        byte[] bytes = Patience.Wait(() => meter.Call("model-pool", "bundle", () => pool.Bundle(name)), Longest, stop).Value;
        return new PolicyVersion(PolicyBundle.Read(bytes, name).AdaptTo(plan.Spec).ToNetwork(like: plan), player.Version);
    }
}
