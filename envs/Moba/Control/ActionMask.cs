using System.Runtime.CompilerServices;

namespace SelfPlayArena.Moba;

/// <summary>
/// Writes one hero's legal mask: for each head its rows, as <see cref="Sizes"/> places them. An ability that does not use a head has exactly one
/// legal option (index 0) in its row, so that a learner sees a forced choice. Asks the same questions as <see cref="Legality"/>.
/// </summary>
internal static unsafe class ActionMask
{
    /// <summary>A direction is legal if one can stand this many cells ahead: about two decisions' walk, so that walls are left early.</summary>
    private const float Look = 1.25f;

    /// <summary>Cells around that <see cref="Look"/> can lead into.</summary>
    public const int OpenReach = 2;

    /// <param name="due">Whether the hero's player may choose another macro command; else only the one in force is offered.</param>
    /// <param name="open">Where all directions are free, with <see cref="OpenReach"/>.</param>
    public static void Write(MobaWorld world, OpenGround open, WorldState* s, int hero, TargetSlots* slots, bool due, byte* m)
    {
        Unsafe.InitBlockUnaligned(m, 0, Sizes.MaskBytes);
        m[(int)Verb.Stay] = 1;
        m[Sizes.MacroMask + s->Macro[hero]] = 1;
        for (int c = 0; due && c < MacroRules.Count; c++)
            m[Sizes.MacroMask + c] |= MacroRules.IsLegal(world, s, hero, (MacroCommand)c) ? (byte)1 : (byte)0;
        if (s->ManualShop[hero] != 0)
            m[(int)Verb.Buy] = Choices(world, s, hero, Verb.Buy, m + Sizes.ChoiceMask);
        if (s->ManualSkills[hero] != 0)
            m[(int)Verb.Learn] = Choices(world, s, hero, Verb.Learn, m + Sizes.ChoiceMask + Sizes.Choices);
        if (s->Alive[hero] == 0)
            return;
        for (int a = 0; a < Abilities.Count; a++)
        {
            // What waits is most of it, and easily told.
            bool waits = a < Abilities.Spell ? s->SkillLevel[hero * WorldState.Skills + a] == 0 || s->SkillReady[hero * WorldState.Skills + a] > s->Tick
                : a < Abilities.Item && s->SpellReady[hero * WorldState.Spells + a - Abilities.Spell] > s->Tick;
            if (!waits && Legality.CanCast(world, in *s, hero, a))
                m[(int)VerbOf(a)] = Ability(world, s, hero, a, slots, m);
        }
        if (!Legality.CanAct(in *s, hero))
            return;
        if (Legality.CanMove(in *s, hero))
            m[(int)Verb.Move] = WalkRow(world, open, s, hero, s->Team[hero], m + Sizes.DirectionMask);
        m[(int)Verb.Attack] = AttackTargets(s, hero, slots, m + Sizes.TargetMask);
        m[(int)Verb.Recall] = Legality.CanRecall(in *s, hero) ? (byte)1 : (byte)0;
        if (s->WardCharges[hero] == 0 || !Legality.IsLegal(world, in *s, hero, new Order(Verb.Ward, -1, 1f)))
            return;
        m[(int)Verb.Ward] = 1;
        Unsafe.InitBlockUnaligned(m + Sizes.DirectionMask + Sizes.WardRow * Directions.Count, 1, Directions.Count);
    }

    public static Verb VerbOf(int ability)
        => ability < Abilities.Spell ? (Verb)((int)Verb.Skill1 + ability) : ability < Abilities.Item ? (Verb)((int)Verb.Spell1 + ability - Abilities.Spell) : Verb.Item;

    private static byte Ability(MobaWorld world, WorldState* s, int hero, int ability, TargetSlots* slots, byte* m)
    {
        SkillDefinition d = Abilities.Of(world, in *s, hero, ability)!;
        Unsafe.InitBlockUnaligned(m + Sizes.DirectionMask + (1 + ability) * Directions.Count, 1, d.Aim is Aim.Direction or Aim.Point ? Directions.Count : 1u);
        // Only skills choose how far: spells and items aimed at a point take effect at their range.
        if (ability < Sizes.SkillRows)
            Unsafe.InitBlockUnaligned(m + Sizes.DistanceMask + ability * Sizes.Distances, 1, d.Aim is Aim.Point ? Sizes.Distances : 1u);
        byte* target = m + Sizes.TargetMask + (1 + ability) * Sizes.Targets;
        if (d.Aim == Aim.Target)
            return AbilityTargets(world, s, hero, ability, slots, target);
        target[0] = 1;
        return 1;
    }

    private static byte Choices(MobaWorld world, WorldState* s, int hero, Verb verb, byte* row)
    {
        byte any = 0;
        int options = verb == Verb.Buy ? world.Content.Items.Length : WorldState.Skills;
        for (int i = 0; i < options; i++)
        {
            if (!Legality.IsLegal(world, in *s, hero, new Order(verb, i)))
                continue;
            row[i] = 1;
            any = 1;
        }
        return any;
    }

    /// <summary>Whether a hero may walk in a direction of the world's frame.</summary>
    public static bool CanWalk(MobaWorld world, WorldState* s, int hero, int direction)
        => world.Map.Walkable(s->X[hero] + Directions.X(direction) * Look, s->Y[hero] + Directions.Y(direction) * Look);

    private static byte WalkRow(MobaWorld world, OpenGround open, WorldState* s, int hero, int team, byte* row)
    {
        if (open.At(s->X[hero], s->Y[hero]))
        {
            Unsafe.InitBlockUnaligned(row, 1, Directions.Count);
            return 1;
        }
        byte any = 0;
        for (int d = 0; d < Directions.Count; d++)
        {
            byte legal = (byte)Systems.Combat.One(CanWalk(world, s, hero, team == 0 ? d : Directions.Mirror(d)));
            row[d] = legal;
            any |= legal;
        }
        return any;
    }

    private static byte AttackTargets(WorldState* s, int hero, TargetSlots* slots, byte* row)
    {
        byte any = 0;
        for (int i = Sizes.EnemySlot; i < Sizes.Targets; i++)
        {
            // Own creeps and structures are never attacked.
            if (i == Sizes.OwnCreepSlot)
                i = Sizes.StructureSlot;
            if (i == Sizes.StructureSlot + Sizes.Structures / 2)
                i = Sizes.MonsterSlot;
            int there = Systems.Combat.One(slots->Unit[i] != TargetSlots.None);
            byte legal = (byte)(there & Systems.Combat.One(Legality.IsAttackable(in *s, hero, slots->Unit[i] & -there)));
            row[i] = legal;
            any |= legal;
        }
        return any;
    }

    private static byte AbilityTargets(MobaWorld world, WorldState* s, int hero, int ability, TargetSlots* slots, byte* row)
    {
        byte any = 0;
        for (int i = 0; i < Sizes.Targets; i++)
        {
            int unit = slots->Unit[i];
            if (unit == TargetSlots.None || !Legality.IsTargetable(world, in *s, hero, ability, unit))
                continue;
            row[i] = 1;
            any = 1;
        }
        return any;
    }
}
