using System.Numerics;

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
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            if (s->Alive[h] != 0)
                AddHp(s, h, t->Heal[h]);
            t->Heal[h] = 0f;
        }
        for (int i = 0; i < t->Count; i++)
            Blow(w, s, t, i);
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            if (t->Heal[h] > 0f && s->Alive[h] != 0 && s->Hp[h] > 0f)
                AddHp(s, h, t->Heal[h]);
        }
    }

    private static void AddHp(WorldState* s, int u, float heal)
    {
        float hp = s->Hp[u] + heal;
        s->Hp[u] = hp > s->MaxHp[u] ? s->MaxHp[u] : hp;
    }

    private static void Blow(MobaWorld w, WorldState* s, Scratch* t, int i)
    {
        int u = t->Target[i];
        int source = t->Source[i];
        if (s->Alive[u] == 0 || s->Hp[u] <= 0f)
            return;
        var type = (DamageType)t->Type[i];
        float resist = type == DamageType.Physical ? s->Armor[u] : type == DamageType.Magic ? s->MagicResist[u] : 0f;
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
        }
        damage = Combat.Exact(damage);
        if (damage <= 0f)
            return;
        bool hero = UnitIndex.IsHero(u);
        bool byHero = UnitIndex.IsHero(source);
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
            if (byHero)
            {
                s->HurtByTick[u * 5 + source % 5] = s->Tick;
                s->LastStrikeTick[source] = s->Tick;
                s->LastStruckHero[source] = (sbyte)u;
            }
        }
        float left = s->Hp[u] - damage;
        s->Hp[u] = left > 0f ? left : 0f;
        if (byHero)
            Credit(s, source, u, hero, structure, dealt);
        if (byHero && (t->Flags[i] & Scratch.Basic) != 0 && s->LifeSteal[source] > 0f && !structure)
        {
            float steal = Combat.Exact(dealt * s->LifeSteal[source]);
            float missing = s->MaxHp[source] - s->Hp[source];
            s->Healing[source] += steal < missing ? steal : missing;
            t->Heal[source] += steal;
        }
        if (UnitIndex.IsMonster(u) && byHero)
            Wake(w, s, u, source);
        if (left <= 0f)
        {
            t->Dead[t->Deaths] = (byte)u;
            t->Killer[t->Deaths++] = (byte)source;
        }
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
        else if (UnitIndex.IsCreep(u))
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
