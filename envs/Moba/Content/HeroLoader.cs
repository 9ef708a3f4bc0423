namespace SelfPlayArena.Moba;

/// <summary>Reads hero files.</summary>
internal sealed class HeroLoader(SkillLoader skills, IReadOnlyList<ItemDefinition> items, IReadOnlyList<SkillDefinition> spells)
{
    private static readonly string[] Roles = ["tank", "fighter", "assassin", "mage", "marksman", "support"];
    private static readonly Stat[] AboveZero = [Stat.Attack, Stat.AttackSpeed, Stat.MoveSpeed, Stat.MaxHp, Stat.MaxMana];

    public HeroDefinition Read(int index, ContentNode n)
    {
        n.Only("$schema", "name", "role", "base", "growth", "passive", "attack_range", "attack_interval", "wind_up", "projectile_speed", "skills", "skill_order", "build", "spells");
        float[] start = StatNames.ReadTable(n["base"], isBase: true);
        foreach (Stat s in AboveZero)
        {
            if (start[(int)s] <= 0f)
                throw n["base"].Error($"stat '{StatNames.Of(s)}' must be above 0");
        }
        ContentNode passive = n["passive"].Only("name", "stats", "trigger");
        _ = passive["name"].Text();
        return new HeroDefinition
        {
            Index = index,
            Name = n["name"].Text(),
            Role = Roles[n["role"].Choice(Roles)],
            Base = start,
            Growth = StatNames.ReadTable(n["growth"]),
            Passive = passive.Has("stats") ? StatNames.ReadTable(passive["stats"]) : new float[StatNames.Count],
            Trigger = passive.Has("trigger") ? skills.Trigger(passive["trigger"]) : null,
            AttackRange = n["attack_range"].Number(1f, 12f),
            AttackInterval = n["attack_interval"].Number(0.3f, 5f) * RulesDefinition.TicksPerSecond,
            WindUp = Math.Max(1, n["wind_up"].Ticks(2f)),
            ProjectileSpeed = n["projectile_speed"].Number(0f, 60f) / RulesDefinition.TicksPerSecond,
            Skills = [.. n["skills"].Items(WorldState.Skills, WorldState.Skills).Select(skills.Skill)],
            SkillOrder = Order(n["skill_order"]),
            Build = [.. n["build"].Items(1, 12).Select(i => i.Choice([.. items.Select(d => d.Name)]))],
            Spells = Spells(n["spells"]),
        };
    }

    /// <summary>Each skill at most four times, the ultimate at most three and not before level 6.</summary>
    private static int[] Order(ContentNode n)
    {
        int[] order = [.. n.Items(RulesDefinition.MaxLevel, RulesDefinition.MaxLevel).Select(s => s.Whole(1, WorldState.Skills) - 1)];
        for (int k = 0; k < WorldState.Skills; k++)
        {
            int most = k == WorldState.Skills - 1 ? 3 : 4;
            if (order.Count(s => s == k) != most)
                throw n.Error($"has skill {k + 1} {order.Count(s => s == k)} times; allowed: {most} times");
        }
        if (Array.IndexOf(order, WorldState.Skills - 1) < 5)
            throw n.Error("has the ultimate (4) too early; allowed: from the sixth entry on");
        return order;
    }

    private int[] Spells(ContentNode n)
    {
        int[] chosen = [.. n.Items(WorldState.Spells, WorldState.Spells).Select(s => s.Choice([.. spells.Select(d => d.Name)]))];
        return chosen[0] != chosen[1] ? chosen : throw n.Error("names the same spell twice; allowed: two that differ");
    }
}
