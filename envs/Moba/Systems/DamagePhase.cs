using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Moba.Systems;

/// <summary>
/// Applies all healing, then all damage of the tick, and notes who died by whom. Amounts are whole 1/1024, so that what is left does not
/// depend on the order of blows.
/// </summary>
internal static unsafe class DamagePhase
{
    private const float CreepsNear = 10f;

    public static void Run(MobaWorld w, WorldState* s, Scratch* t)
    {
        const int Last = UnitIndex.Heroes - 8;
        uint alive = Near.Alive(s, 0) & Near.Heroes;
        Heal(s, t, 0, alive);
        Heal(s, t, Last, alive >> Last & 0xC0);
        new Span<float>(t->Heal, UnitIndex.Heroes).Clear();
        for (int i = 0; i < t->Count; i++)
            Blow(w, s, t, i);
        if (t->MonstersHit != 0)
            MonsterBlows(w, s, t);
        uint concerned = Concerned(s, t, 0) | Concerned(s, t, Last) << Last;
        for (uint m = concerned & Near.Alive(s, 0); m != 0; m &= m - 1)
            Settle(s, t, BitOperations.TrailingZeroCount(m));
    }

    /// <summary>Heals those among eight heroes that bits mean; what they have then is what they had before the blows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Heal(WorldState* s, Scratch* t, int h, uint bits)
    {
        Vector256<float> had = Vector256.Load(s->Hp + h);
        Vector256<float> most = Vector256.Load(s->MaxHp + h);
        Vector256<float> hp = had + Vector256.Load(t->Heal + h);
        hp = Vector256.ConditionalSelect(Near.Lanes(bits), Vector256.ConditionalSelect(Vector256.GreaterThan(hp, most), most, hp), had);
        hp.Store(s->Hp + h);
        hp.Store(t->HpBefore + h);
    }

    /// <summary>Bits of those among eight heroes, dead or alive, for whom the blows changed more than their hp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Concerned(WorldState* s, Scratch* t, int h)
    {
        Vector256<float> hp = Vector256.Load(s->Hp + h);
        Vector256<float> before = Vector256.Load(t->HpBefore + h);
        Vector256<float> low = Triggers.LowHp * Vector256.Load(s->MaxHp + h);
        Vector256<float> fell = Vector256.GreaterThan(before, hp) & Vector256.LessThan(hp, low) & Vector256.GreaterThanOrEqual(before, low);
        Vector256<float> given = Vector256.GreaterThan(Vector256.Load(t->Heal + h), Vector256<float>.Zero) | ~Vector256.Equals(Vector256.Load(t->Mana + h), Vector256<float>.Zero);
        uint bits = (fell | given).ExtractMostSignificantBits() | (Near.Set(t->Cleansed, h) & 255);
        return bits & Vector256.GreaterThan(hp, Vector256<float>.Zero).ExtractMostSignificantBits();
    }

    private static void Settle(WorldState* s, Scratch* t, int h)
    {
        if (t->HpBefore[h] > s->Hp[h] && s->Hp[h] < Triggers.LowHp * s->MaxHp[h] && t->HpBefore[h] >= Triggers.LowHp * s->MaxHp[h])
            Triggers.Cause(s, t, h, TriggerOn.LowHp, Scratch.Nobody);
        if (t->Heal[h] > 0f)
        {
            // Only now is it known how much life-steal really gave: all blows have fallen, whatever their order.
            float missing = s->MaxHp[h] - s->Hp[h];
            s->Healing[h] += t->Heal[h] < missing ? t->Heal[h] : missing;
            AddHp(s, h, t->Heal[h]);
        }
        if (t->Mana[h] != 0f)
            AddMana(s, h, t->Mana[h]);
        if (t->Cleansed[h] != 0)
            Cleanse(s, h);
    }

    private static void AddHp(WorldState* s, int u, float heal)
    {
        float hp = s->Hp[u] + heal;
        s->Hp[u] = hp > s->MaxHp[u] ? s->MaxHp[u] : hp;
    }

    private static void AddMana(WorldState* s, int h, float amount)
    {
        float mana = s->Mana[h] + amount;
        s->Mana[h] = mana > s->MaxMana[h] ? s->MaxMana[h] : mana < 0f ? 0f : mana;
    }

    /// <summary>Ends bad effects, those of this very tick included.</summary>
    private static void Cleanse(WorldState* s, int h)
        => s->StunUntil[h] = s->RootUntil[h] = s->SlowUntil[h] = s->SilenceUntil[h] = s->DotUntil[h] = 0;

    private static void Blow(MobaWorld w, WorldState* s, Scratch* t, int i)
    {
        int u = t->Target[i];
        int source = t->Source[i];
        if (s->Alive[u] == 0 || s->Hp[u] <= 0f)
            return;
        var type = (DamageType)t->Type[i];
        float resist = type == DamageType.Physical ? s->Armor[u] : type == DamageType.Magic ? s->MagicResist[u] : 0f;
        bool byHero = UnitIndex.IsHero(source);
        if (byHero)
            resist *= 1f - (type == DamageType.Physical ? s->ArmorPen[source] : s->MagicPen[source]);
        float damage = t->Amount[i] * (100f / (100f + resist));
        bool structure = UnitIndex.IsStructure(u);
        if (structure)
        {
            if (s->Protected[u - UnitIndex.FirstStructure] != 0)
                return;
            if (UnitIndex.IsCreep(source))
                damage *= w.Rules.Creeps[s->Kind[source]].StructureFactor;
            else if (!Besieged(s, u))
                damage *= w.Rules.TowerBackdoor;
            if (UnitIndex.IsSummon(source))
                damage *= w.Content.Summons[s->Kind[source]].StructureFactor;
            if (s->Tick < w.Rules.FortifiedUntil)
                damage *= w.Rules.Fortified;
        }
        if (UnitIndex.IsWard(u))
            damage = UnitIndex.IsHero(source) && (t->Flags[i] & Scratch.Basic) != 0 ? 1f : 0f;
        damage = Combat.Exact(damage);
        if (damage <= 0f)
            return;
        int behind = Combat.HeroBehind(s, source);
        byte flags = t->Flags[i];
        bool hero = UnitIndex.IsHero(u);
        bool monster = UnitIndex.IsMonster(u);
        float dealt = damage < s->Hp[u] ? damage : s->Hp[u];
        if (hero)
        {
            float shield = s->ShieldUntil[u] > s->Tick ? s->Shield[u] : 0f;
            float absorbed = damage < shield ? damage : shield;
            s->Shield[u] = shield - absorbed;
            damage -= absorbed;
            dealt = absorbed + (damage < s->Hp[u] ? damage : s->Hp[u]);
            s->DamageTaken[u] += dealt;
            s->LastHurtTick[u] = s->Tick;
            if (behind >= 0)
                s->HurtByTick[u * 5 + behind % 5] = s->Tick;
            if (byHero)
            {
                s->LastStrikeTick[source] = s->Tick;
                s->LastStruckHero[source] = (sbyte)u;
            }
            if (behind >= 0 && (flags & (Scratch.Quiet | Scratch.Lasting)) == 0)
                Triggers.Cause(s, t, u, TriggerOn.Hurt, behind);
        }
        bool fatal = false;
        if (monster)
        {
            dealt = OnMonster(s, t, u, source, damage);
        }
        else
        {
            float left = s->Hp[u] - damage;
            fatal = left <= 0f;
            s->Hp[u] = fatal ? 0f : left;
        }
        if (behind >= 0)
            Credit(s, behind, u, hero, structure, dealt);
        if (byHero && (flags & Scratch.Basic) != 0 && !structure && !UnitIndex.IsWard(u))
        {
            Triggers.Cause(s, t, source, TriggerOn.Attack, u);
            if (s->LifeSteal[source] > 0f)
                t->Heal[source] += Combat.Exact(dealt * s->LifeSteal[source]);
        }
        if (fatal)
            Fell(s, t, u, behind >= 0 ? behind : source, flags);
    }

    private static void Fell(WorldState* s, Scratch* t, int u, int killer, byte flags)
    {
        t->Dead[t->Deaths] = (byte)u;
        t->Killer[t->Deaths++] = (byte)killer;
        if (UnitIndex.IsHero(killer) && (flags & Scratch.Quiet) == 0 && !UnitIndex.IsStructure(u) && !UnitIndex.IsWard(u))
            Triggers.Cause(s, t, killer, TriggerOn.Kill, u);
    }

    /// <summary>
    /// Both teams may hit one monster in the same tick: their damage is summed apart, and applied together once all of it is known. What is
    /// returned is how much of it took hp, as far as the own team knows.
    /// </summary>
    private static float OnMonster(WorldState* s, Scratch* t, int u, int source, float damage)
    {
        int m = u - UnitIndex.FirstMonster;
        if ((t->MonstersHit >> m & 1) == 0)
        {
            t->MonstersHit |= 1u << m;
            t->MonsterDamage[m * 2] = t->MonsterDamage[m * 2 + 1] = 0f;
        }
        int at = m * 2 + s->Team[source];
        float left = s->Hp[u] - t->MonsterDamage[at];
        t->MonsterDamage[at] += damage;
        t->MonsterHitter[at] = (byte)source;
        return left <= 0f ? 0f : damage < left ? damage : left;
    }

    /// <summary>A monster is slain by the team that dealt more of the last tick's damage, and turns against it; where both dealt as much, nobody gains.</summary>
    private static void MonsterBlows(MobaWorld w, WorldState* s, Scratch* t)
    {
        for (uint bits = t->MonstersHit; bits != 0; bits &= bits - 1)
        {
            int m = BitOperations.TrailingZeroCount(bits);
            int u = UnitIndex.FirstMonster + m;
            float by0 = t->MonsterDamage[m * 2];
            float by1 = t->MonsterDamage[m * 2 + 1];
            int hitter = by0 == by1 ? Scratch.Nobody : t->MonsterHitter[m * 2 + (by0 > by1 ? 0 : 1)];
            if (hitter != Scratch.Nobody)
                Wake(w, s, u, hitter);
            float left = s->Hp[u] - (by0 + by1);
            s->Hp[u] = left > 0f ? left : 0f;
            if (left > 0f)
                continue;
            int behind = hitter == Scratch.Nobody ? -1 : Combat.HeroBehind(s, hitter);
            Fell(s, t, u, behind >= 0 ? behind : hitter, 0);
        }
        t->MonstersHit = 0;
    }

    private static void Credit(WorldState* s, int source, int u, bool hero, bool structure, float dealt)
    {
        if (hero)
        {
            s->DamageToHeroes[source] += dealt;
        }
        else if (structure)
        {
            s->DamageToStructures[source] += dealt;
            if (s->Kind[u] == 3)
                s->AncientDamage[source] += dealt;
        }
        else if (!UnitIndex.IsMonster(u))
        {
            s->DamageToCreeps[source] += dealt;
        }
        else
        {
            s->DamageToMonsters[source] += dealt;
        }
    }

    /// <summary>Whether creeps of the other team stand near: without them a structure is hard to hurt.</summary>
    private static bool Besieged(WorldState* s, int u)
    {
        int enemy = 1 - s->Team[u];
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            int first = UnitIndex.Creep(enemy, lane, 0);
            for (uint m = s->LaneAlive[enemy * UnitIndex.Lanes + lane]; m != 0; m &= m - 1)
            {
                if (Combat.SquaredDistance(s, u, first + BitOperations.TrailingZeroCount(m)) <= CreepsNear * CreepsNear)
                    return true;
            }
        }
        return false;
    }

    private static void Wake(MobaWorld w, WorldState* s, int u, int source)
    {
        int camp = w.Map.MonsterCamp[u - UnitIndex.FirstMonster];
        s->CampAwake[camp] = 1;
        for (int i = 0; i < w.Map.MonsterCount; i++)
        {
            int m = UnitIndex.FirstMonster + i;
            if (w.Map.MonsterCamp[i] == camp && s->Alive[m] != 0 && s->AttackTarget[m] < 0)
                s->AttackTarget[m] = (short)source;
        }
    }
}
