using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Moba.Systems;

/// <summary>
/// What creeps attack: a hero that strikes an allied hero nearby, else the nearest enemy creep of the lane or summoned unit, else a structure, else a hero.
/// Each looks around every few ticks; its wind-up and blow are here too.
/// </summary>
internal static unsafe class Creeps
{
    internal const int LookEvery = 4;
    private const float Awareness = 7f;
    private const float HeroAwareness = 5.5f;
    private const int StrikeMemory = 2 * RulesDefinition.TicksPerSecond;

    /// <summary>All of a team's creeps together: where each lane's were gone through by themselves, each loop's end was mispredicted six times.</summary>
    public static void Run(MobaWorld w, WorldState* s, Scratch* t)
    {
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            ulong alive = Near.Creeps(s, team);
            if (alive == 0)
                continue;
            uint heroes = SeenHeroes(s, team);
            uint strikers = Strikers(s, team, heroes);
            uint structures = Structures(s, 1 - team);
            int first = UnitIndex.Creep(team, 0, 0);
            ulong winding = ~Near.TeamZero(s->WindUpEnd, first);
            ulong lost = Aim(s, t, team, first, alive);
            ulong due = (0x1111_1111_1111ul << ((LookEvery - s->Tick % LookEvery) % LookEvery) | lost) & alive & ~winding;
            for (ulong m = lost & winding; m != 0; m &= m - 1)
                s->AttackTarget[first + BitOperations.TrailingZeroCount(m)] = -1;
            for (ulong m = due; m != 0; m &= m - 1)
            {
                int slot = BitOperations.TrailingZeroCount(m);
                int target = Look(s, team, slot / UnitIndex.CreepsPerLane, first + slot, heroes, strikers, structures);
                s->AttackTarget[first + slot] = (short)target;
                AimAt(s, t, first + slot, target & ~(target >> 31));
            }
            Strike(w, s, t, first, alive, winding);
        }
    }

    /// <summary>Notes where a team's targets stand, for blows and steps. Where there is no target the place means nothing.</summary>
    /// <returns>Bits of those whose target is none any more.</returns>
    private static ulong Aim(WorldState* s, Scratch* t, int team, int first, ulong alive)
    {
        int at = first - UnitIndex.FirstCreep;
        for (int i = at; i < at + Near.Team; i += 8)
        {
            Vector256<float>.Zero.Store(t->AimX + i);
            Vector256<float>.Zero.Store(t->AimY + i);
            Vector256<float>.Zero.Store(t->AimBody + i);
        }
        ulong lost = 0;
        for (ulong m = alive & ~Near.TeamNegative(s->AttackTarget, first); m != 0; m &= m - 1)
        {
            int slot = BitOperations.TrailingZeroCount(m);
            int target = s->AttackTarget[first + slot];
            AimAt(s, t, first + slot, target);
            lost |= (ulong)(1 ^ Valid(s, team, first + slot, target)) << slot;
        }
        return lost;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AimAt(WorldState* s, Scratch* t, int u, int target)
    {
        int i = u - UnitIndex.FirstCreep;
        t->AimX[i] = s->X[target];
        t->AimY[i] = s->Y[target];
        t->AimBody[i] = Combat.Body(target);
    }

    /// <summary>Wind-ups and blows of a team's creeps, as <see cref="Blows.Strike"/> has them, for all at once.</summary>
    private static void Strike(MobaWorld w, WorldState* s, Scratch* t, int first, ulong alive, ulong winding)
    {
        ulong reaches = 0;
        for (int i = 0; i < Near.Team; i += 8)
            reaches |= (ulong)Reach(s, t, first + i, (uint)(winding >> i)) << i;
        reaches &= alive & CanAct(t, first) & ~Near.TeamNegative(s->AttackTarget, first);
        ulong strikes = reaches & winding & ~Near.TeamAhead(s, s->WindUpEnd, first);
        ulong begins = reaches & ~winding & ~Near.TeamAhead(s, s->AttackReady, first);
        ulong ends = alive & winding & ~reaches;
        if ((strikes | begins | ends) == 0)
            return;
        for (ulong m = strikes | ends; m != 0; m &= m - 1)
            s->WindUpEnd[first + BitOperations.TrailingZeroCount(m)] = 0;
        for (ulong m = begins; m != 0; m &= m - 1)
        {
            int u = first + BitOperations.TrailingZeroCount(m);
            s->WindUpEnd[u] = (ushort)(s->Tick + w.Rules.Creeps[s->Kind[u]].WindUp);
        }
        for (ulong m = strikes; m != 0; m &= m - 1)
        {
            int u = first + BitOperations.TrailingZeroCount(m);
            UnitDefinition d = w.Rules.Creeps[s->Kind[u]];
            s->AttackReady[u] = (ushort)(s->Tick + s->AttackInterval[u] - d.WindUp);
            Combat.Launch(s, t, u, s->AttackTarget[u], s->Attack[u], d.ProjectileSpeed);
        }
    }

    private static ulong CanAct(Scratch* t, int first)
        => ~(Vector256.Equals(Vector256.Load(t->CanAct + first), Vector256<byte>.Zero).ExtractMostSignificantBits()
            | (ulong)Vector128.Equals(Vector128.Load(t->CanAct + first + 32), Vector128<byte>.Zero).ExtractMostSignificantBits() << 32);

    /// <summary>Bits of those among eight that reach what they aim at; whoever winds up already, a cell farther.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Reach(WorldState* s, Scratch* t, int u, uint winding)
    {
        int i = u - UnitIndex.FirstCreep;
        Vector256<float> reach = Vector256.Load(s->AttackRange + u) + Vector256.Load(t->AimBody + i) + (Near.Lanes(winding) & Vector256<float>.One);
        Vector256<float> dx = Vector256.Load(s->X + u) - Vector256.Load(t->AimX + i);
        Vector256<float> dy = Vector256.Load(s->Y + u) - Vector256.Load(t->AimY + i);
        return Vector256.LessThanOrEqual(dx * dx + dy * dy, reach * reach).ExtractMostSignificantBits();
    }

    /// <summary>Bit k: a team's structure stands and can be hurt.</summary>
    private static uint Structures(WorldState* s, int team)
    {
        Vector128<byte> safe = Vector128.Load(s->Protected + team * UnitIndex.StructuresPerTeam);
        return Near.Alive(s, UnitIndex.FirstStructure + team * UnitIndex.StructuresPerTeam) & Vector128.Equals(safe, Vector128<byte>.Zero).ExtractMostSignificantBits();
    }

    /// <summary>Bit i: the enemy hero of slot i is alive and seen.</summary>
    private static uint SeenHeroes(WorldState* s, int team)
    {
        int first = (1 - team) * UnitIndex.HeroesPerTeam;
        return Near.Alive(s, first) & Near.Seen(s, team, first) & ((1u << UnitIndex.HeroesPerTeam) - 1);
    }

    /// <summary>Those among them that struck a hero lately.</summary>
    private static uint Strikers(WorldState* s, int team, uint heroes)
    {
        int first = (1 - team) * UnitIndex.HeroesPerTeam;
        uint late = 0;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
            late |= (uint)(s->Tick - StrikeMemory - s->LastStrikeTick[first + i]) >> 31 << i;
        return heroes & late;
    }

    /// <summary>1 or 0, without branches: whom creeps fight is nothing that a branch predictor could learn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Valid(WorldState* s, int team, int u, int target)
    {
        const float Far = Awareness + 2f;
        int structure = Combat.One(UnitIndex.IsStructure(target));
        int safe = Combat.One(s->Protected[(target - UnitIndex.FirstStructure) & -structure] != 0);
        int near = Combat.One(Combat.SquaredDistance(s, u, target) <= Far * Far);
        int known = Combat.One(!UnitIndex.IsHero(target)) | Combat.One(Combat.Seen(s, team, target));
        int valid = (structure & ~safe) | (~structure & near & known);
        return valid & Combat.One(s->Alive[target] != 0);
    }

    private static int Look(WorldState* s, int team, int lane, int u, uint heroes, uint strikers, uint structures)
    {
        int enemy = 1 - team;
        float x = s->X[u];
        float y = s->Y[u];
        const float HeroNear = HeroAwareness * HeroAwareness;
        if (strikers != 0 && Near.Nearest(s, enemy * UnitIndex.HeroesPerTeam, strikers, x, y, HeroNear) is >= 0 and var striker)
            return striker;

        float near = Awareness * Awareness;
        int best = Near.Nearest(s, UnitIndex.Creep(enemy, lane, 0), s->LaneAlive[enemy * UnitIndex.Lanes + lane], x, y, near, out float found);
        near = best >= 0 ? found : near;
        if (Combat.AnySummon(s, enemy))
        {
            for (int v = UnitIndex.Summon(enemy, 0); v < UnitIndex.Summon(enemy, UnitIndex.SummonsPerTeam); v++)
            {
                float dx = s->X[v] - x;
                float dy = s->Y[v] - y;
                float square = dx * dx + dy * dy;
                if (s->Alive[v] != 0 && square < near && Combat.Seen(s, team, v))
                {
                    near = square;
                    best = v;
                }
            }
        }
        if (best >= 0)
            return best;
        uint ahead = structures & (7u << lane * 3 | 1u << UnitIndex.AncientOfTeam);
        return Near.Nearest(s, UnitIndex.FirstStructure + enemy * UnitIndex.StructuresPerTeam, ahead, x, y, 9f * 9f) is >= 0 and var structure ? structure
            : Near.Nearest(s, enemy * UnitIndex.HeroesPerTeam, heroes, x, y, HeroNear);
    }
}
