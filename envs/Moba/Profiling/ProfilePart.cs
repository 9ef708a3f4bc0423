namespace SelfPlayArena.Moba;

/// <summary>The parts of a decision that a profile tells apart, in the order in which they run.</summary>
public enum ProfilePart
{
    // Step, once a decision.
    Rewards,
    Slots,
    Orders,

    // Step, once a tick: the systems of Systems/Tick.cs.
    Begin,
    HeroUpkeep,
    HeroActions,
    Creeps,
    Towers,
    Monsters,
    Projectiles,
    Zones,
    Movement,
    DamagePhase,
    Deaths,
    Spawning,
    Vision,
    Ending,

    // Observe, once a team or hero.
    Gather,
    Rows,
    Masks,
    FullState,
}
