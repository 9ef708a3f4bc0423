using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Matches.Bots;

namespace SelfPlayArena.Server.Tests.Matches;

/// <summary>Has policies of new weights by some names, and the scripted players.</summary>
internal sealed class Untrained(params string[] names) : IPlayerSource
{
    public const string Player = "file:untrained";
    private readonly PlayerSource _scripted = new(null, files: false);

    public Contestant Load(string player, EnvironmentSpec spec)
    {
        if (player != Player && !names.Contains(player))
            return _scripted.Load(player, spec);
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(spec), spec);
        return new Contestant(player, null, new PolicyVersion(new PolicyNetwork(plan, WeightInitializer.Create(plan, 3)), 1));
    }
}
