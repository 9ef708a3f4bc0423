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

    /// <summary>
    /// Whether the hero could start an ability (0 to 6, see <see cref="Abilities"/>) now, leaving aside whether there is a target: learnt or
    /// owned, ready, enough mana, no cast under way, able to act, not rooted if it moves the caster. Silence stops skills only. A summoner
    /// spell that cleanses the caster may be cast while stunned.
    /// </summary>
    public static bool CanCast(MobaWorld world, in WorldState s, int hero, int ability) => Castable(world, in s, hero, ability) is not null;

    /// <summary>The ability's definition if <see cref="CanCast"/>, else null.</summary>
    internal static SkillDefinition? Castable(MobaWorld world, in WorldState s, int hero, int ability)
    {
        SkillDefinition d;
        int level;
        if (ability < Abilities.Spell)
        {
            int at = hero * WorldState.Skills + ability;
            level = s.SkillLevel[at];
            if (level == 0 || s.SkillReady[at] > s.Tick || s.SilenceUntil[hero] > s.Tick)
                return null;
            d = world.Content.Heroes[s.Kind[hero]].Skills[ability];
        }
        else
        {
            level = Abilities.Level(in s, hero, ability);
            if (level == 0 || (ability < Abilities.Item && s.SpellReady[hero * WorldState.Spells + ability - Abilities.Spell] > s.Tick))
                return null;
            SkillDefinition? owned = Abilities.Of(world, in s, hero, ability);
            if (owned is null)
                return null;
            d = owned;
        }
        if (s.CastSkill[hero] >= 0 || s.Mana[hero] < d.Mana[level - 1] || (d.Moves && s.RootUntil[hero] > s.Tick))
            return null;
        return CanAct(in s, hero) || (ability is >= Abilities.Spell and < Abilities.Item && d.Frees && s.Alive[hero] != 0) ? d : null;
    }

    /// <summary>Whether a unit may be attacked by a hero's basic attack: alive, seen, of another team, not protected. Any distance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsAttackable(in WorldState s, int hero, int unit)
    {
        // No branches: masks ask this of every unit in sight, and the answers differ.
        int team = s.Team[hero];
        int structure = Systems.Combat.One(UnitIndex.IsStructure(unit));
        int safe = structure & Systems.Combat.One(s.Protected[(unit - UnitIndex.FirstStructure) & -structure] != 0);
        return s.Alive[unit] != 0 & s.Team[unit] != team & (s.Visible[unit] >> team & 1) != 0 & safe == 0;
    }

    /// <summary>Whether an ability (0 to 6) aimed at a target may be aimed at a unit from here: its side and kind, alive, seen, within range.</summary>
    public static bool IsTargetable(MobaWorld world, in WorldState s, int hero, int ability, int unit)
    {
        SkillDefinition? d = Abilities.Of(world, in s, hero, ability);
        if (d is null || UnitIndex.IsWard(unit) || !(UnitIndex.IsHero(unit) ? d.OnHeroes : d.OnCreeps))
            return false;
        if (s.Alive[unit] == 0 || UnitIndex.IsStructure(unit))
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
            case Verb.Skill1 or Verb.Skill2 or Verb.Skill3 or Verb.Ultimate or Verb.Spell1 or Verb.Spell2 or Verb.Item:
                int ability = Abilities.OfVerb(order.Verb);
                if (!CanCast(world, in s, hero, ability))
                    return false;
                return Abilities.Of(world, in s, hero, ability)!.Aim != Aim.Target
                    || ((uint)order.Target < UnitIndex.Count && IsTargetable(world, in s, hero, ability, order.Target));
            case Verb.Ward:
                return Systems.Wards.CanPlace(in s, hero);
            case Verb.Buy:
                return Shop.CanBuy(world, in s, hero, order.Target);
            case Verb.Learn:
                return Learning.CanLearn(in s, hero, order.Target);
            default:
                return false;
        }
    }
}
