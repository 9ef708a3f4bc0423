using System.Numerics;
using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>
/// The questions that a scripted player asks about its lane, answered from what its team sees. Progress along a lane is x + y in the own frame,
/// which grows all the way from base to base on every lane.
/// </summary>
internal readonly unsafe ref struct LaneView
{
    public readonly MobaWorld World;
    public readonly WorldState* S;
    public readonly TargetSlots* Slots;
    public readonly int Hero;
    public readonly int Lane;

    /// <summary>Own creeps within range of the enemy's front structure of the lane.</summary>
    public readonly int CreepsHoldingTower;

    private readonly int _team;
    private readonly float _x;
    private readonly float _y;

    /// <summary>The enemy structure that is to fall next in this lane, the ancient after its towers.</summary>
    private readonly int _tower;
    private readonly float _ownFront;

    public LaneView(MobaWorld world, WorldState* s, int hero, TargetSlots* slots)
    {
        World = world;
        S = s;
        Slots = slots;
        Hero = hero;
        _team = s->Team[hero];
        Lane = Strategy.Lane(world, hero);
        _x = OwnX(hero);
        _y = OwnY(hero);
        _tower = slots->Unit[Sizes.StructureSlot + Lane];
        if (_tower == TargetSlots.None)
            _tower = slots->Unit[Sizes.StructureSlot + UnitIndex.Lanes];
        _ownFront = -2 * GameMap.Size;
        uint alive = s->LaneAlive[_team * UnitIndex.Lanes + Lane];
        float reach = s->AttackRange[_tower];
        while (alive != 0)
        {
            int unit = UnitIndex.Creep(_team, Lane, BitOperations.TrailingZeroCount(alive));
            alive &= alive - 1;
            float along = OwnX(unit) + OwnY(unit);
            _ownFront = along > _ownFront ? along : _ownFront;
            float dx = s->X[unit] - s->X[_tower];
            float dy = s->Y[unit] - s->Y[_tower];
            CreepsHoldingTower += dx * dx + dy * dy <= reach * reach ? 1 : 0;
        }
    }

    public bool AtFountain
    {
        get
        {
            float dx = S->X[Hero] - World.Map.FountainX[_team];
            float dy = S->Y[Hero] - World.Map.FountainY[_team];
            return dx * dx + dy * dy <= World.Map.FountainRadius * World.Map.FountainRadius;
        }
    }

    public bool ShotByTower => S->Alive[_tower] != 0 && S->AttackTarget[_tower] == Hero;

    /// <summary>The structure is nearly down and the hero can take another shot.</summary>
    public bool FinishingStructure => S->Hp[_tower] < 0.3f * S->MaxHp[_tower] && S->Hp[Hero] > 0.5f * S->MaxHp[Hero];

    /// <summary>Direction, in the own frame, of the way to the own ancient.</summary>
    public int HomeDirection => OwnDirection(World.Map.StructureDirection(UnitIndex.Ancient(_team) - UnitIndex.FirstStructure, S->X[Hero], S->Y[Hero]));

    public float Distance(int unit)
    {
        float dx = S->X[unit] - S->X[Hero];
        float dy = S->Y[unit] - S->Y[Hero];
        return MathF.Sqrt(dx * dx + dy * dy);
    }

    /// <summary>The nearest enemy hero that is seen, -1 for none.</summary>
    public int NearestFoe(out float distance)
    {
        int nearest = -1;
        distance = float.MaxValue;
        for (int i = 0; i < Sizes.Enemies; i++)
        {
            int unit = UnitIndex.Hero(1 - _team, i);
            if (!Legality.IsAttackable(in *S, Hero, unit))
                continue;
            float d = Distance(unit);
            if (d >= distance)
                continue;
            distance = d;
            nearest = unit;
        }
        return nearest;
    }

    public bool EnemyCreepWithin(float distance)
    {
        int unit = Slots->Unit[Sizes.CreepSlot];
        return unit != TargetSlots.None && Distance(unit) < distance;
    }

    public bool InTowerRange(float margin) => S->Alive[_tower] != 0 && Distance(_tower) < S->AttackRange[_tower] + margin;

    /// <summary>Whether a leap at a unit would end within reach of a tower that no creep holds.</summary>
    public bool DivesInto(int unit)
    {
        float dx = S->X[unit] - S->X[_tower];
        float dy = S->Y[unit] - S->Y[_tower];
        float reach = S->AttackRange[_tower] + 1f;
        return CreepsHoldingTower == 0 && dx * dx + dy * dy < reach * reach;
    }

    /// <summary>Whether hitting a unit means standing within reach of a tower that no creep holds.</summary>
    public bool ExposedWhenHitting(int unit, float distance)
    {
        if (CreepsHoldingTower > 0)
            return false;
        float stand = S->AttackRange[Hero] + Combat.Body(unit);
        float share = distance <= stand ? 1f : stand / distance;
        float dx = S->X[unit] + (S->X[Hero] - S->X[unit]) * share - S->X[_tower];
        float dy = S->Y[unit] + (S->Y[Hero] - S->Y[unit]) * share - S->Y[_tower];
        float reach = S->AttackRange[_tower] + 0.5f;
        return dx * dx + dy * dy < reach * reach;
    }

    /// <summary>Target slot of a unit, -1 if it has none.</summary>
    public int SlotOf(int unit)
    {
        for (int i = 0; i < Sizes.Targets; i++)
        {
            if (Slots->Unit[i] == unit)
                return i;
        }
        return -1;
    }

    /// <summary>Slot of a hurt team mate that a skill may be aimed at, -1 for none.</summary>
    public int FriendInNeed(int skill)
    {
        int slot = -1;
        float least = 0.7f;
        for (int i = 0; i < Sizes.EnemySlot; i++)
        {
            int unit = Slots->Unit[i];
            if (unit == TargetSlots.None || S->Alive[unit] == 0 || !Legality.IsTargetable(World, in *S, Hero, skill, unit))
                continue;
            float health = S->Hp[unit] / S->MaxHp[unit];
            if (health >= least)
                continue;
            least = health;
            slot = i;
        }
        return slot;
    }

    /// <summary>Slot of an enemy creep to hit: one that falls by the blow if there is one, else the weakest in range, else the nearest.</summary>
    public int CreepToHit(float within)
    {
        int best = -1;
        float bestWorth = float.MaxValue;
        for (int i = Sizes.CreepSlot; i < Sizes.OwnCreepSlot; i++)
        {
            int unit = Slots->Unit[i];
            if (unit == TargetSlots.None || !Legality.IsAttackable(in *S, Hero, unit))
                continue;
            float d = Distance(unit);
            if (d > within || ExposedWhenHitting(unit, d))
                continue;
            float blows = S->Hp[unit] * (100f + S->Armor[unit]) / (S->Attack[Hero] * 100f);
            float worth = (blows <= 1f ? 0f : blows) + (d > S->AttackRange[Hero] ? d : 0f);
            if (worth >= bestWorth)
                continue;
            bestWorth = worth;
            best = i;
        }
        return best;
    }

    /// <summary>Slot of the lane's enemy structure if it is near, open and held by creeps, -1 otherwise.</summary>
    public int StructureToHit(float within, float health)
    {
        bool held = CreepsHoldingTower > 0 || (health > 0.6f && FinishingStructure);
        return held && Legality.IsAttackable(in *S, Hero, _tower) && Distance(_tower) <= within ? SlotOf(_tower) : -1;
    }

    public int DirectionTo(int unit) => Directions.Nearest(OwnX(unit) - _x, OwnY(unit) - _y);

    public void Attack(int slot, Span<short> action) => EasyPlayer.Set(action, Verb.Attack, -1, -1, slot);

    public void WalkHome(Span<short> action) => Walk(HomeDirection, action);

    /// <summary>Goes on with the own creeps, just behind the foremost; without creeps only as far as the own front tower.</summary>
    public void FollowLane(Span<short> action)
    {
        float along = _x + _y;
        int tower = Slots->Unit[Sizes.StructureSlot + UnitIndex.Lanes + 1 + Lane];
        float hold = tower == TargetSlots.None ? -0.6f * GameMap.Size : OwnX(tower) + OwnY(tower);
        float goal = _ownFront - 1.5f > hold ? _ownFront - 1.5f : hold;
        if (along > goal + 6f)
        {
            WalkHome(action);
            return;
        }
        if (along > goal)
            return;
        int world = World.Map.LaneDirection(_team, Lane, S->X[Hero], S->Y[Hero]);
        float dx = S->X[Hero] + 1.5f * Directions.X(world) - S->X[_tower];
        float dy = S->Y[Hero] + 1.5f * Directions.Y(world) - S->Y[_tower];
        float reach = S->AttackRange[_tower] + 0.5f;
        if (CreepsHoldingTower == 0 && dx * dx + dy * dy < reach * reach)
            return;
        Walk(OwnDirection(world), action);
    }

    /// <summary>Moves in the direction nearest to a wanted one that is free.</summary>
    private void Walk(int direction, Span<short> action)
    {
        if (!Legality.CanMove(in *S, Hero))
            return;
        for (int turn = 0; turn < 5; turn++)
        {
            for (int sign = 1; sign >= -1; sign -= 2)
            {
                int d = (direction + sign * turn) & 15;
                if (!ActionMask.CanWalk(World, S, Hero, OwnDirection(d)))
                    continue;
                EasyPlayer.Set(action, Verb.Move, d);
                return;
            }
        }
    }

    /// <summary>World direction to own frame and back: the reflection is its own inverse.</summary>
    private int OwnDirection(int direction) => _team == 0 ? direction : Directions.Mirror(direction);

    private float OwnX(int unit) => _team == 0 ? S->X[unit] : -S->Y[unit];

    private float OwnY(int unit) => _team == 0 ? S->Y[unit] : -S->X[unit];
}
