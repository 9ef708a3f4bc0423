namespace SelfPlayArena.Moba.Systems;

/// <summary>Jungle monsters: they fight who strikes their camp, up to a leash, then walk home and recover.</summary>
internal static unsafe class Monsters
{
    private const float Leash = 9f;
    private const float Prey = 15f;

    public static void Run(MobaWorld w, WorldState* s, Scratch* t)
    {
        for (int i = 0; i < w.Map.MonsterCount; i++)
        {
            int u = UnitIndex.FirstMonster + i;
            if (s->Alive[u] == 0)
                continue;
            int camp = w.Map.MonsterCamp[i];
            int target = s->AttackTarget[u];
            if (s->CampAwake[camp] == 0)
            {
                s->AttackTarget[u] = -1;
                s->WindUpEnd[u] = 0;
                float hp = s->Hp[u] + Combat.Exact(s->MaxHp[u] * (0.2f / RulesDefinition.TicksPerSecond));
                s->Hp[u] = hp > s->MaxHp[u] ? s->MaxHp[u] : hp;
                continue;
            }
            float dx = s->X[u] - w.Map.MonsterX[i];
            float dy = s->Y[u] - w.Map.MonsterY[i];
            if (target >= 0 && (s->Alive[target] == 0 || dx * dx + dy * dy > Leash * Leash || TooFar(w, s, i, target)))
                target = -1;
            if (target < 0)
            {
                // One who loses its prey wakes no other: the camp sleeps once nobody of it has any.
                s->AttackTarget[u] = -1;
                s->WindUpEnd[u] = 0;
                if (Idle(w, s, camp))
                    s->CampAwake[camp] = 0;
                continue;
            }
            Blows.Strike(w.Rules.Monsters[s->Kind[u]], s, t, u);
        }
    }

    /// <summary>Prey that left the neighbourhood is given up, even while a wall keeps the monster from following.</summary>
    private static bool TooFar(MobaWorld w, WorldState* s, int i, int target)
    {
        float dx = s->X[target] - w.Map.MonsterX[i];
        float dy = s->Y[target] - w.Map.MonsterY[i];
        return dx * dx + dy * dy > Prey * Prey;
    }

    private static bool Idle(MobaWorld w, WorldState* s, int camp)
    {
        for (int i = 0; i < w.Map.MonsterCount; i++)
        {
            int u = UnitIndex.FirstMonster + i;
            if (w.Map.MonsterCamp[i] == camp && s->Alive[u] != 0 && s->AttackTarget[u] >= 0)
                return false;
        }
        return true;
    }
}
