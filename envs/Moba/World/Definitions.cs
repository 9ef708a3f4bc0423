namespace SelfPlayArena.Moba;

/// <summary>How a skill is aimed.</summary>
public enum Aim : byte
{
    None,
    Target,
    Direction,
    Point,
}

/// <summary>Whom a skill aimed at a target, or an effect with a radius, reaches.</summary>
public enum Side : byte
{
    Enemies,
    Allies,
    Self,
}

/// <summary>The effect primitives that skills are written in.</summary>
public enum EffectKind : byte
{
    Damage,
    Heal,
    Shield,
    Stun,
    Root,
    Slow,
    Silence,
    Knockback,
    Dash,
    Blink,
    Projectile,
    Zone,
    Dot,
    Buff,
    Execute,

    /// <summary>Places units of <see cref="EffectDefinition.Unit"/> for a time; the amount is added to their attack.</summary>
    Summon,

    /// <summary>Unseen by enemies for a time, until it strikes or casts, save close by and within reach of towers.</summary>
    Stealth,

    /// <summary>Ends stuns, roots, slows, silences and damage over time.</summary>
    Cleanse,

    /// <summary>Gives (or with a negative amount takes) mana.</summary>
    Mana,
}

/// <summary>What resists a damage.</summary>
public enum DamageType : byte
{
    Physical,
    Magic,
    True,
}

/// <summary>Stats that buffs, passives and upgrades change.</summary>
public enum Stat : byte
{
    None,
    Attack,
    Power,
    AttackSpeed,
    MoveSpeed,
    Armor,
    MagicResist,
    MaxHp,
    MaxMana,
    HpRegen,
    ManaRegen,
    LifeSteal,
    CritChance,

    /// <summary>Share taken off cooldowns: cooldown / (1 + haste).</summary>
    Haste,

    /// <summary>Shares of the victim's armour and magic resistance that are ignored.</summary>
    ArmorPen,
    MagicPen,

    /// <summary>Share taken off the duration of enemies' control effects.</summary>
    Tenacity,
}

/// <summary>One effect primitive with its numbers. Lengths in cells, times in ticks, speeds in cells a tick.</summary>
public sealed class EffectDefinition
{
    public required EffectKind Kind { get; init; }
    public required DamageType DamageType { get; init; }

    /// <summary>Whom it reaches: the hit unit(s), allies, or the caster.</summary>
    public required Side To { get; init; }

    /// <summary>0: the unit that was hit or aimed at. Else everybody of <see cref="To"/> this near to where it happens; for zones the zone's size.</summary>
    public required float Radius { get; init; }

    /// <summary>[4]: by skill level minus one (shorter lists are padded with their last entry).</summary>
    public required float[] Amount { get; init; }

    /// <summary>Share of the caster's attack added to the amount.</summary>
    public required float AttackRatio { get; init; }

    /// <summary>Share of the caster's power added to the amount.</summary>
    public required float PowerRatio { get; init; }

    /// <summary>Share of the caster's maximal hp added to the amount.</summary>
    public required float HpRatio { get; init; }

    /// <summary>Share of the victim's missing hp added to the amount (execute).</summary>
    public required float MissingHpRatio { get; init; }
    public required int Duration { get; init; }
    public required int Delay { get; init; }
    public required int Interval { get; init; }
    public required Stat Stat { get; init; }

    /// <summary>Cells of a knock-back (negative ones pull, at most up to where it happens or to the caster), dash or blink, or range of a straight projectile.</summary>
    public required float Distance { get; init; }
    public required float Speed { get; init; }
    public required float Width { get; init; }
    public required bool Pierces { get; init; }

    /// <summary>Summon: which unit (index into <see cref="MobaContent.Summons"/>) and how many.</summary>
    public int Unit { get; init; }
    public int Count { get; init; } = 1;

    /// <summary>First child in <see cref="MobaContent.Effects"/>: what a projectile, zone or dash does when it hits.</summary>
    public int FirstChild { get; set; }
    public int Children { get; set; }
}

/// <summary>One skill.</summary>
public sealed class SkillDefinition
{
    public required string Name { get; init; }
    public required Aim Aim { get; init; }

    /// <summary>Whom a skill aimed at a target may be aimed at.</summary>
    public required Side Side { get; init; }

    /// <summary>Whether creeps, monsters and summoned units may be aimed at.</summary>
    public required bool OnCreeps { get; init; }

    /// <summary>Whether heroes may be aimed at.</summary>
    public bool OnHeroes { get; init; } = true;

    /// <summary>Whether it moves the caster (dash or blink): not while rooted.</summary>
    public required bool Moves { get; init; }

    /// <summary>Whether it cleanses the caster; a summoner spell that does may be cast while stunned.</summary>
    public bool Frees { get; init; }

    /// <summary>Cells.</summary>
    public required float Range { get; init; }

    /// <summary>[4] by level minus one.</summary>
    public required float[] Mana { get; init; }

    /// <summary>[4] ticks by level minus one.</summary>
    public required int[] Cooldown { get; init; }

    /// <summary>Ticks from the order to the effect.</summary>
    public required int CastTime { get; init; }
    public required int FirstEffect { get; init; }
    public required int Effects { get; init; }

    /// <summary>What a scripted player may use it for: damage, disable, heal, escape, engage, buff.</summary>
    public required IReadOnlyList<string> Uses { get; init; }
}

/// <summary>What sets a trigger off.</summary>
public enum TriggerOn : byte
{
    /// <summary>A basic attack of the owner lands on anything but a structure or ward; effects without radius reach whom it hits.</summary>
    Attack,

    /// <summary>A skill of the owner takes effect.</summary>
    Cast,

    /// <summary>The owner, or a unit it summoned, kills something other than a structure or ward.</summary>
    Kill,

    /// <summary>The owner takes part in the death of an enemy hero.</summary>
    Takedown,

    /// <summary>An enemy hero, or a unit it summoned, damages the owner (damage over time does not count); effects without radius reach that hero.</summary>
    Hurt,

    /// <summary>Every second while the owner lives.</summary>
    Second,

    /// <summary>The owner's hp falls below 30%.</summary>
    LowHp,
}

/// <summary>Effects that happen by themselves: the lively part of a passive.</summary>
public sealed class TriggerDefinition
{
    public required TriggerOn On { get; init; }

    /// <summary>Only every so many times, 1 for each.</summary>
    public required int Every { get; init; }

    /// <summary>Ticks until it can happen again.</summary>
    public required int Cooldown { get; init; }
    public required int FirstEffect { get; init; }
    public required int Effects { get; init; }
}

/// <summary>One item.</summary>
public sealed class ItemDefinition
{
    public required int Index { get; init; }
    public required string Name { get; init; }

    /// <summary>Gold; owned components are handed in and count for their price.</summary>
    public required int Price { get; init; }

    /// <summary>Items it is made from; at most three.</summary>
    public required int[] From { get; init; }

    /// <summary>[stats], by <see cref="Stat"/>.</summary>
    public required float[] Stats { get; init; }
    public required TriggerDefinition? Trigger { get; init; }

    /// <summary>What using it does, null for nothing. Its aim is none, target or direction; it costs no mana.</summary>
    public required SkillDefinition? Active { get; init; }
}

/// <summary>Stats at level 1 and what each further level adds. Speeds in cells a tick, regeneration a tick.</summary>
public sealed class HeroDefinition
{
    public required int Index { get; init; }
    public required string Name { get; init; }

    /// <summary>tank, fighter, assassin, mage, marksman or support.</summary>
    public required string Role { get; init; }

    /// <summary>[stats], by <see cref="Stat"/>.</summary>
    public required float[] Base { get; init; }
    public required float[] Growth { get; init; }

    /// <summary>Stats the passive adds.</summary>
    public required float[] Passive { get; init; }

    /// <summary>What the passive does besides, null for nothing.</summary>
    public TriggerDefinition? Trigger { get; init; }

    /// <summary>Recommended items in buying order; what does not fit any more replaces what it is made from.</summary>
    public int[] Build { get; init; } = [];

    /// <summary>[2] recommended summoner spells.</summary>
    public int[] Spells { get; init; } = [0, 0];

    /// <summary>Cells.</summary>
    public required float AttackRange { get; init; }

    /// <summary>Ticks between two attacks at attack speed 1.</summary>
    public required float AttackInterval { get; init; }
    public required int WindUp { get; init; }

    /// <summary>Cells a tick; 0 for melee heroes, whose attacks land at once.</summary>
    public required float ProjectileSpeed { get; init; }

    /// <summary>[4]: three skills and the ultimate.</summary>
    public required SkillDefinition[] Skills { get; init; }

    /// <summary>[15]: skill (0 to 3) that gains a level at each hero level.</summary>
    public required int[] SkillOrder { get; init; }
}

/// <summary>A creep, tower, ancient or monster.</summary>
public sealed class UnitDefinition
{
    public required string Name { get; init; }
    public required float MaxHp { get; init; }
    public required float Attack { get; init; }
    public required float Armor { get; init; }
    public required float MagicResist { get; init; }
    public required float AttackRange { get; init; }
    public required int AttackInterval { get; init; }
    public required int WindUp { get; init; }
    public required float ProjectileSpeed { get; init; }
    public required float MoveSpeed { get; init; }
    public required int Gold { get; init; }
    public required int Xp { get; init; }

    /// <summary>Factor on damage to structures.</summary>
    public required float StructureFactor { get; init; }

    /// <summary>Shares of hp and attack added a minute of match time.</summary>
    public required float GrowthPerMinute { get; init; }
}
