using System.Numerics;

namespace SelfPlayArena.Moba.Systems;

/// <summary>
/// Whom towers and ancients shoot at: a hero that strikes an allied hero within range, until it leaves; else they keep their target; else
/// the nearest creep or summoned unit, else the nearest hero. Consecutive shots at one hero hurt more.
/// </summary>
internal static unsafe class Towers
{
    internal const int LookEvery = 3;

    public static void Run(MobaWorld w, WorldState* s, Scratch* t)
    {
        for (int i = 0; i < UnitIndex.Structures; i++)
        {
            int u = UnitIndex.FirstStructure + i;
            if (s->Alive[u] == 0)
                continue;
            int team = i / UnitIndex.StructuresPerTeam;
            int k = i % UnitIndex.StructuresPerTeam;
            int old = s->AttackTarget[u];
            int target = old >= 0 && Reachable(s, team, u, old) ? old : -1;
            int aggro = Aggro(s, team, u, i);
            if (aggro >= 0)
                target = aggro;
            else if (target < 0 && ((s->Tick + k) % LookEvery == 0 || old >= 0))
                target = Look(s, team, k, u);
            if (target != old)
            {
                s->AttackTarget[u] = (short)target;
                s->TowerShots[i] = 0;
                s->WindUpEnd[u] = 0;
            }
            if (target < 0)
                continue;
            bool hero = UnitIndex.IsHero(target);
            float factor = hero ? 1f + w.Rules.TowerRamp * Math.Min(s->TowerShots[i], w.Rules.TowerRampMax) : 1f;
            if (Blows.Strike(w.Rules.Structures[s->Kind[u]], s, t, u, factor) && hero && s->TowerShots[i] < 255)
                s->TowerShots[i]++;
        }
    }

    private static bool Reachable(WorldState* s, int team, int u, int target)
        => s->Alive[target] != 0 && Combat.InReach(s, u, target) && Combat.Seen(s, team, target);

    private static int Aggro(WorldState* s, int team, int u, int structure)
    {
        int drawn = s->TowerAggro[structure];
        if (drawn >= 0 && Reachable(s, team, u, drawn))
            return drawn;
        int enemy = 1 - team;
        int best = -1;
        for (int h = enemy * UnitIndex.HeroesPerTeam; h < (enemy + 1) * UnitIndex.HeroesPerTeam; h++)
        {
            // Damage is applied at the end of a tick, so a blow of the last tick is news now.
            if (s->LastStrikeTick[h] < s->Tick - 1 || s->Alive[h] == 0 || !Reachable(s, team, u, h))
                continue;
            int victim = s->LastStruckHero[h];
            if (victim >= 0 && Combat.InReach(s, u, victim))
            {
                best = h;
                break;
            }
        }
        s->TowerAggro[structure] = (sbyte)best;
        return best;
    }

    private static int Look(WorldState* s, int team, int k, int u)
    {
        int enemy = 1 - team;
        float reach = s->AttackRange[u] + 0.4f;
        float near = reach * reach;
        int best = -1;
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            // Towers out on a lane meet only the creeps of their own.
            if (k < UnitIndex.AncientOfTeam && k % 3 < 2 && lane != k / 3)
                continue;
            int first = UnitIndex.Creep(enemy, lane, 0);
            for (uint m = s->LaneAlive[enemy * UnitIndex.Lanes + lane]; m != 0; m &= m - 1)
                Nearer(s, u, first + BitOperations.TrailingZeroCount(m), ref near, ref best);
        }
        if (Combat.AnySummon(s, enemy))
        {
            for (int v = UnitIndex.Summon(enemy, 0); v < UnitIndex.Summon(enemy, UnitIndex.SummonsPerTeam); v++)
            {
                if (s->Alive[v] != 0 && Combat.Seen(s, team, v))
                    Nearer(s, u, v, ref near, ref best);
            }
        }
        if (best >= 0)
            return best;
        for (int h = enemy * UnitIndex.HeroesPerTeam; h < (enemy + 1) * UnitIndex.HeroesPerTeam; h++)
        {
            if (s->Alive[h] != 0 && Combat.Seen(s, team, h))
                Nearer(s, u, h, ref near, ref best);
        }
        return best;
    }

    private static void Nearer(WorldState* s, int u, int other, ref float near, ref int best)
    {
        float square = Combat.SquaredDistance(s, u, other);
        if (square > near || (square == near && best >= 0))
            return;
        near = square;
        best = other;
    }
}
