using System.Numerics;
using System.Runtime.Intrinsics;

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
        uint present = Near.Heroes & Near.Set(s->Present, 0);
        uint alive = present & Near.Alive(s, 0);
        for (uint m = goldNow ? present : 0; m != 0; m &= m - 1)
            EarnGold(s, BitOperations.TrailingZeroCount(m), Income(tick, r.GoldPerMinute));
        for (uint m = xpNow ? present : 0; m != 0; m &= m - 1)
            EarnXp(w, s, BitOperations.TrailingZeroCount(m), Income(tick, r.XpPerMinute));
        // Once a second each hero looks into the shop, unless its player does; the slots of a team do so at different ticks.
        int slot = (RulesDefinition.TicksPerSecond - tick % RulesDefinition.TicksPerSecond) % RulesDefinition.TicksPerSecond;
        if (slot < UnitIndex.HeroesPerTeam)
        {
            for (int h = slot; h < UnitIndex.Heroes; h += UnitIndex.HeroesPerTeam)
            {
                if (s->Present[h] != 0 && s->ManualShop[h] == 0)
                    Shop.FollowBuild(w, s, h);
            }
        }
        for (uint m = present & ~alive & ~Near.Ahead(s, s->RespawnTick, 0); m != 0; m &= m - 1)
            Appear(w, s, BitOperations.TrailingZeroCount(m));
        for (uint m = alive & EndingBuffs(s); m != 0; m &= m - 1)
            EndBuffs(w, s, BitOperations.TrailingZeroCount(m));
        const int Last = UnitIndex.Heroes - 8;
        Regenerate(w, s, t, 0, alive);
        Regenerate(w, s, t, Last, alive >> Last & 0xC0);
    }

    /// <summary>Bit h: a buff of hero h ends now. Two heroes' fill a vector.</summary>
    private static uint EndingBuffs(WorldState* s)
    {
        Vector128<ushort> now = Vector128.Create((ushort)s->Tick);
        uint heroes = 0;
        for (int h = 0; h < UnitIndex.Heroes; h += 2)
        {
            Vector128<ushort> until = Vector128.Load(s->BuffUntil + h * WorldState.BuffSlots);
            uint over = Vector128.AndNot(Vector128.LessThanOrEqual(until, now), Vector128.Equals(until, Vector128<ushort>.Zero)).ExtractMostSignificantBits();
            heroes |= (uint)(Combat.One((over & 15) != 0) | Combat.One(over > 15) << 1) << h;
        }
        return heroes;
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

    /// <summary>Shields end, hp and mana come back: eight heroes, of which bits say which are meant.</summary>
    private static void Regenerate(MobaWorld w, WorldState* s, Scratch* t, int h, uint bits)
    {
        Vector256<float> meant = Near.Lanes(bits);
        Vector256<float> first = Vector256.LessThan(Vector256.Create(h) + Vector256<int>.Indices, Vector256.Create(UnitIndex.HeroesPerTeam)).AsSingle();
        Vector256<float> dx = Vector256.Load(s->X + h) - Vector256.ConditionalSelect(first, Vector256.Create(w.Map.FountainX[0]), Vector256.Create(w.Map.FountainX[1]));
        Vector256<float> dy = Vector256.Load(s->Y + h) - Vector256.ConditionalSelect(first, Vector256.Create(w.Map.FountainY[0]), Vector256.Create(w.Map.FountainY[1]));
        Vector256<float> home = Vector256.LessThanOrEqual(dx * dx + dy * dy, Vector256.Create(w.Map.FountainRadius * w.Map.FountainRadius));
        Vector256<float> hp = Vector256.Load(s->HpRegen + h) + (home & Exact(w.Rules.FountainRegen * Vector256.Load(s->MaxHp + h)));
        Vector256<float> heal = Vector256.Load(t->Heal + h);
        Vector256.ConditionalSelect(meant, heal + hp, heal).Store(t->Heal + h);
        Vector256<float> maxMana = Vector256.Load(s->MaxMana + h);
        Vector256<float> had = Vector256.Load(s->Mana + h);
        Vector256<float> regen = Vector256.Load(s->ManaRegen + h);
        Vector256<float> mana = Vector256.ConditionalSelect(home, regen + w.Rules.FountainRegen * maxMana, regen) + had;
        mana = Vector256.ConditionalSelect(Vector256.GreaterThan(mana, maxMana), maxMana, mana);
        Vector256.ConditionalSelect(meant, mana, had).Store(s->Mana + h);
        Vector256<float> shield = Vector256.Load(s->Shield + h);
        Vector256<float> over = Vector256.AndNot(meant, Near.Lanes(Near.Ahead(s, s->ShieldUntil, h)));
        Vector256.AndNot(shield, over).Store(s->Shield + h);
    }

    /// <summary><see cref="Combat.Exact"/> of eight numbers.</summary>
    private static Vector256<float> Exact(Vector256<float> v)
        => Vector256.ConvertToSingle(Vector256.ConvertToInt32Native(v * 1024f + Vector256.Create(0.5f))) * (1f / 1024f);

    /// <summary>Income comes once a second.</summary>
    private static bool Due(int tick, int perMinute) => perMinute > 0 && tick % RulesDefinition.TicksPerSecond == 0 && tick > 0;

    private static int Income(int tick, int perMinute)
    {
        int second = tick / RulesDefinition.TicksPerSecond;
        return second * perMinute / 60 - (second - 1) * perMinute / 60;
    }
}
