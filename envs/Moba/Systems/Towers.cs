using System.Numerics;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Moba.Systems;

/// <summary>
/// Whom towers and ancients shoot at: a hero that strikes an allied hero within range, until it leaves; else they keep their target; else
/// the nearest creep or summoned unit, else the nearest hero. Consecutive shots at one hero hurt more.
/// </summary>
internal static unsafe class Towers
{
    internal const int LookEvery = 3;

    private const uint All = (1u << UnitIndex.StructuresPerTeam) - 1;

    public static void Run(MobaWorld w, WorldState* s, Scratch* t)
    {
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            int first = UnitIndex.FirstStructure + team * UnitIndex.StructuresPerTeam;
            uint heroes = SeenHeroes(s, team);
            uint strikers = heroes & Strikers(s, 1 - team);
            // Those that neither shoot, nor are drawn, nor look around have nothing to do, and are most of them.
            uint looking = 0x249u << ((LookEvery - s->Tick % LookEvery) % LookEvery);
            uint busy = looking | ~Near.Negative(s->AttackTarget, first) | Drawn(s, team) | (uint)-Combat.One(strikers != 0);
            for (uint m = busy & Near.Alive(s, first) & All; m != 0; m &= m - 1)
            {
                int k = BitOperations.TrailingZeroCount(m);
                Structure(w, s, t, team, k, (looking >> k & 1) != 0, heroes, strikers);
            }
        }
    }

    private static void Structure(MobaWorld w, WorldState* s, Scratch* t, int team, int k, bool looks, uint heroes, uint strikers)
    {
        int i = team * UnitIndex.StructuresPerTeam + k;
        int u = UnitIndex.FirstStructure + i;
        int old = s->AttackTarget[u];
        int target = old >= 0 && Reachable(s, team, u, old) ? old : -1;
        int aggro = Aggro(s, team, u, i, strikers);
        if (aggro >= 0)
            target = aggro;
        else if (target < 0 && (looks || old >= 0))
            target = Look(s, team, k, u, heroes);
        if (target != old)
        {
            s->AttackTarget[u] = (short)target;
            s->TowerShots[i] = 0;
            s->WindUpEnd[u] = 0;
        }
        if (target < 0)
            return;
        bool hero = UnitIndex.IsHero(target);
        float factor = hero ? 1f + w.Rules.TowerRamp * Math.Min(s->TowerShots[i], w.Rules.TowerRampMax) : 1f;
        if (Blows.Strike(w.Rules.Structures[s->Kind[u]], s, t, u, factor) && hero && s->TowerShots[i] < 255)
            s->TowerShots[i]++;
    }

    /// <summary>Bit i: the enemy hero of slot i is alive and seen.</summary>
    private static uint SeenHeroes(WorldState* s, int team)
    {
        int first = (1 - team) * UnitIndex.HeroesPerTeam;
        return Near.Alive(s, first) & Near.Seen(s, team, first) & ((1u << UnitIndex.HeroesPerTeam) - 1);
    }

    /// <summary>Bit i: the hero of slot i struck one in the last tick. Damage is applied at the end of a tick, so a blow of the last one is news now.</summary>
    private static uint Strikers(WorldState* s, int team)
    {
        uint bits = 0;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
            bits |= (uint)(s->Tick - 2 - s->LastStrikeTick[team * UnitIndex.HeroesPerTeam + i]) >> 31 << i;
        return bits;
    }

    /// <summary>Bit k: a hero drew the structure's aggro.</summary>
    private static uint Drawn(WorldState* s, int team)
        => ~Vector128.Load(s->TowerAggro + team * UnitIndex.StructuresPerTeam).ExtractMostSignificantBits();

    private static bool Reachable(WorldState* s, int team, int u, int target)
        => s->Alive[target] != 0 & Combat.InReach(s, u, target) & Combat.Seen(s, team, target);

    private static int Aggro(WorldState* s, int team, int u, int structure, uint strikers)
    {
        int drawn = s->TowerAggro[structure];
        if (drawn >= 0 && Reachable(s, team, u, drawn))
            return drawn;
        int best = -1;
        if (strikers != 0)
        {
            int first = (1 - team) * UnitIndex.HeroesPerTeam;
            float reach = s->AttackRange[u] + Combat.Body(first);
            for (uint m = strikers & Near.Within(s, first, s->X[u], s->Y[u], reach * reach); m != 0; m &= m - 1)
            {
                int h = first + BitOperations.TrailingZeroCount(m);
                int victim = s->LastStruckHero[h];
                if (victim < 0 || !Combat.InReach(s, u, victim))
                    continue;
                best = h;
                break;
            }
        }
        s->TowerAggro[structure] = (sbyte)best;
        return best;
    }

    private static int Look(WorldState* s, int team, int k, int u, uint heroes)
    {
        int enemy = 1 - team;
        float x = s->X[u];
        float y = s->Y[u];
        float reach = s->AttackRange[u] + 0.4f;
        float near = reach * reach;
        int best = -1;
        // Towers out on a lane meet only the creeps of their own.
        bool onLane = k < UnitIndex.AncientOfTeam && k % 3 < 2;
        int from = onLane ? k / 3 : 0;
        int to = onLane ? from + 1 : UnitIndex.Lanes;
        for (int lane = from; lane < to; lane++)
        {
            uint alive = s->LaneAlive[enemy * UnitIndex.Lanes + lane];
            int v = Near.Nearest(s, UnitIndex.Creep(enemy, lane, 0), alive, x, y, float.PositiveInfinity, out float found);
            Nearer(v, found, ref near, ref best);
        }
        if (Combat.AnySummon(s, enemy))
        {
            for (int v = UnitIndex.Summon(enemy, 0); v < UnitIndex.Summon(enemy, UnitIndex.SummonsPerTeam); v++)
            {
                if (s->Alive[v] != 0 && Combat.Seen(s, team, v))
                    Nearer(v, Combat.SquaredDistance(s, u, v), ref near, ref best);
            }
        }
        if (best >= 0)
            return best;
        int hero = Near.Nearest(s, enemy * UnitIndex.HeroesPerTeam, heroes, x, y, float.PositiveInfinity, out float away);
        Nearer(hero, away, ref near, ref best);
        return best;
    }

    private static void Nearer(int other, float square, ref float near, ref int best)
    {
        if (other < 0 || square > near || (square == near && best >= 0))
            return;
        near = square;
        best = other;
    }
}
