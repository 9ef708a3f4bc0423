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
            uint heroes = SeenHeroes(s, team);
            uint strikers = Strikers(s, team, heroes);
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
                        target = Look(s, team, lane, u, heroes, strikers);
                    s->AttackTarget[u] = (short)target;
                    Blows.Strike(w.Rules.Creeps[s->Kind[u]], s, t, u);
                }
            }
        }
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

    private static bool Valid(WorldState* s, int team, int u, int target)
    {
        if (s->Alive[target] == 0)
            return false;
        if (UnitIndex.IsStructure(target))
            return s->Protected[target - UnitIndex.FirstStructure] == 0;
        float far = Awareness + 2f;
        return Combat.SquaredDistance(s, u, target) <= far * far && (!UnitIndex.IsHero(target) || Combat.Seen(s, team, target));
    }

    private static int Look(WorldState* s, int team, int lane, int u, uint heroes, uint strikers)
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
        return Structure(s, enemy, lane, x, y) is >= 0 and var structure ? structure
            : Near.Nearest(s, enemy * UnitIndex.HeroesPerTeam, heroes, x, y, HeroNear);
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
