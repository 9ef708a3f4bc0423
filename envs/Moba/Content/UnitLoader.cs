namespace SelfPlayArena.Moba;

/// <summary>Reads what creeps, structures, monsters and summoned units have in common.</summary>
internal static class UnitLoader
{
    public static readonly string[] Members =
    [
        "max_hp", "attack", "armor", "magic_resist", "attack_range", "attack_interval", "wind_up",
        "projectile_speed", "move_speed", "gold", "xp", "structure_factor", "growth_per_minute",
    ];

    public static UnitDefinition Read(string name, ContentNode n)
        => new()
        {
            Name = name,
            MaxHp = n["max_hp"].Whole(1, 100_000),
            Attack = n["attack"].Number(0f, 10_000f),
            Armor = n["armor"].Number(0f, 1000f),
            MagicResist = n["magic_resist"].Number(0f, 1000f),
            AttackRange = n["attack_range"].Number(1f, 12f),
            AttackInterval = Math.Max(2, n["attack_interval"].Ticks(10f)),
            WindUp = Math.Max(1, n["wind_up"].Ticks(5f)),
            ProjectileSpeed = n["projectile_speed"].Number(0f, 60f) / RulesDefinition.TicksPerSecond,
            MoveSpeed = n["move_speed"].Number(0f, 15f) / RulesDefinition.TicksPerSecond,
            Gold = n["gold"].Whole(0, 10_000),
            Xp = n["xp"].Whole(0, 10_000),
            StructureFactor = n["structure_factor"].Number(0f, 10f),
            GrowthPerMinute = n["growth_per_minute"].Number(0f, 1f),
        };
}
