using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>
/// <c>micro@1</c>: hands for roll-outs, as cheap as can be. Strikes what is in reach (heroes first, then creeps, then the structure that
/// creeps hold), runs when nearly dead, and else takes the next step of the hero's macro command; without one it pushes its lane. Uses no
/// skills and no chance. Not meant to be rated.
/// </summary>
internal static unsafe class MicroPlayer
{
    private const float RunBelow = 0.25f;
    private const float CreepSlack = 3f;

    public static void Act(MobaWorld world, WorldState* s, TeamView* view, int hero, TargetSlots* slots, Span<short> action)
    {
        EasyPlayer.Set(action, Verb.Stay);
        if (!Legality.CanAct(in *s, hero) || s->CastSkill[hero] >= 0)
            return;
        if (s->WindUpEnd[hero] != 0 && EasyPlayer.GoOn(world, s, hero, slots, action))
            return;
        bool weak = s->Hp[hero] < RunBelow * s->MaxHp[hero];
        float reach = s->AttackRange[hero] + 1f;
        for (int i = Sizes.EnemySlot; i < Sizes.EnemySlot + Sizes.Enemies; i++)
        {
            int foe = slots->Unit[i];
            if (foe == TargetSlots.None || view->Seen[foe] == 0 || Combat.SquaredDistance(s, hero, foe) > (weak ? 81f : reach * reach))
                continue;
            if (weak)
                Walk(world, s, hero, HomeDirection(world, s, hero), action);
            else if (Legality.IsAttackable(in *s, hero, foe))
                EasyPlayer.Set(action, Verb.Attack, -1, -1, i);
            return;
        }
        var command = (MacroCommand)s->Macro[hero];
        if (command == MacroCommand.None)
            command = MacroGoals.Push(Strategy.Lane(world, hero));
        int creep = slots->Unit[Sizes.CreepSlot];
        if (creep != TargetSlots.None && command != MacroCommand.Recall && Legality.IsAttackable(in *s, hero, creep)
            && Combat.SquaredDistance(s, hero, creep) < (reach + CreepSlack) * (reach + CreepSlack))
        {
            EasyPlayer.Set(action, Verb.Attack, -1, -1, Sizes.CreepSlot);
            return;
        }
        int lane = MacroGoals.LaneOf(command);
        // A lane is pushed behind its wave: towers shoot whoever comes alone.
        if (command is >= MacroCommand.PushTop and <= MacroCommand.PushBottom && view->Holding[lane] == 0)
            command = MacroGoals.Hold(lane);
        Write(world, s, hero, slots, MacroRules.Step(world, s, view, hero, command), action);
    }

    private static int HomeDirection(MobaWorld world, WorldState* s, int hero)
    {
        int team = s->Team[hero];
        int d = world.Map.StructureDirection(UnitIndex.Ancient(team) - UnitIndex.FirstStructure, s->X[hero], s->Y[hero]);
        return team == 0 ? d : Directions.Mirror(d);
    }

    private static void Write(MobaWorld world, WorldState* s, int hero, TargetSlots* slots, Order order, Span<short> action)
    {
        switch (order.Verb)
        {
            case Verb.Move:
                int own = s->Team[hero] == 0 ? Directions.Nearest(order.X, order.Y) : Directions.Nearest(-order.Y, -order.X);
                Walk(world, s, hero, own, action);
                break;
            case Verb.Attack:
                for (int i = Sizes.EnemySlot; i < Sizes.Targets; i++)
                {
                    if (slots->Unit[i] == order.Target)
                        EasyPlayer.Set(action, Verb.Attack, -1, -1, i);
                }
                break;
            case Verb.Recall:
                EasyPlayer.Set(action, Verb.Recall);
                break;
        }
    }

    /// <summary>In the free direction nearest to the wanted one of the own frame.</summary>
    private static void Walk(MobaWorld world, WorldState* s, int hero, int direction, Span<short> action)
    {
        if (!Legality.CanMove(in *s, hero))
            return;
        for (int turn = 0; turn < 7; turn++)
        {
            for (int sign = 1; sign >= -1; sign -= 2)
            {
                int d = (direction + sign * turn) & 15;
                if (!ActionMask.CanWalk(world, s, hero, s->Team[hero] == 0 ? d : Directions.Mirror(d)))
                    continue;
                EasyPlayer.Set(action, Verb.Move, d);
                return;
            }
        }
    }
}
