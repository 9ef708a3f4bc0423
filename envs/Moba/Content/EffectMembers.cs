namespace SelfPlayArena.Moba;

/// <summary>Where an effect stands, which decides whom it can reach and what it may carry.</summary>
internal enum EffectPlace
{
    /// <summary>Of a skill aimed at a unit.</summary>
    AimedAtUnit,

    /// <summary>Of a skill aimed otherwise: there is no unit, only a place.</summary>
    AimedElsewhere,

    /// <summary>What a projectile does to what it hits.</summary>
    Projectile,

    /// <summary>What a zone does to everybody within.</summary>
    Zone,

    /// <summary>What happens where a dash ends.</summary>
    DashToUnit,
    DashElsewhere,

    /// <summary>Of a trigger that tells a unit.</summary>
    TriggerWithUnit,
    Trigger,
}

/// <summary>Which members each kind of effect has in content files.</summary>
internal static class EffectMembers
{
    public static readonly string[] Kinds = [.. Enum.GetNames<EffectKind>().Select(n => n.ToLowerInvariant())];

    /// <summary>Members besides <c>kind</c> that a kind must have, and those that it may have.</summary>
    public static (string[] Must, string[] May) Of(EffectKind kind) => kind switch
    {
        EffectKind.Damage => (["type", "amount"], ["to", "radius", "attack", "power", "hp"]),
        EffectKind.Execute => (["type", "amount", "missing_hp"], ["to", "radius", "attack", "power", "hp"]),
        EffectKind.Dot => (["type", "amount", "duration"], ["to", "radius", "attack", "power", "hp"]),
        EffectKind.Heal => (["to", "amount"], ["radius", "attack", "power", "hp"]),
        EffectKind.Shield => (["to", "amount", "duration"], ["radius", "attack", "power", "hp"]),
        EffectKind.Buff => (["to", "stat", "amount", "duration"], ["radius", "attack", "power", "hp"]),
        EffectKind.Mana => (["to", "amount"], ["radius"]),
        EffectKind.Stealth => (["to", "duration"], ["radius"]),
        EffectKind.Cleanse => (["to"], ["radius"]),
        EffectKind.Stun or EffectKind.Root or EffectKind.Silence => (["duration"], ["to", "radius"]),
        EffectKind.Slow => (["amount", "duration"], ["to", "radius"]),
        EffectKind.Knockback => (["distance", "speed"], ["to", "radius"]),
        EffectKind.Dash => (["distance", "speed"], ["effects"]),
        EffectKind.Blink => (["distance"], []),
        EffectKind.Projectile => (["speed", "effects"], ["distance", "width", "pierces"]),
        EffectKind.Zone => (["radius", "duration", "interval", "effects"], ["delay"]),
        EffectKind.Summon => (["unit", "duration"], ["count", "amount", "attack", "power"]),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Kinds that may stand in a place. Movement belongs to the caster's own skills; zones and summons are not multiplied by zones and projectiles.</summary>
    public static string[] Allowed(EffectPlace place)
        => [.. Enum.GetValues<EffectKind>().Where(k => IsAllowed(k, place)).Select(k => Kinds[(int)k])];

    private static bool IsAllowed(EffectKind kind, EffectPlace place) => place switch
    {
        EffectPlace.AimedAtUnit or EffectPlace.AimedElsewhere => true,
        EffectPlace.Zone => kind is not (EffectKind.Dash or EffectKind.Blink or EffectKind.Projectile or EffectKind.Zone or EffectKind.Summon or EffectKind.Stealth),
        EffectPlace.Projectile => kind is not (EffectKind.Dash or EffectKind.Blink or EffectKind.Projectile or EffectKind.Summon or EffectKind.Stealth),
        _ => kind is not (EffectKind.Dash or EffectKind.Blink or EffectKind.Projectile),
    };

    /// <summary>Whether an effect without radius has a unit to happen to.</summary>
    public static bool HasUnit(EffectPlace place)
        => place is EffectPlace.AimedAtUnit or EffectPlace.Projectile or EffectPlace.Zone or EffectPlace.DashToUnit or EffectPlace.TriggerWithUnit;
}
