using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>How often units think: whoever compares speeds must know what is left out in most ticks.</summary>
public static class ThinkingPeriods
{
    /// <summary>Ticks from one thought to the next, by who thinks and of what. What happens in every tick (moving, blows, damage) is not listed.</summary>
    public static IReadOnlyDictionary<string, int> Ticks(MobaWorld world) => new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["heroes decide"] = world.Rules.DecisionTicks,
        ["creeps look for a target"] = Creeps.LookEvery,
        ["towers look for a target"] = Towers.LookEvery,
        ["heroes are looked for"] = Vision.HeroesEvery,
        ["creeps and monsters are looked for"] = Vision.Every,
        ["easy thinks"] = EasyPlayer.ThinkEvery * world.Rules.DecisionTicks,
        ["medium thinks"] = Math.Max(Traits.Medium.ThinkTicks, world.Rules.DecisionTicks),
        ["hard thinks"] = Math.Max(Traits.Hard.ThinkTicks, world.Rules.DecisionTicks),
        ["micro thinks"] = world.Rules.DecisionTicks,
    };
}
