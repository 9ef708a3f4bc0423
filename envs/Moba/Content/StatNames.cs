namespace SelfPlayArena.Moba;

/// <summary>Stats as content files write them.</summary>
internal static class StatNames
{
    public static readonly int Count = Enum.GetValues<Stat>().Length;

    private static readonly string[] Names =
    [
        "none", "attack", "power", "attack_speed", "move_speed", "armor", "magic_resist", "max_hp", "max_mana", "hp_regen", "mana_regen", "life_steal", "crit_chance",
        "haste", "armor_pen", "magic_pen", "tenacity",
    ];

    /// <summary>Name of a stat in content files.</summary>
    public static string Of(Stat stat) => Names[(int)stat];

    public static Stat Read(ContentNode node)
    {
        int i = node.Choice(Names.AsSpan(1));
        return (Stat)(i + 1);
    }

    /// <summary>
    /// A table of stats. Regeneration is written a second and kept a tick; attack speed and move speed are shares added, except in base
    /// tables, where attack speed is the factor and move speed cells a second.
    /// </summary>
    public static float[] ReadTable(ContentNode node, bool isBase = false)
    {
        var table = new float[Count];
        foreach ((string name, ContentNode value) in node.Members())
        {
            int i = Array.IndexOf(Names, name, 1);
            if (i < 0)
                throw node.Error($"unknown stat '{name}'; allowed: {string.Join(", ", Names.Skip(1))}");
            float v = value.Number(-10000f, 10000f);
            if ((Stat)i is Stat.HpRegen or Stat.ManaRegen || (isBase && (Stat)i == Stat.MoveSpeed))
                v /= RulesDefinition.TicksPerSecond;
            table[i] = v;
        }
        return table;
    }
}
