using SelfPlayArena.Core;

namespace SelfPlayArena.Moba;

/// <summary>
/// <c>medium@1</c> and <c>hard@1</c>: look after their life, then fight what pays, then carry out their macro command. They differ in
/// <see cref="Traits"/>. Every hero is played through its data. A function of what the team sees and the generator handed in.
/// </summary>
internal static unsafe class ThinkingPlayer
{
    /// <summary>Share of thoughts that a hero lets pass, so that equal line-ups do not play the same on both sides.</summary>
    private const float Hesitation = 0.03f;

    /// <summary>Writes a legal action; the macro head, where there is one, carries the command.</summary>
    public static void Act(MobaWorld world, WorldState* s, TeamView* view, int hero, TargetSlots* slots, Traits traits, Span<short> action, ref Rng rng)
    {
        EasyPlayer.Set(action, Verb.Stay);
        if (!Legality.CanAct(in *s, hero))
        {
            if (traits.Focuses)
                Free(world, s, view, hero, action);
            return;
        }
        if (s->CastSkill[hero] >= 0)
            return;
        int period = traits.ThinkTicks / world.Rules.DecisionTicks;
        int decision = s->Tick / world.Rules.DecisionTicks;
        bool thinks = period <= 1 || (decision + hero % UnitIndex.HeroesPerTeam) % period == 0;
        if ((!thinks || rng.NextSingle() < Hesitation) && EasyPlayer.GoOn(world, s, hero, slots, action))
            return;
        var m = new Mind(world, s, view, slots, traits, hero, action);
        Think(ref m);
    }

    /// <summary>A spell that frees its caster is used under a stun that would last, with an enemy near.</summary>
    private static void Free(MobaWorld world, WorldState* s, TeamView* view, int hero, Span<short> action)
    {
        if (s->Alive[hero] == 0 || s->StunUntil[hero] < s->Tick + 9)
            return;
        bool near = false;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int h = UnitIndex.Hero(1 - view->Team, i);
            near |= view->Seen[h] != 0 && Systems.Combat.SquaredDistance(s, hero, h) < 64f;
        }
        for (int a = Abilities.Spell; near && a < Abilities.Item; a++)
        {
            if (!Legality.CanCast(world, in *s, hero, a) || world.Playbook.Of(world, s, hero, a).Aim != Aim.None)
                continue;
            EasyPlayer.Set(action, Verb.Spell1 + (byte)(a - Abilities.Spell), 0, 0, 0);
            return;
        }
    }

    private static void Think(ref Mind m)
    {
        m.Command = m.Traits.Roams ? Strategy.Choose(ref m) : Strategy.Plain(ref m);
        m.Action[ActionDecoding.Macro] = (short)m.Command;
        if (m.AtFountain && m.Command == MacroCommand.Recall && m.FoeDistance > 12f)
        {
            m.Stay();
            return;
        }
        if (Fighting.MustRun(ref m))
        {
            Fighting.Run(ref m);
            return;
        }
        if (m.Traits.Dodges && Dodging.StepAside(ref m))
            return;
        if (Casting.Cast(ref m, Intent.Help, -1))
            return;
        if (m.Command == MacroCommand.Recall)
        {
            GoHome(ref m);
            return;
        }
        if (m.Traits.Roams && Warding.Place(ref m))
            return;
        if (Fighting.Fight(ref m))
            return;
        if (Laning.LastHit(ref m))
            return;
        if (Fighting.Trade(ref m))
            return;
        CarryOut(ref m);
    }

    /// <summary>Recalls where nobody breaks it off; walks home until then.</summary>
    private static void GoHome(ref Mind m)
    {
        if (Undisturbed(ref m))
            EasyPlayer.Set(m.Action, Verb.Recall);
        else if (!Walking.Home(ref m))
            m.Stay();
    }

    private static bool Undisturbed(ref Mind m)
        => m.FoeDistance > 13f && !m.HurtWithin(20) && !m.InTowerRange(m.X, m.Y, 2f) && !CreepsNear(ref m);

    private static bool CreepsNear(ref Mind m)
    {
        int unit = m.Slots->Unit[Sizes.CreepSlot];
        return unit != TargetSlots.None && m.Distance(unit) < 8f;
    }

    private static void CarryOut(ref Mind m)
    {
        int lane = MacroGoals.LaneOf(m.Command);
        switch (m.Command)
        {
            case MacroCommand.HoldTop or MacroCommand.HoldMiddle or MacroCommand.HoldBottom:
                Lane(ref m, lane, push: false);
                break;
            case MacroCommand.PushTop or MacroCommand.PushMiddle or MacroCommand.PushBottom:
                Lane(ref m, lane, push: true);
                break;
            case MacroCommand.Farm or MacroCommand.ObjectiveBuff or MacroCommand.ObjectivePush:
                Slay(ref m);
                break;
            case MacroCommand.Defend:
                Defend(ref m);
                break;
            default:
                MacroGoal goal = MacroGoals.Of(m.World, m.S, m.V, m.Hero, m.Command);
                if (Laning.Creep(ref m))
                    break;
                if (m.Distance(goal.X, goal.Y) < 1.5f || !Walking.To(ref m, goal.X, goal.Y))
                    m.Stay();
                break;
        }
    }

    private static void Lane(ref Mind m, int lane, bool push)
    {
        bool there = MacroGoals.InLane(m.World, m.X, m.Y, lane);
        if (there && (push || m.V->Besieging[lane] > 0) && m.FoeDistance > 6f && Casting.Cast(ref m, Intent.Clear, -1))
            return;
        if (there)
            Laning.Work(ref m, lane, push);
        else
            Laning.Advance(ref m, lane);
    }

    /// <summary>Goes to a monster and slays it.</summary>
    private static void Slay(ref Mind m)
    {
        MacroGoal goal = MacroGoals.Of(m.World, m.S, m.V, m.Hero, m.Command);
        if (goal.Unit >= 0 && m.Distance(goal.X, goal.Y) < m.Reach + 5f)
        {
            if (Casting.Cast(ref m, Intent.Clear, -1) || m.Attack(goal.Unit))
                return;
        }
        if (!Walking.To(ref m, goal.X, goal.Y))
            m.Stay();
    }

    /// <summary>To the threatened structure, and there at whatever threatens it.</summary>
    private static void Defend(ref Mind m)
    {
        MacroGoal goal = MacroGoals.Of(m.World, m.S, m.V, m.Hero, MacroCommand.Defend);
        if (m.Distance(goal.X, goal.Y) < 16f)
        {
            if (m.FoeDistance > 7f && Casting.Cast(ref m, Intent.Clear, -1))
                return;
            if (Laning.Creep(ref m))
                return;
        }
        else if (m.Traits.Roams && Strategy.BetterByRecall(ref m, goal.X, goal.Y) && Undisturbed(ref m))
        {
            EasyPlayer.Set(m.Action, Verb.Recall);
            return;
        }
        if (m.Distance(goal.X, goal.Y) < 2.5f || !Walking.To(ref m, goal.X, goal.Y))
            m.Stay();
    }
}
