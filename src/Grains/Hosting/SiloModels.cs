using Orleans;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Grains;

/// <summary>The frozen policies of one run that hosts of this process play with; what is not here comes from the run's model pool. Thread-safe; not for grains' threads.</summary>
internal sealed class SiloModels(IModelPoolGrain pool, EnvironmentSpec spec, GrainMeter meter, CancellationToken stop, int cached = 12) : IPolicySource
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private readonly Lock _gate = new();
    private readonly LinkedList<(PlayerId Player, Lazy<PolicyVersion> Policy)> _held = new();

    public PolicyVersion Get(PlayerId player)
    {
        Lazy<PolicyVersion> policy;
        lock (_gate)
        {
            LinkedListNode<(PlayerId Player, Lazy<PolicyVersion> Policy)>? node = _held.First;
            while (node is not null && node.Value.Player != player)
                node = node.Next;
            if (node is not null)
                _held.Remove(node);
            else
                node = new((player, new Lazy<PolicyVersion>(() => Fetch(player))));
            _held.AddFirst(node);
            if (_held.Count > cached)
                _held.RemoveLast();
            policy = node.Value.Policy;
        }
        try
        {
            return policy.Value;
        }
        catch
        {
            // The next who asks tries anew.
            lock (_gate)
                _held.Remove((player, policy));
            throw;
        }
    }

    private PolicyVersion Fetch(PlayerId player)
    {
        string name = player.ToString();
        byte[] bytes = Patience.Wait(() => meter.Call("model-pool", "bundle", () => pool.Bundle(name)), Longest, stop).Value;
        return new PolicyVersion(PolicyBundle.Read(bytes, name).AdaptTo(spec).ToNetwork(), player.Version);
    }
}
