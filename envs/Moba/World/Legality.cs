using System.Runtime.CompilerServices;

namespace SelfPlayArena.Moba;

/// <summary>What a hero may do now. Masks and <see cref="Orders"/> ask the same questions, so that they can never disagree.</summary>
public static unsafe class Legality
{
    /// <summary>Present, alive, not stunned, not in a forced movement.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool CanAct(in WorldState s, int hero)
        => s.Alive[hero] != 0 && s.StunUntil[hero] <= s.Tick && s.ForcedUntil[hero] <= s.Tick;

    /// <summary>Can act and is not rooted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool CanMove(in WorldState s, int hero) => CanAct(in s, hero) && s.RootUntil[hero] <= s.Tick;

    /// <summary>Standing order to recall, at home or not, is allowed while the hero can act.</summary>
    public static bool CanRecall(in WorldState s, int hero) => CanAct(in s, hero);

    /// <summary>Whether the hero could start skill 0 to 3 now, leaving aside whether there is a target: learnt, ready, mana, not silenced, no cast under way, not rooted for movement skills.</summary>
    public static bool CanCast(MobaWorld world, in WorldState s, int hero, int skill)
    {
        int at = hero * WorldState.Skills + skill;
        int level = s.SkillLevel[at];
        if (level == 0 || s.SkillReady[at] > s.Tick || s.SilenceUntil[hero] > s.Tick || s.CastSkill[hero] >= 0 || !CanAct(in s, hero))
            return false;
        SkillDefinition d = world.Content.Heroes[s.Kind[hero]].Skills[skill];
        return s.Mana[hero] >= d.Mana[level - 1] && (!d.Moves || s.RootUntil[hero] <= s.Tick);
    }

    /// <summary>Whether a unit may be attacked by a hero's basic attack: alive, seen, of another team, not protected. Any distance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsAttackable(in WorldState s, int hero, int unit)
    {
        if (s.Alive[unit] == 0)
            return false;
        int team = s.Team[hero];
        if (s.Team[unit] == team || (s.Visible[unit] >> team & 1) == 0)
            return false;
        return !UnitIndex.IsStructure(unit) || s.Protected[unit - UnitIndex.FirstStructure] == 0;
    }

    /// <summary>Whether skill 0 to 3 (aimed at a target) may be aimed at a unit from here: its side, alive, seen, within range.</summary>
    public static bool IsTargetable(MobaWorld world, in WorldState s, int hero, int skill, int unit)
    {
        SkillDefinition d = world.Content.Heroes[s.Kind[hero]].Skills[skill];
        if (s.Alive[unit] == 0 || UnitIndex.IsStructure(unit) || (!d.OnCreeps && !UnitIndex.IsHero(unit)))
            return false;
        int team = s.Team[hero];
        bool ally = s.Team[unit] == team;
        if (d.Side == Side.Enemies ? ally : !ally || (d.Side == Side.Self && unit != hero))
            return false;
        if ((s.Visible[unit] >> team & 1) == 0)
            return false;
        float dx = s.X[unit] - s.X[hero];
        float dy = s.Y[unit] - s.Y[hero];
        return dx * dx + dy * dy <= d.Range * d.Range;
    }

    /// <summary>Whether an order may be given now.</summary>
    public static bool IsLegal(MobaWorld world, in WorldState s, int hero, Order order)
    {
        if ((uint)hero >= UnitIndex.Heroes || s.Present[hero] == 0 || !float.IsFinite(order.X) || !float.IsFinite(order.Y))
            return false;
        switch (order.Verb)
        {
            case Verb.Stay:
                return true;
            case Verb.Move:
                return CanMove(in s, hero);
            case Verb.Attack:
                return (uint)order.Target < UnitIndex.Count && CanAct(in s, hero) && IsAttackable(in s, hero, order.Target);
            case Verb.Recall:
                return CanRecall(in s, hero);
            case Verb.Skill1 or Verb.Skill2 or Verb.Skill3 or Verb.Ultimate:
                int skill = order.Verb - Verb.Skill1;
                if (!CanCast(world, in s, hero, skill))
                    return false;
                return world.Content.Heroes[s.Kind[hero]].Skills[skill].Aim != Aim.Target
                    || ((uint)order.Target < UnitIndex.Count && IsTargetable(world, in s, hero, skill, order.Target));
            default:
                return false;
        }
    }
}
