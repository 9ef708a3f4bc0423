using SelfPlayArena.Core;

namespace SelfPlayArena.Moba;

/// <summary>
/// <c>easy@1</c>: a beginner. Keeps to its lane, walks with its creeps, hits what is near, uses skills half the time, goes home when hurt, pushes
/// towers that its creeps hold. Thinks anew only every third decision, never dodges, never helps on purpose. A function of what its team
/// sees and the generator it is handed.
/// </summary>
internal static unsafe class EasyPlayer
{
    internal const int ThinkEvery = 3;
    private const float RetreatBelow = 0.3f;
    private const float HealedAbove = 0.9f;
    private const float SkillChance = 0.5f;
    private const float SkillOnCreepsChance = 0.04f;
    private const float IdleChance = 0.05f;

    /// <summary>Writes a legal action [verb, direction, distance, target].</summary>
    public static void Act(MobaWorld world, WorldState* s, int hero, TargetSlots* slots, Span<short> action, ref Rng rng)
    {
        Set(action, Verb.Stay);
        if (!Legality.CanAct(in *s, hero) || s->CastSkill[hero] >= 0)
            return;
        int decision = s->Tick / world.Rules.DecisionTicks;
        bool thinks = (decision + hero % UnitIndex.HeroesPerTeam) % ThinkEvery == 0;
        if (!thinks && GoOn(world, s, hero, slots, action))
            return;
        var view = new LaneView(world, s, hero, slots);
        if (rng.NextSingle() < IdleChance)
            return;
        Think(in view, action, ref rng);
    }

    private static void Think(in LaneView v, Span<short> action, ref Rng rng)
    {
        float health = v.S->Hp[v.Hero] / v.S->MaxHp[v.Hero];
        if (v.AtFountain && health < HealedAbove)
            return;
        int foe = v.NearestFoe(out float foeDistance);
        if (health < RetreatBelow)
        {
            bool pursued = foe >= 0 && foeDistance < 11f || v.EnemyCreepWithin(7f) || v.InTowerRange(1f);
            if (!pursued)
                Set(action, Verb.Recall);
            else if (!(rng.NextSingle() < SkillChance && Escape(in v, action)))
                v.WalkHome(action);
            return;
        }
        bool exposed = v.InTowerRange(0.5f) && v.CreepsHoldingTower == 0;
        if ((exposed || (v.ShotByTower && health < 0.65f)) && !v.FinishingStructure)
        {
            v.WalkHome(action);
            return;
        }
        if (foe >= 0 && rng.NextSingle() < SkillChance && Skills(in v, foe, foeDistance, action, ref rng))
            return;
        float reach = v.S->AttackRange[v.Hero];
        int structure = v.StructureToHit(reach + 7f, health);
        if (structure >= 0 && v.CreepsHoldingTower >= 2)
        {
            v.Attack(structure, action);
            return;
        }
        if (foe >= 0 && foeDistance <= reach + 0.5f && !exposed && (health > 0.5f || v.S->Hp[foe] / v.S->MaxHp[foe] < health))
        {
            v.Attack(v.SlotOf(foe), action);
            return;
        }
        int creep = v.CreepToHit(reach + 4f);
        if (creep >= 0)
        {
            if (rng.NextSingle() < SkillOnCreepsChance && Skills(in v, v.Slots->Unit[creep], v.Distance(v.Slots->Unit[creep]), action, ref rng))
                return;
            v.Attack(creep, action);
            return;
        }
        if (structure >= 0)
        {
            v.Attack(structure, action);
            return;
        }
        v.FollowLane(action);
    }

    /// <summary>Between two thoughts the last order simply goes on, if it still can.</summary>
    internal static bool GoOn(MobaWorld world, WorldState* s, int hero, TargetSlots* slots, Span<short> action)
    {
        switch ((Verb)s->OrderVerb[hero])
        {
            case Verb.Move:
                float x = s->OrderX[hero];
                float y = s->OrderY[hero];
                int team = s->Team[hero];
                int direction = team == 0 ? Directions.Nearest(x, y) : Directions.Nearest(-y, -x);
                if (!Legality.CanMove(in *s, hero) || !ActionMask.CanWalk(world, s, hero, team == 0 ? direction : Directions.Mirror(direction)))
                    return false;
                Set(action, Verb.Move, direction);
                return true;
            case Verb.Attack:
                for (int i = Sizes.EnemySlot; i < Sizes.Targets; i++)
                {
                    int unit = slots->Unit[i];
                    if (unit != TargetSlots.None && unit == s->OrderTarget[hero] && Legality.IsAttackable(in *s, hero, unit))
                    {
                        Set(action, Verb.Attack, -1, -1, i);
                        return true;
                    }
                }
                return false;
            case Verb.Stay:
                return true;
            case Verb.Recall:
                Set(action, Verb.Recall);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Uses the first skill that is good for something against a foe; the ultimate first.</summary>
    private static bool Skills(in LaneView v, int foe, float distance, Span<short> action, ref Rng rng)
    {
        int order = rng.Next(2);
        for (int n = 0; n < WorldState.Skills; n++)
        {
            int k = n == 0 ? 3 : order == 0 ? n - 1 : 3 - n;
            if (!Legality.CanCast(v.World, in *v.S, v.Hero, k))
                continue;
            SkillDefinition d = v.World.Content.Heroes[v.S->Kind[v.Hero]].Skills[k];
            if (k == 3 && !UnitIndex.IsHero(foe))
                continue;
            switch (d.Aim)
            {
                case Aim.Target:
                    int slot = d.Side == Side.Enemies ? v.SlotOf(foe) : v.FriendInNeed(k);
                    if (slot < 0 || !Legality.IsTargetable(v.World, in *v.S, v.Hero, k, v.Slots->Unit[slot]))
                        continue;
                    Set(action, (Verb)((int)Verb.Skill1 + k), 0, 0, slot);
                    return true;
                case Aim.None:
                    if (distance > (d.Range > 0f ? d.Range : 4f))
                        continue;
                    Set(action, (Verb)((int)Verb.Skill1 + k), 0, 0, 0);
                    return true;
                default:
                    if (distance > d.Range + 0.5f || (d.Moves && v.DivesInto(foe)))
                        continue;
                    int quarter = (int)(distance / d.Range * Sizes.Distances + 0.5f) - 1;
                    quarter = d.Aim == Aim.Direction || quarter < 0 ? 0 : quarter > 3 ? 3 : quarter;
                    Set(action, (Verb)((int)Verb.Skill1 + k), v.DirectionTo(foe), quarter, 0);
                    return true;
            }
        }
        return false;
    }

    /// <summary>Leaps home, if the hero can.</summary>
    private static bool Escape(in LaneView v, Span<short> action)
    {
        for (int k = 0; k < WorldState.Skills; k++)
        {
            SkillDefinition d = v.World.Content.Heroes[v.S->Kind[v.Hero]].Skills[k];
            if (!d.Moves || d.Aim is not (Aim.Direction or Aim.Point) || !Legality.CanCast(v.World, in *v.S, v.Hero, k))
                continue;
            Set(action, (Verb)((int)Verb.Skill1 + k), v.HomeDirection, d.Aim == Aim.Point ? Sizes.Distances - 1 : 0, 0);
            return true;
        }
        return false;
    }

    internal static void Set(Span<short> action, Verb verb, int direction = -1, int distance = -1, int target = -1)
    {
        action[0] = (short)verb;
        action[1] = (short)direction;
        action[2] = (short)distance;
        action[3] = (short)target;
    }
}
