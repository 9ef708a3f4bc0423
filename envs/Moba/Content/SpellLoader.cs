namespace SelfPlayArena.Moba;

/// <summary>Reads the files of summoner spells and of summoned units.</summary>
internal static class SpellLoader
{
    public const int Most = 12;
    private const int MostSummons = 16;

    public static SkillDefinition[] Read(ContentNode n, SkillLoader skills)
    {
        n.Only("$schema", "spells");
        SkillDefinition[] spells = [.. n["spells"].Items(WorldState.Spells, Most).Select(skills.Spell)];
        Distinct(n["spells"], [.. spells.Select(s => s.Name)]);
        return spells;
    }

    public static UnitDefinition[] ReadSummons(ContentNode n)
    {
        n.Only("$schema", "summons");
        UnitDefinition[] summons = [.. n["summons"].Items(0, MostSummons).Select(Summon)];
        Distinct(n["summons"], [.. summons.Select(s => s.Name)]);
        return summons;
    }

    private static UnitDefinition Summon(ContentNode n)
    {
        n.Only("name", "max_hp", "attack", "armor", "magic_resist", "attack_range", "attack_interval", "wind_up", "projectile_speed", "move_speed", "gold", "xp", "structure_factor", "growth_per_minute");
        return new UnitDefinition
        {
            Name = n["name"].Text(),
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

    private static void Distinct(ContentNode n, string[] names)
    {
        string? twice = names.GroupBy(s => s, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
            throw n.Error($"has '{twice}' twice; allowed: names that differ");
    }
}
