using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Moba.Systems;

/// <summary>
/// What lives for one tick only, on the stack. Damage, healing and blinks are collected here and applied in one phase, so that no side
/// gains by being computed first.
/// </summary>
internal unsafe struct Scratch
{
    public const int MaxDamage = 1024;

    public const int MaxSummons = 16;

    /// <summary>A basic attack: life-steal applies.</summary>
    public const byte Basic = 1;

    /// <summary>Damage by a trigger, which sets off no others.</summary>
    public const byte Quiet = 2;

    /// <summary>Damage over time: it hurts, but not anew each tick.</summary>
    public const byte Lasting = 4;

    /// <summary>Stands for no unit.</summary>
    public const byte Nobody = 255;

    public int Count;
    public fixed float Amount[MaxDamage];
    public fixed byte Source[MaxDamage];
    public fixed byte Target[MaxDamage];
    public fixed byte Type[MaxDamage];
    public fixed byte Flags[MaxDamage];
    public fixed float Heal[UnitIndex.Heroes];
    public fixed float BlinkX[UnitIndex.Heroes];
    public fixed float BlinkY[UnitIndex.Heroes];
    public fixed byte Blinks[UnitIndex.Heroes];

    /// <summary>1 for units that could act when the tick began.</summary>
    public fixed byte CanAct[UnitIndex.Count];
    public fixed float NextX[UnitIndex.Count];
    public fixed float NextY[UnitIndex.Count];

    /// <summary>By creep (index minus FirstCreep): place and body of what it attacks; the last places only fill up vectors.</summary>
    public fixed float AimX[UnitIndex.Creeps + Near.Wide];
    public fixed float AimY[UnitIndex.Creeps + Near.Wide];
    public fixed float AimBody[UnitIndex.Creeps + Near.Wide];
    public fixed byte Dead[UnitIndex.Count];
    public fixed byte Killer[UnitIndex.Count];
    public int Deaths;

    /// <summary>Mana given and taken, whole 1/1024.</summary>
    public fixed float Mana[UnitIndex.Heroes];

    /// <summary>1 for heroes whose bad effects end with this tick.</summary>
    public fixed byte Cleansed[UnitIndex.Heroes];

    /// <summary>1 for heroes whose stats are to be computed anew.</summary>
    public fixed byte Stale[UnitIndex.Heroes];

    /// <summary>Hp of heroes before any damage of the tick.</summary>
    public fixed float HpBefore[UnitIndex.Heroes];

    /// <summary>Bit t by monster: team t pushed it about in this tick, or laid the damage over time on it.</summary>
    public fixed byte PushedBy[UnitIndex.Monsters];
    public fixed byte DottedBy[UnitIndex.Monsters];

    /// <summary>By monster * 2 + team: damage of this tick, and the team's last unit to deal it.</summary>
    public fixed float MonsterDamage[UnitIndex.Monsters * UnitIndex.Teams];
    public fixed byte MonsterHitter[UnitIndex.Monsters * UnitIndex.Teams];

    /// <summary>1 once units have moved: a push begun then takes its first step in the next tick.</summary>
    public int AfterMovement;

    /// <summary>Bit i: monster i was damaged in this tick.</summary>
    public uint MonstersHit;

    /// <summary>Units to be placed at the tick's end, by team * MaxSummons + number.</summary>
    public fixed int Summons[UnitIndex.Teams];
    public fixed short SummonEffect[UnitIndex.Teams * MaxSummons];
    public fixed byte SummonOwner[UnitIndex.Teams * MaxSummons];
    public fixed float SummonX[UnitIndex.Teams * MaxSummons];
    public fixed float SummonY[UnitIndex.Teams * MaxSummons];
    public fixed float SummonAttack[UnitIndex.Teams * MaxSummons];

    /// <summary>Bit by <see cref="TriggerOn"/>: what happened to a hero that has such a trigger; how often, and with whom first, by hero * TriggerKinds + kind.</summary>
    public fixed byte Causes[UnitIndex.Heroes];
    public fixed byte CauseCount[UnitIndex.Heroes * Triggers.Kinds];
    public fixed byte CauseUnit[UnitIndex.Heroes * Triggers.Kinds];

    /// <summary>Empties what a damage phase applies.</summary>
    public void Clear()
    {
        Count = 0;
        Deaths = 0;
        MonstersHit = 0;
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            Heal[h] = 0f;
            Mana[h] = 0f;
            Cleansed[h] = 0;
        }
    }

    /// <summary>Queues damage before resistance. Beyond the last place it is lost; more than that no tick can produce in practice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Damage(int source, int target, float amount, DamageType type, byte flags = 0)
    {
        if (Count >= MaxDamage)
            return;
        Amount[Count] = amount;
        Source[Count] = (byte)source;
        Target[Count] = (byte)target;
        Type[Count] = (byte)type;
        Flags[Count] = flags;
        Count++;
    }
}

/// <summary>Numbers of fights that all systems share.</summary>
internal static unsafe class Combat
{
    /// <summary>Rounds to whole 1/1024: sums of such numbers below 2^14 are exact in any order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exact(float v) => (int)(v * 1024f + 0.5f) * (1f / 1024f);

    /// <summary>Of units, towers and ancients.</summary>
    private static readonly float[] Bodies = [0.4f, 1f, 2f];

    /// <summary>Cells between a unit's middle and where it can be struck.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Body(int unit)
    {
        // Looked up by arithmetic: whom somebody fights is nothing that a branch predictor could learn.
        int kind = One(UnitIndex.IsStructure(unit)) + One(unit == UnitIndex.Ancient(0) | unit == UnitIndex.Ancient(1));
        return Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Bodies), kind);
    }

    /// <summary>1 for true.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int One(bool condition) => Unsafe.BitCast<bool, byte>(condition);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SquaredDistance(WorldState* s, int a, int b)
    {
        float dx = s->X[a] - s->X[b];
        float dy = s->Y[a] - s->Y[b];
        return dx * dx + dy * dy;
    }

    /// <summary>Whether b lies within a's attack range (and slack) of its body.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool InReach(WorldState* s, int a, int b, float slack = 0f)
    {
        float reach = s->AttackRange[a] + Body(b) + slack;
        return SquaredDistance(s, a, b) <= reach * reach;
    }

    /// <summary>Hero that gains by what a unit does: itself, or whose summoned unit it is; -1 for others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int HeroBehind(WorldState* s, int unit)
        => UnitIndex.IsHero(unit) ? unit : UnitIndex.IsSummon(unit) ? s->OwnerHero[unit - UnitIndex.FirstSummon] : -1;

    /// <summary>Whether a team has any summoned unit on the field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnySummon(WorldState* s, int team)
        => Unsafe.ReadUnaligned<uint>(s->Alive + UnitIndex.Summon(team, 0)) != 0;

    /// <summary>Whether a team has any ward on the field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyWard(WorldState* s, int team)
        => Unsafe.ReadUnaligned<uint>(s->Alive + UnitIndex.Ward(team, 0)) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Seen(WorldState* s, int team, int unit) => (s->Visible[unit] >> team & 1) != 0;

    /// <summary>A place for a projectile of the team, -1 if all are in flight.</summary>
    public static int FreeProjectile(WorldState* s, int team)
    {
        int first = team * WorldState.ProjectilesPerTeam;
        uint free = Vector256.Equals(Vector256.Load(s->ProjectileAlive + first), Vector256<byte>.Zero).ExtractMostSignificantBits();
        return (first + BitOperations.TrailingZeroCount(free)) | -One(free == 0);
    }

    /// <summary>Launches a basic attack: at once for melee units (and when no place for a projectile is free), else by a homing projectile.</summary>
    public static void Launch(WorldState* s, Scratch* t, int source, int target, float damage, float speed)
    {
        int team = s->Team[source];
        int p = speed > 0f && team < UnitIndex.Teams ? FreeProjectile(s, team) : -1;
        if (p < 0)
        {
            t->Damage(source, target, damage, DamageType.Physical, Scratch.Basic);
            return;
        }
        s->ProjectileAlive[p] = 1;
        s->ProjectileTeam[p] = (byte)team;
        s->ProjectileOwner[p] = (byte)source;
        s->ProjectileTarget[p] = (short)target;
        s->ProjectileEffect[p] = -1;
        s->ProjectileSkill[p] = 0;
        s->ProjectilePierces[p] = 0;
        s->ProjectileX[p] = s->X[source];
        s->ProjectileY[p] = s->Y[source];
        s->ProjectileVX[p] = 0f;
        s->ProjectileVY[p] = 0f;
        s->ProjectileSpeed[p] = speed;
        s->ProjectileRange[p] = 0f;
        s->ProjectileWidth[p] = 0f;
        s->ProjectileDamage[p] = damage;
        s->ProjectileHitLow[p] = 0;
        s->ProjectileHitHigh[p] = 0;
    }
}
