using System.Runtime.CompilerServices;

namespace SelfPlayArena.Moba.Systems;

/// <summary>What happens to heroes by time: respawn, income, shopping, buffs, regeneration, the fountain.</summary>
internal static unsafe class HeroUpkeep
{
    public static void Run(MobaWorld w, WorldState* s, Scratch* t)
    {
        RulesDefinition r = w.Rules;
        int tick = s->Tick;
        bool goldNow = Due(tick, r.GoldPerMinute);
        bool xpNow = Due(tick, r.XpPerMinute);
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            if (s->Present[h] == 0)
                continue;
            if (goldNow)
                EarnGold(s, h, Income(tick, r.GoldPerMinute));
            if (xpNow)
                EarnXp(w, s, h, Income(tick, r.XpPerMinute));
            // Once a second each hero looks into the shop, unless its player does.
            if (s->ManualShop[h] == 0 && (tick + h % UnitIndex.HeroesPerTeam) % RulesDefinition.TicksPerSecond == 0)
                Shop.FollowBuild(w, s, h);
            if (s->Alive[h] == 0)
            {
                if (tick >= s->RespawnTick[h])
                    Appear(w, s, h);
                continue;
            }
            // Hardly anybody has a buff, and all four ends lie in one word.
            if (Unsafe.ReadUnaligned<ulong>(s->BuffUntil + h * WorldState.BuffSlots) != 0)
                EndBuffs(w, s, h);
            s->Shield[h] = s->ShieldUntil[h] <= tick ? 0f : s->Shield[h];
            Regenerate(w, s, t, h);
        }
    }

    private static void EndBuffs(MobaWorld w, WorldState* s, int h)
    {
        bool changed = false;
        for (int b = h * WorldState.BuffSlots; b < (h + 1) * WorldState.BuffSlots; b++)
        {
            if (s->BuffUntil[b] == 0 || s->BuffUntil[b] > s->Tick)
                continue;
            s->BuffUntil[b] = 0;
            s->BuffStat[b] = 0;
            s->BuffAmount[b] = 0f;
            changed = true;
        }
        if (changed)
            HeroStats.Compute(w, s, h);
    }

    /// <summary>Puts a hero at its fountain in full health.</summary>
    public static void Appear(MobaWorld w, WorldState* s, int h)
    {
        int team = s->Team[h];
        (float x, float y) = Place(w, team, h);
        s->X[h] = x;
        s->Y[h] = y;
        s->Alive[h] = 1;
        s->Hp[h] = s->MaxHp[h];
        s->Mana[h] = s->MaxMana[h];
        s->FaceX[h] = s->FaceY[h] = team == 0 ? 0.70710678f : -0.70710678f;
        s->RespawnTick[h] = 0;
        s->Viewer[(1 - team) * UnitIndex.Count + h] = 0;
        s->Visible[h] = (byte)(1 << team);
    }

    /// <summary>The slot's own place at the fountain, so that heroes do not stand in one another.</summary>
    public static (float X, float Y) Place(MobaWorld w, int team, int h)
    {
        float off = (h % UnitIndex.HeroesPerTeam - 2) * 1.1f;
        return team == 0
            ? (w.Map.FountainX[0] + off, w.Map.FountainY[0] - off)
            : (w.Map.FountainX[1] + off, w.Map.FountainY[1] - off);
    }

    public static void EarnGold(WorldState* s, int h, int gold)
    {
        s->Gold[h] += gold;
        s->GoldEarned[h] += gold;
    }

    public static void EarnXp(MobaWorld w, WorldState* s, int h, int xp)
    {
        s->Xp[h] += xp;
        s->XpEarned[h] += xp;
        bool risen = false;
        while (s->Level[h] < RulesDefinition.MaxLevel && s->Xp[h] >= w.Rules.LevelXp[s->Level[h]])
        {
            s->Level[h]++;
            s->SkillPoints[h]++;
            risen = true;
        }
        if (risen && s->ManualSkills[h] == 0)
            Learning.FollowOrder(w, s, h);
        if (risen)
            HeroStats.Compute(w, s, h);
    }

    private static void Regenerate(MobaWorld w, WorldState* s, Scratch* t, int h)
    {
        float hp = s->HpRegen[h];
        float mana = s->ManaRegen[h];
        int team = s->Team[h];
        float dx = s->X[h] - w.Map.FountainX[team];
        float dy = s->Y[h] - w.Map.FountainY[team];
        if (dx * dx + dy * dy <= w.Map.FountainRadius * w.Map.FountainRadius)
        {
            hp += Combat.Exact(w.Rules.FountainRegen * s->MaxHp[h]);
            mana += w.Rules.FountainRegen * s->MaxMana[h];
        }
        t->Heal[h] += hp;
        mana += s->Mana[h];
        s->Mana[h] = mana > s->MaxMana[h] ? s->MaxMana[h] : mana;
    }

    /// <summary>Income comes once a second.</summary>
    private static bool Due(int tick, int perMinute) => perMinute > 0 && tick % RulesDefinition.TicksPerSecond == 0 && tick > 0;

    private static int Income(int tick, int perMinute)
    {
        int second = tick / RulesDefinition.TicksPerSecond;
        return second * perMinute / 60 - (second - 1) * perMinute / 60;
    }
}
