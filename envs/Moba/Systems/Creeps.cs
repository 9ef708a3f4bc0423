using System.Numerics;

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

    public static void Run(MobaWorld w, WorldState* s, Scratch* t)
    {
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            for (int lane = 0; lane < UnitIndex.Lanes; lane++)
            {
                int first = UnitIndex.Creep(team, lane, 0);
                for (uint m = s->LaneAlive[team * UnitIndex.Lanes + lane]; m != 0; m &= m - 1)
                {
                    int slot = BitOperations.TrailingZeroCount(m);
                    int u = first + slot;
                    int target = s->AttackTarget[u];
                    if (target >= 0 && !Valid(s, team, u, target))
                        target = -1;
                    if (((s->Tick + slot) % LookEvery == 0 || (target < 0 && s->AttackTarget[u] >= 0)) && s->WindUpEnd[u] == 0)
                        target = Look(s, team, lane, u);
                    s->AttackTarget[u] = (short)target;
                    Blows.Strike(w.Rules.Creeps[s->Kind[u]], s, t, u);
                }
            }
        }
    }

    private static bool Valid(WorldState* s, int team, int u, int target)
    {
        if (s->Alive[target] == 0)
            return false;
        if (UnitIndex.IsStructure(target))
            return s->Protected[target - UnitIndex.FirstStructure] == 0;
        float far = Awareness + 2f;
        return Combat.SquaredDistance(s, u, target) <= far * far && (!UnitIndex.IsHero(target) || Combat.Seen(s, team, target));
    }

    private static int Look(WorldState* s, int team, int lane, int u)
    {
        int enemy = 1 - team;
        float x = s->X[u];
        float y = s->Y[u];
        int hero = -1;
        float heroNear = HeroAwareness * HeroAwareness;
        int striker = -1;
        float strikerNear = heroNear;
        for (int h = enemy * UnitIndex.HeroesPerTeam; h < (enemy + 1) * UnitIndex.HeroesPerTeam; h++)
        {
            if (s->Alive[h] == 0 || !Combat.Seen(s, team, h))
                continue;
            float dx = s->X[h] - x;
            float dy = s->Y[h] - y;
            float square = dx * dx + dy * dy;
            if (square < heroNear)
            {
                heroNear = square;
                hero = h;
            }
            if (square < strikerNear && s->LastStrikeTick[h] > s->Tick - StrikeMemory)
            {
                strikerNear = square;
                striker = h;
            }
        }
        if (striker >= 0)
            return striker;

        int best = -1;
        float near = Awareness * Awareness;
        int first = UnitIndex.Creep(enemy, lane, 0);
        for (uint m = s->LaneAlive[enemy * UnitIndex.Lanes + lane]; m != 0; m &= m - 1)
        {
            int c = first + BitOperations.TrailingZeroCount(m);
            float dx = s->X[c] - x;
            float dy = s->Y[c] - y;
            float square = dx * dx + dy * dy;
            if (square < near)
            {
                near = square;
                best = c;
            }
        }
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
        return Structure(s, enemy, lane, x, y) is >= 0 and var structure ? structure : hero;
    }

    private static int Structure(WorldState* s, int enemy, int lane, float x, float y)
    {
        int best = -1;
        float near = 9f * 9f;
        for (int k = 0; k < 4; k++)
        {
            int u = k < 3 ? UnitIndex.Tower(enemy, lane, k) : UnitIndex.Ancient(enemy);
            if (s->Alive[u] == 0 || s->Protected[u - UnitIndex.FirstStructure] != 0)
                continue;
            float dx = s->X[u] - x;
            float dy = s->Y[u] - y;
            float square = dx * dx + dy * dy;
            if (square < near)
            {
                near = square;
                best = u;
            }
        }
        return best;
    }
}
