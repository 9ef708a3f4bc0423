namespace SelfPlayArena.Moba.Systems;

/// <summary>Takes the dead off the field and pays gold and xp for them. Amounts are whole numbers; splits lose the remainder.</summary>
internal static unsafe class Deaths
{
    private const float TowerShareRange = 14f;

    public static void Run(MobaWorld w, WorldState* s, Scratch* t)
    {
        bool firstBlood = s->FirstBlood == 0;
        // Worth is settled and all fall before any is paid for: a kill of this tick changes neither, and the dead share in nothing.
        Worth* worth = stackalloc Worth[UnitIndex.Heroes];
        for (int i = 0; i < t->Deaths; i++)
        {
            if (UnitIndex.IsHero(t->Dead[i]))
                worth[t->Dead[i]] = new Worth(w.Rules, s, t->Dead[i]);
        }
        for (int i = 0; i < t->Deaths; i++)
            Fall(w, s, t->Dead[i]);
        for (int i = 0; i < t->Deaths; i++)
        {
            int u = t->Dead[i];
            int killer = t->Killer[i];
            if (UnitIndex.IsHero(u))
                PayHero(w, s, t, u, killer, firstBlood, worth[u]);
            else if (UnitIndex.IsStructure(u))
                PayStructure(w, s, u);
            else
                PayUnit(w, s, u, killer);
        }
    }

    private static void Fall(MobaWorld w, WorldState* s, int u)
    {
        s->Alive[u] = 0;
        s->Hp[u] = 0f;
        s->AttackTarget[u] = -1;
        s->WindUpEnd[u] = 0;
        s->StunUntil[u] = s->RootUntil[u] = s->SlowUntil[u] = s->SilenceUntil[u] = s->ForcedUntil[u] = s->DotUntil[u] = 0;
        if (UnitIndex.IsCreep(u))
        {
            int i = u - UnitIndex.FirstCreep;
            s->LaneAlive[i / UnitIndex.CreepsPerLane] &= (ushort)~(1 << i % UnitIndex.CreepsPerLane);
        }
        else if (UnitIndex.IsMonster(u))
        {
            MonsterFell(w, s, u);
        }
        else if (UnitIndex.IsStructure(u))
        {
            StructureFell(s, u - UnitIndex.FirstStructure);
        }
        else if (UnitIndex.IsHero(u))
        {
            HeroFell(w, s, u);
        }
    }

    /// <summary>Gold and xp that a hero's death pays: more for one on a streak, less for one that keeps dying.</summary>
    private readonly struct Worth
    {
        public readonly int Gold;
        public readonly int Xp;

        public Worth(RulesDefinition r, WorldState* s, int victim)
        {
            int counted = s->KillStreak[victim] < r.Bounty.Most ? s->KillStreak[victim] : r.Bounty.Most;
            int shutdown = counted >= r.Bounty.From ? (counted - r.Bounty.From + 1) * r.Bounty.PerKill : 0;
            int percent = 100 - s->DeathStreak[victim] * r.Bounty.PercentPerDeath;
            percent = percent > r.Bounty.LeastPercent ? percent : r.Bounty.LeastPercent;
            Gold = (r.KillGold + r.KillGoldPerLevel * s->Level[victim]) * percent / 100 + shutdown;
            Xp = r.KillXp + r.KillXpPerLevel * s->Level[victim];
        }
    }

    private static void HeroFell(MobaWorld w, WorldState* s, int h)
    {
        s->Deaths[h]++;
        s->KillStreak[h] = 0;
        if (s->DeathStreak[h] < byte.MaxValue)
            s->DeathStreak[h]++;
        s->RespawnTick[h] = (ushort)(s->Tick + 1 + w.Rules.RespawnBase + w.Rules.RespawnPerLevel * s->Level[h] + w.Rules.RespawnPerMinute * s->Tick / (60 * RulesDefinition.TicksPerSecond));
        s->RecallTicks[h] = 0;
        s->CastSkill[h] = -1;
        s->DashEffect[h] = -1;
        s->Shield[h] = 0f;
        s->StealthUntil[h] = 0;
        s->OrderVerb[h] = (byte)Verb.Stay;
        s->OrderTarget[h] = -1;
        s->Moving[h] = 0;
        for (int b = h * WorldState.BuffSlots; b < (h + 1) * WorldState.BuffSlots; b++)
        {
            s->BuffUntil[b] = 0;
            s->BuffStat[b] = 0;
            s->BuffAmount[b] = 0f;
        }
        HeroStats.Compute(w, s, h);
    }

    private static void MonsterFell(MobaWorld w, WorldState* s, int u)
    {
        int camp = w.Map.MonsterCamp[u - UnitIndex.FirstMonster];
        for (int i = 0; i < w.Map.MonsterCount; i++)
        {
            if (w.Map.MonsterCamp[i] == camp && s->Alive[UnitIndex.FirstMonster + i] != 0)
                return;
        }
        s->CampAwake[camp] = 0;
        s->CampRespawn[camp] = s->Tick + (camp < Objectives.FirstCamp ? w.Rules.CampRespawn : Objectives.Of(w, camp).Respawn);
    }

    private static void StructureFell(WorldState* s, int structure)
    {
        int team = structure / UnitIndex.StructuresPerTeam;
        int k = structure % UnitIndex.StructuresPerTeam;
        s->StructuresLost[team]++;
        s->TowerAggro[structure] = -1;
        if (k == UnitIndex.AncientOfTeam)
            return;
        int next = k % 3 == 2 ? UnitIndex.AncientOfTeam : k + 1;
        s->Protected[team * UnitIndex.StructuresPerTeam + next] = 0;
    }

    private static void PayHero(MobaWorld w, WorldState* s, Scratch* t, int victim, int killer, bool firstBlood, Worth worth)
    {
        RulesDefinition r = w.Rules;
        int enemy = 1 - s->Team[victim];
        int first = enemy * UnitIndex.HeroesPerTeam;
        if (!UnitIndex.IsHero(killer))
            killer = LastToHurt(s, victim, r.AssistWindow);
        if (killer < 0)
            return;
        s->FirstBlood = 1;
        s->Kills[killer]++;
        s->DeathStreak[killer] = 0;
        if (s->KillStreak[killer] < byte.MaxValue)
            s->KillStreak[killer]++;
        HeroUpkeep.EarnGold(s, killer, worth.Gold + (firstBlood ? r.FirstBloodGold : 0));

        int assistants = 0;
        int* assists = stackalloc int[UnitIndex.HeroesPerTeam];
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            bool hurt = Within(s, s->HurtByTick[victim * 5 + i], r.AssistWindow);
            bool helped = Within(s, s->HelpedByTick[killer * 5 + i], r.AssistWindow);
            if (first + i != killer && s->Present[first + i] != 0 && (hurt || helped))
                assists[assistants++] = first + i;
        }
        for (int i = 0; i < assistants; i++)
        {
            s->Assists[assists[i]]++;
            s->DeathStreak[assists[i]] = 0;
            HeroUpkeep.EarnGold(s, assists[i], r.AssistGold / assistants);
        }
        Triggers.Cause(s, t, killer, TriggerOn.Takedown, victim);
        for (int i = 0; i < assistants; i++)
            Triggers.Cause(s, t, assists[i], TriggerOn.Takedown, victim);
        ShareXp(w, s, victim, enemy, worth.Xp, killer);
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
            s->HurtByTick[victim * 5 + i] = -1;
    }

    private static bool Within(WorldState* s, int tick, int window) => tick >= 0 && s->Tick - tick <= window;

    private static int LastToHurt(WorldState* s, int victim, int window)
    {
        int best = -1;
        int latest = -1;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int tick = s->HurtByTick[victim * 5 + i];
            if (Within(s, tick, window) && tick > latest)
            {
                latest = tick;
                best = (1 - s->Team[victim]) * UnitIndex.HeroesPerTeam + i;
            }
        }
        return best;
    }

    private static void PayStructure(MobaWorld w, WorldState* s, int u)
    {
        int enemy = 1 - s->Team[u];
        UnitDefinition d = w.Rules.Structures[s->Kind[u]];
        int* near = stackalloc int[UnitIndex.HeroesPerTeam];
        int count = 0;
        for (int h = enemy * UnitIndex.HeroesPerTeam; h < (enemy + 1) * UnitIndex.HeroesPerTeam; h++)
        {
            if (s->Present[h] == 0)
                continue;
            HeroUpkeep.EarnGold(s, h, w.Rules.TowerTeamGold);
            if (s->Alive[h] != 0 && Combat.SquaredDistance(s, h, u) <= TowerShareRange * TowerShareRange)
                near[count++] = h;
        }
        for (int i = 0; i < count; i++)
        {
            HeroUpkeep.EarnGold(s, near[i], d.Gold / count);
            s->TowerCredit[near[i]] += 1f / count;
        }
        if (count == 0)
        {
            for (int h = enemy * UnitIndex.HeroesPerTeam; h < enemy * UnitIndex.HeroesPerTeam + w.HeroesPerTeam; h++)
                s->TowerCredit[h] += 1f / w.HeroesPerTeam;
        }
        ShareXp(w, s, u, enemy, d.Xp, -1);
    }

    private static void PayUnit(MobaWorld w, WorldState* s, int u, int killer)
    {
        bool byHero = UnitIndex.IsHero(killer);
        if (UnitIndex.IsWard(u))
        {
            if (byHero)
                HeroUpkeep.EarnGold(s, killer, w.Rules.Ward.Gold);
            return;
        }
        if (u >= UnitIndex.FirstEpic && UnitIndex.IsMonster(u))
        {
            if (killer != Scratch.Nobody)
                Objectives.Slain(w, s, u, s->Team[killer]);
            if (byHero)
                s->MonsterKills[killer]++;
            return;
        }
        bool monster = UnitIndex.IsMonster(u);
        UnitDefinition d = monster ? w.Rules.Monsters[s->Kind[u]] : UnitIndex.IsSummon(u) ? w.Content.Summons[s->Kind[u]] : w.Rules.Creeps[s->Kind[u]];
        if (byHero)
        {
            HeroUpkeep.EarnGold(s, killer, d.Gold);
            if (monster)
                s->MonsterKills[killer]++;
            else
                s->LastHits[killer]++;
        }
        if (!monster)
            ShareXp(w, s, u, 1 - s->Team[u], d.Xp, -1);
        else if (byHero)
            ShareXp(w, s, u, s->Team[killer], d.Xp, killer);
    }

    /// <summary>Splits xp among the living heroes of a team near the fallen unit; the killer shares wherever it is.</summary>
    private static void ShareXp(MobaWorld w, WorldState* s, int u, int team, int xp, int killer)
    {
        float range = w.Rules.XpRange;
        int* near = stackalloc int[UnitIndex.HeroesPerTeam];
        int count = 0;
        for (int h = team * UnitIndex.HeroesPerTeam; h < (team + 1) * UnitIndex.HeroesPerTeam; h++)
        {
            if (s->Present[h] != 0 && (h == killer || (s->Alive[h] != 0 && Combat.SquaredDistance(s, h, u) <= range * range)))
                near[count++] = h;
        }
        for (int i = 0; i < count; i++)
            HeroUpkeep.EarnXp(w, s, near[i], xp / count);
    }
}
