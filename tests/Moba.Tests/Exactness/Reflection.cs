namespace SelfPlayArena.Moba.Tests.Exactness;

/// <summary>
/// Compares a match with its reflection, (x, y) → (-y, -x) and teams exchanged, field by field and bit by bit. Where a field's entries go is
/// told by its length, what its values mean by its name; one that is not listed here is a plain amount.
/// </summary>
internal static unsafe class Reflection
{
    /// <summary>Values are units, -1 for none. Zero in both is an entry that was never used.</summary>
    private static readonly string[] Units =
    [
        "AttackTarget", "OrderTarget", "CastTarget", "DashTarget", "LastStruckHero", "TowerAggro", "DotOwner", "ProjectileOwner", "ProjectileTarget",
        "ZoneOwner", "OwnerHero",
    ];

    private static readonly string[] Teams = ["Team", "ProjectileTeam", "ZoneTeam", "Winner"];

    /// <summary>Viewer says where to look first, not what is seen: it may differ.</summary>
    private static readonly string[] Ignored = ["Viewer"];

    /// <summary>The first places in which two states are not reflections of one another, null if they are.</summary>
    public static string? Difference(GameMap map, in WorldState a, in WorldState b)
    {
        var found = new List<string>();
        fixed (WorldState* p = &a, q = &b)
        {
            foreach (StateFields.Field f in StateFields.All)
            {
                if (Array.IndexOf(Ignored, f.Name) >= 0)
                    continue;
                for (int i = 0; i < f.Length && found.Count < 12; i++)
                {
                    int j = Place(map, f, i);
                    if (!Alike(f, p, i, q, j))
                        found.Add($"{f.Name}[{i}] is {f.Read(p, i)}, in the reflected match {f.Name}[{j}] is {f.Read(q, j)}");
                }
            }
        }
        return found.Count == 0 ? null : $"tick {a.Tick}: {string.Join("; ", found)}";
    }

    private static int Place(GameMap map, StateFields.Field f, int i) => f.Length switch
    {
        UnitIndex.Count => UnitIndex.Mirror(i),
        1 => 0,
        UnitIndex.Teams => 1 - i,
        WorldState.MaxProjectiles => i ^ WorldState.ProjectilesPerTeam,
        WorldState.MaxZones => (i + WorldState.ZonesPerTeam) % WorldState.MaxZones,
        8 when f.Name == "LaneAlive" => i < 2 * UnitIndex.Lanes ? (i + UnitIndex.Lanes) % (2 * UnitIndex.Lanes) : i,
        WorldState.Camps when f.Name.StartsWith("Camp", StringComparison.Ordinal) => Camp(map, i),
        UnitIndex.Summons + UnitIndex.Wards => UnitIndex.Mirror(UnitIndex.FirstSummon + i) - UnitIndex.FirstSummon,
        UnitIndex.Structures when !f.Name.StartsWith("Spell", StringComparison.Ordinal) => (i + UnitIndex.StructuresPerTeam) % UnitIndex.Structures,
        _ when f.Length % UnitIndex.Heroes == 0 => (i + f.Length / 2) % f.Length,
        _ => throw new InvalidOperationException($"how {f.Name} with {f.Length} entries is reflected is not said"),
    };

    private static int Camp(GameMap map, int camp)
    {
        for (int m = 0; m < map.MonsterCount; m++)
        {
            int other = UnitIndex.Mirror(UnitIndex.FirstMonster + m) - UnitIndex.FirstMonster;
            if (map.MonsterCamp[m] == camp && other < map.MonsterCount)
                return map.MonsterCamp[other];
        }
        return camp;
    }

    private static bool Alike(StateFields.Field f, WorldState* a, int i, WorldState* b, int j)
    {
        double x = f.Read(a, i);
        if (f.Type == typeof(float) && f.Name[^1] is 'X' or 'Y')
            return x == -StateFields.Named(f.Name[..^1] + (f.Name[^1] == 'X' ? 'Y' : 'X')).Read(b, j);
        double y = f.Read(b, j);
        if (f.Name == "Visible")
            return (int)y == ((int)x >> 1 | ((int)x & 1) << 1);
        if (f.Name is "ProjectileHitLow")
            return Hits(a, i, true) == Hits(b, j, false);
        if (f.Name is "ProjectileHitHigh")
            return true;
        if (Array.IndexOf(Units, f.Name) >= 0)
            return x < 0 ? x == y : y == UnitIndex.Mirror((int)x) || (f.Type == typeof(byte) && x == 0 && y == 0);
        if (Array.IndexOf(Teams, f.Name) >= 0)
            return x is < 0 or > 1 ? x == y : y == 1 - x || (f.Name[0] is 'P' or 'Z' && x == 0 && y == 0);
        return x == y;
    }

    /// <summary>The units that a projectile has hit, as the reflected match numbers them if asked so.</summary>
    private static UInt128 Hits(WorldState* s, int i, bool mirrored)
    {
        UInt128 hits = new(s->ProjectileHitHigh[i], s->ProjectileHitLow[i]);
        if (!mirrored)
            return hits;
        UInt128 result = 0;
        for (int u = 0; u < 128; u++)
        {
            if ((hits >> u & 1) != 0)
                result |= UInt128.One << UnitIndex.Mirror(u);
        }
        return result;
    }
}
