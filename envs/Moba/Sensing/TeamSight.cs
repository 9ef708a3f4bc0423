using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>
/// What one team knows of a match, in its own frame, gathered once and shared by its heroes. Heroes are indexed own slots first, then
/// enemy slots; hidden enemies stand where they were seen last. Reused without being cleared: only entries below the counts mean anything.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TeamSight
{
    /// <summary>Bytes from one hero's row to the next: whole vectors.</summary>
    public const int HeroStride = 48;

    public int Team;
    public fixed byte HeroUnit[UnitIndex.Heroes];

    /// <summary>1 where the place is known and means something: alive, and seen now or before.</summary>
    public fixed byte HeroPlaced[UnitIndex.Heroes];
    public fixed byte HeroSeen[UnitIndex.Heroes];
    public fixed float HeroX[UnitIndex.Heroes];
    public fixed float HeroY[UnitIndex.Heroes];

    /// <summary>Features of each hero's row that do not depend on who looks.</summary>
    public fixed byte HeroRow[UnitIndex.Heroes * HeroStride];

    /// <summary>Most units that can be candidates for a hero's slots at once, and room to read past them.</summary>
    public const int Most = UnitIndex.Creeps + UnitIndex.Summons + UnitIndex.Monsters + UnitIndex.WardsPerTeam;

    /// <summary>
    /// Units seen other than heroes and structures: enemy creeps, own creeps, monsters, enemy wards. Each count is where its kind ends; summoned
    /// units count as creeps.
    /// </summary>
    public int EnemyCreeps;
    public int Creeps;
    public int Monsters;
    public int Units;
    public fixed byte Unit[Most + 8];
    public fixed float UnitX[Most + 8];
    public fixed float UnitY[Most + 8];

    /// <summary>The other team's projectiles and zones, see <see cref="EffectSight"/>.</summary>
    public int Effects;
    public fixed byte Effect[MostEffects];
    public fixed float EffectX[MostEffects + 8];
    public fixed float EffectY[MostEffects + 8];

    /// <summary>Unit at which a projectile flies, -1 for none.</summary>
    public fixed int EffectTarget[MostEffects + 8];
    public const int MostEffects = WorldState.ProjectilesPerTeam + WorldState.ZonesPerTeam;

    /// <summary>Enemy front structure by lane and ancient, then own ones; <see cref="TargetSlots.None"/> where none stands.</summary>
    public fixed byte StructureUnit[Sizes.Structures];
    /// <summary>Bit u: one of the enemy structures among them aims at hero u.</summary>
    public uint Targeted;
    public fixed float StructureX[Sizes.Structures];
    public fixed float StructureY[Sizes.Structures];

    public static byte* Row(TeamSight* t, int hero) => t->HeroRow + hero * HeroStride;

    /// <summary>Gathers places and units, not the rows.</summary>
    public static void Gather(MobaWorld world, WorldState* s, int team, TeamSight* t)
    {
        t->Team = team;
        int bit = 1 << team;
        for (int i = 0; i < UnitIndex.Heroes; i++)
        {
            int unit = i < UnitIndex.HeroesPerTeam ? team * UnitIndex.HeroesPerTeam + i : (1 - team) * UnitIndex.HeroesPerTeam + i - UnitIndex.HeroesPerTeam;
            t->HeroUnit[i] = (byte)unit;
            int alive = Combat.One(s->Present[unit] != 0 & s->Alive[unit] != 0);
            int own = Combat.One(i < UnitIndex.HeroesPerTeam);
            int seen = alive & (own | Combat.One((s->Visible[unit] & bit) != 0));
            float x = Either(seen | own, s->X[unit], s->LastSeenX[unit]);
            float y = Either(seen | own, s->Y[unit], s->LastSeenY[unit]);
            t->HeroSeen[i] = (byte)seen;
            t->HeroPlaced[i] = (byte)(seen | (alive & ~(s->LastSeenTick[unit] >> 31)));
            t->HeroX[i] = team == 0 ? x : -y;
            t->HeroY[i] = team == 0 ? y : -x;
        }
        t->EnemyCreeps = AddCreeps(s, team, 1 - team, t, 0);
        t->Creeps = AddCreeps(s, team, team, t, t->EnemyCreeps);
        uint jungle = Near.Shown(s, team, UnitIndex.FirstMonster);
        uint epics = Near.Shown(s, team, UnitIndex.FirstEpic) & 3;
        // The other team's monster i is its own i ^ 8.
        int turn = team * 8;
        int n = Add(s, UnitIndex.FirstMonster + turn, jungle >> turn, team, t, t->Creeps);
        n = Add(s, UnitIndex.FirstMonster + (8 - turn), jungle >> 8 - turn, team, t, n);
        t->Monsters = Add(s, UnitIndex.FirstEpic, epics, team, t, n);
        t->Units = Add(s, UnitIndex.Ward(1 - team, 0), Near.Shown(s, team, UnitIndex.FirstSummon) >> UnitIndex.Summons + (1 - team) * UnitIndex.WardsPerTeam & 15, team, t, t->Monsters);

        t->Targeted = 0;
        for (int i = 0; i < Sizes.Structures; i++)
        {
            int side = i < Sizes.Structures / 2 ? 1 - team : team;
            int lane = i & 3;
            int unit = TargetSlots.None;
            if (lane == UnitIndex.Lanes)
            {
                unit = UnitIndex.Ancient(side);
            }
            else
            {
                for (int tier = 2; tier >= 0; tier--)
                {
                    int tower = UnitIndex.Tower(side, lane, tier);
                    unit = s->Alive[tower] != 0 ? tower : unit;
                }
            }
            t->StructureUnit[i] = (byte)unit;
            if (unit == TargetSlots.None)
                continue;
            int at = s->AttackTarget[unit];
            t->Targeted |= (uint)Combat.One((uint)at < UnitIndex.Heroes & i < Sizes.Structures / 2) << at;
            t->StructureX[i] = team == 0 ? s->X[unit] : -s->Y[unit];
            t->StructureY[i] = team == 0 ? s->Y[unit] : -s->X[unit];
        }
    }

    /// <summary>The one for 1, the other for 0, without a branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Either(int which, float one, float other)
        => Unsafe.BitCast<int, float>((Unsafe.BitCast<float, int>(one) & -which) | (Unsafe.BitCast<float, int>(other) & (which - 1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AddCreeps(WorldState* s, int team, int side, TeamSight* t, int n)
    {
        int first = UnitIndex.Creep(side, 0, 0);
        ulong shown = Near.Shown(s, team, first) | (ulong)Near.Shown(s, team, first + Near.Wide) << Near.Wide | (ulong)Near.Shown(s, team, first + 2 * Near.Wide) << 2 * Near.Wide;
        shown &= Near.Creeps(s, side);
        for (int i = 0; i < UnitIndex.CreepsPerTeam; i += 8)
            n = Add(s, first + i, (uint)(shown >> i), team, t, n);
        return Add(s, UnitIndex.Summon(side, 0), Near.Shown(s, team, UnitIndex.FirstSummon) >> side * UnitIndex.SummonsPerTeam & 15, team, t, n);
    }

    /// <summary>Appends those among the eight units from <paramref name="first"/> on that the low bits mean. Reading past the last unit stays inside the state.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Add(WorldState* s, int first, uint bits, int team, TeamSight* t, int n)
    {
        ulong order = Packed.Order(bits);
        Vector256<int> lanes = Packed.Lanes(order);
        Vector256<float> x = Packed.Of(Vector256.Load(s->X + first), lanes);
        Vector256<float> y = Packed.Of(Vector256.Load(s->Y + first), lanes);
        *(ulong*)(t->Unit + n) = order + (uint)first * Packed.Each;
        (team == 0 ? x : -y).Store(t->UnitX + n);
        (team == 0 ? y : -x).Store(t->UnitY + n);
        return n + Packed.Count(bits);
    }
}
