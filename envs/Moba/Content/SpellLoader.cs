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
        n.Only(["name", .. UnitLoader.Members]);
        return UnitLoader.Read(n["name"].Text(), n);
    }

    private static void Distinct(ContentNode n, string[] names)
    {
        string? twice = names.GroupBy(s => s, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
            throw n.Error($"has '{twice}' twice; allowed: names that differ");
    }
}
