namespace SelfPlayArena.Moba.Tests.Exactness;

/// <summary>
/// Compares a match with its reflection, (x, y) → (-y, -x) and teams exchanged, field by field and bit by bit. Where a field's entries go is
/// told by its length, what its values mean by its name; one that is not listed here is a plain amount.
/// </summary>
internal sealed unsafe class Reflection
{
    private enum Meaning
    {
        Amount,
        Coordinate,
        Unit,
        Team,
        Teams,
        Hits,
        Buffs,
        Nothing,
    }

    /// <summary>One field, how its values change, where its entries go, and for a coordinate the other one's field.</summary>
    private sealed record Entry(StateFields.Field Field, Meaning Meaning, int[] Places, StateFields.Field Partner);

    /// <summary>Values are units, -1 for none.</summary>
    private static readonly string[] Units =
    [
        "AttackTarget", "OrderTarget", "CastTarget", "DashTarget", "LastStruckHero", "TowerAggro", "DotOwner", "ProjectileOwner", "ProjectileTarget",
        "ZoneOwner", "OwnerHero", "PendingTarget", "MacroGoal",
    ];

    private static readonly string[] Teams = ["Team", "ProjectileTeam", "ZoneTeam", "Winner"];

    private readonly Entry[] _entries;

    public Reflection(GameMap map)
    {
        _entries = [.. StateFields.All.Select(f => new Entry(f, MeaningOf(f), [.. Enumerable.Range(0, f.Length).Select(i => Place(map, f, i))], Partner(f)))];
    }

    /// <summary>The first places in which two states are not reflections of one another, null if they are.</summary>
    public string? Difference(in WorldState a, in WorldState b)
    {
        List<string>? found = null;
        fixed (WorldState* p = &a, q = &b)
        {
            foreach (Entry e in _entries)
            {
                for (int i = 0; i < e.Places.Length; i++)
                {
                    int j = e.Places[i];
                    if (Alike(e, p, i, q, j))
                        continue;
                    found ??= [];
                    if (found.Count < 8)
                        found.Add($"{e.Field.Name}[{i}] is {e.Field.Read(p, i)}, in the reflected match {e.Partner.Name}[{j}] is {e.Partner.Read(q, j)}");
                }
            }
        }
        return found is null ? null : $"tick {a.Tick}: {string.Join("; ", found)}";
    }

    private static Meaning MeaningOf(StateFields.Field f) => f.Name switch
    {
        // Says where to look first, not what is seen.
        "Viewer" => Meaning.Nothing,
        "Visible" => Meaning.Teams,
        "ProjectileHitLow" => Meaning.Hits,
        "ProjectileHitHigh" => Meaning.Nothing,
        // A hero's buffs are a set: which place one takes depends on who came first, what they do does not.
        "BuffStat" => Meaning.Buffs,
        "BuffAmount" or "BuffUntil" => Meaning.Nothing,
        _ when f.Type == typeof(float) && f.Name[^1] is 'X' or 'Y' => Meaning.Coordinate,
        _ when Units.Contains(f.Name) => Meaning.Unit,
        _ when Teams.Contains(f.Name) => Meaning.Team,
        _ => Meaning.Amount,
    };

    private static StateFields.Field Partner(StateFields.Field f)
        => MeaningOf(f) == Meaning.Coordinate ? StateFields.Named(f.Name[..^1] + (f.Name[^1] == 'X' ? 'Y' : 'X')) : f;

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
        _ when f.Length % UnitIndex.Heroes == 0 || f.Name == "Viewer" => (i + f.Length / 2) % f.Length,
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

    private static bool Alike(Entry e, WorldState* a, int i, WorldState* b, int j)
    {
        double x = e.Field.Read(a, i);
        double y = e.Partner.Read(b, j);
        // Zero in both places of such a field is an entry that was never used.
        return e.Meaning switch
        {
            Meaning.Amount => x == y,
            Meaning.Coordinate => x == -y,
            Meaning.Unit => x is < 0 or >= UnitIndex.Count ? x == y : y == UnitIndex.Mirror((int)x) || ((e.Field.Type == typeof(byte) || e.Field.Name == "PendingTarget") && x == 0 && y == 0) || Choice(e, a, i, x, y),
            Meaning.Team => x is < 0 or > 1 ? x == y : y == 1 - x || (e.Field.Name[0] is 'P' or 'Z' && x == 0 && y == 0),
            Meaning.Teams => (int)y == ((int)x >> 1 | ((int)x & 1) << 1),
            Meaning.Hits => Hits(a, i, true) == Hits(b, j, false),
            Meaning.Buffs => Alike(a, i, b, j),
            _ => true,
        };
    }

    /// <summary>Whether a hero has the buff of place i as often as its reflection has it.</summary>
    private static bool Alike(WorldState* a, int i, WorldState* b, int j)
        => Times(a, i / WorldState.BuffSlots, a, i) == Times(b, j / WorldState.BuffSlots, a, i);

    private static int Times(WorldState* s, int hero, WorldState* of, int buff)
    {
        int n = 0;
        for (int k = hero * WorldState.BuffSlots; k < (hero + 1) * WorldState.BuffSlots; k++)
            n += s->BuffStat[k] == of->BuffStat[buff] && s->BuffAmount[k] == of->BuffAmount[buff] && s->BuffUntil[k] == of->BuffUntil[buff] ? 1 : 0;
        return n;
    }

    /// <summary>What waits to be bought or learnt is no unit.</summary>
    private static bool Choice(Entry e, WorldState* a, int i, double x, double y)
        => e.Field.Name == "PendingTarget" && a->PendingVerb[i] is (byte)Verb.Buy or (byte)Verb.Learn && x == y;

    /// <summary>The units that a projectile has hit, as the reflected match numbers them if asked so.</summary>
    private static UInt128 Hits(WorldState* s, int i, bool mirrored)
    {
        UInt128 hits = new(s->ProjectileHitHigh[i], s->ProjectileHitLow[i]);
        if (!mirrored || hits == 0)
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
