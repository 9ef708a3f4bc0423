using System.Runtime.CompilerServices;
using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>One hero's look at its surroundings while it thinks, in the own frame: who is near, how strong, which towers reach it.</summary>
internal unsafe ref struct Mind
{
    /// <summary>Cells within which heroes count for a fight in full, and in part.</summary>
    private const float Close = 10f;
    private const float Wide = 16f;

    public readonly MobaWorld World;
    public readonly WorldState* S;
    public readonly TeamView* V;
    public readonly TargetSlots* Slots;
    public readonly Traits Traits;
    public readonly Span<short> Action;
    public readonly int Hero;
    public readonly int Team;
    public readonly float X;
    public readonly float Y;
    public readonly float Health;
    public readonly float ManaShare;

    /// <summary>Cells at which the basic attack reaches a hero or creep.</summary>
    public readonly float Reach;

    /// <summary>The nearest enemy hero that is seen, -1 for none.</summary>
    public int Foe = -1;
    public float FoeDistance = float.MaxValue;
    public int FoesNear;
    public int AlliesNear;

    /// <summary>Strength of the own side around over the enemy's; large without enemies.</summary>
    public float Ratio;

    /// <summary>Damage that enemies near can do in the next three seconds, before resistance.</summary>
    public float Menace;

    /// <summary>The nearest standing enemy structure, how far it is, and how many own creeps are in its range.</summary>
    public int Tower = -1;
    public float TowerDistance = float.MaxValue;
    public int Holders;

    /// <summary>The command that the hero follows.</summary>
    public MacroCommand Command;

    public Mind(MobaWorld world, WorldState* s, TeamView* v, TargetSlots* slots, Traits traits, int hero, Span<short> action)
    {
        World = world;
        S = s;
        V = v;
        Slots = slots;
        Traits = traits;
        Action = action;
        Hero = hero;
        Team = v->Team;
        X = v->X[hero];
        Y = v->Y[hero];
        Health = s->Hp[hero] / s->MaxHp[hero];
        ManaShare = s->MaxMana[hero] > 0f ? s->Mana[hero] / s->MaxMana[hero] : 1f;
        Reach = s->AttackRange[hero] + 0.4f;
        FindTower();
        Weigh();
    }

    /// <summary>Whether the enemy structure nearby would shoot a hero at a place: in range, and no own creep to draw its shots.</summary>
    public readonly bool Hot(float x, float y, float margin = 0.5f)
    {
        if (Tower < 0 || Holders > 0)
            return false;
        float dx = x - TowerX;
        float dy = y - TowerY;
        float reach = S->AttackRange[Tower] + margin;
        return dx * dx + dy * dy < reach * reach;
    }

    /// <summary>Whether a place lies in range of the enemy structure nearby, whoever draws its shots.</summary>
    public readonly bool InTowerRange(float x, float y, float margin = 0.5f)
    {
        if (Tower < 0)
            return false;
        float dx = x - TowerX;
        float dy = y - TowerY;
        float reach = S->AttackRange[Tower] + margin;
        return dx * dx + dy * dy < reach * reach;
    }

    public readonly bool ShotByTower => Tower >= 0 && S->AttackTarget[Tower] == Hero && TowerDistance < S->AttackRange[Tower] + 1f;

    public readonly float TowerX => TeamView.OwnX(S, Team, Tower);

    public readonly float TowerY => TeamView.OwnY(S, Team, Tower);

    public readonly bool AtFountain
    {
        get
        {
            float dx = S->X[Hero] - World.Map.FountainX[Team];
            float dy = S->Y[Hero] - World.Map.FountainY[Team];
            return dx * dx + dy * dy <= World.Map.FountainRadius * World.Map.FountainRadius;
        }
    }

    /// <summary>Whether something hurt the hero within the last ticks.</summary>
    public readonly bool HurtWithin(int ticks) => S->Tick - S->LastHurtTick[Hero] < ticks;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Distance(int unit) => Distance(TeamView.OwnX(S, Team, unit), TeamView.OwnY(S, Team, unit));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Distance(float x, float y)
    {
        float dx = x - X;
        float dy = y - Y;
        return MathF.Sqrt(dx * dx + dy * dy);
    }

    /// <summary>Target slot of a unit, -1 if it has none.</summary>
    public readonly int SlotOf(int unit)
    {
        for (int i = 0; i < Sizes.Targets; i++)
        {
            if (Slots->Unit[i] == unit)
                return i;
        }
        return -1;
    }

    /// <summary>Attacks a unit if it may be and has a target slot.</summary>
    public readonly bool Attack(int unit)
    {
        if (!Legality.IsAttackable(in *S, Hero, unit) || SlotOf(unit) is not (>= Sizes.EnemySlot and int slot))
            return false;
        EasyPlayer.Set(Action, Verb.Attack, -1, -1, slot);
        return true;
    }

    public readonly void Stay() => EasyPlayer.Set(Action, Verb.Stay);

    private void FindTower()
    {
        int first = UnitIndex.FirstStructure + (1 - Team) * UnitIndex.StructuresPerTeam;
        float near = 20f * 20f;
        for (int u = first; u < first + UnitIndex.StructuresPerTeam; u++)
        {
            if (S->Alive[u] == 0)
                continue;
            float square = Combat.SquaredDistance(S, Hero, u);
            if (square >= near)
                continue;
            near = square;
            Tower = u;
        }
        if (Tower < 0)
            return;
        TowerDistance = MathF.Sqrt(near);
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
            Holders += V->EnemyTower[lane] == Tower ? V->Holding[lane] : 0;
    }

    private void Weigh()
    {
        float ownDamage = 0f;
        float ownToughness = 0f;
        float foeDamage = 0f;
        float foeToughness = 0f;
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            if (V->Placed[h] == 0)
                continue;
            float dx = V->X[h] - X;
            float dy = V->Y[h] - Y;
            float square = dx * dx + dy * dy;
            if (square > Wide * Wide)
                continue;
            float weight = square <= Close * Close ? 1f : 0.5f;
            if (h / UnitIndex.HeroesPerTeam == Team)
            {
                AlliesNear += h != Hero && weight == 1f ? 1 : 0;
                ownDamage += weight * V->Damage[h];
                ownToughness += weight * V->Toughness[h];
                continue;
            }
            if (V->Seen[h] == 0)
                weight *= 0.5f;
            foeDamage += weight * V->Damage[h];
            foeToughness += weight * V->Toughness[h];
            if (V->Seen[h] == 0)
                continue;
            FoesNear += weight == 1f ? 1 : 0;
            float distance = MathF.Sqrt(square);
            if (distance >= FoeDistance)
                continue;
            FoeDistance = distance;
            Foe = h;
        }
        Creeps(ref ownDamage, ref foeDamage);
        if (InTowerRange(X, Y, 1.5f))
            foeDamage += S->Attack[Tower] * (Holders > 0 ? 1.5f : 3.5f);
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            int own = V->OwnTower[lane];
            if (Distance(own) > S->AttackRange[own] + 1f)
                continue;
            ownDamage += S->Attack[own] * 3f;
            break;
        }
        Menace = foeDamage;
        Ratio = foeToughness <= 0f ? 20f : MathF.Sqrt(ownDamage * ownToughness / (foeDamage * foeToughness));
    }

    private readonly void Creeps(ref float own, ref float foe)
    {
        for (int i = Sizes.CreepSlot; i < Sizes.CreepSlot + Sizes.EnemyCreeps + Sizes.OwnCreeps; i++)
        {
            int unit = Slots->Unit[i];
            if (unit == TargetSlots.None || Combat.SquaredDistance(S, Hero, unit) > 6f * 6f)
                continue;
            // Creeps go for heroes only in part.
            float damage = S->Attack[unit] * 1.2f;
            if (i < Sizes.OwnCreepSlot)
                foe += damage;
            else
                own += 0.5f * damage;
        }
    }
}
