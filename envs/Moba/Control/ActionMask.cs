using System.Runtime.CompilerServices;

namespace SelfPlayArena.Moba;

/// <summary>
/// Writes one hero's legal mask: for each head its rows, as <see cref="Sizes"/> places them. A skill that does not use a head has exactly one
/// legal option (index 0) in its row, so that a learner sees a forced choice. Asks the same questions as <see cref="Legality"/>.
/// </summary>
internal static unsafe class ActionMask
{
    /// <summary>A direction is legal if one can stand this many cells ahead: about two decisions' walk, so that walls are left early.</summary>
    private const float Look = 1.25f;

    public static void Write(MobaWorld world, WorldState* s, int hero, TargetSlots* slots, byte* m)
    {
        Unsafe.InitBlockUnaligned(m, 0, Sizes.MaskBytes);
        m[(int)Verb.Stay] = 1;
        if (!Legality.CanAct(in *s, hero))
            return;
        int team = s->Team[hero];
        if (Legality.CanMove(in *s, hero))
            m[(int)Verb.Move] = WalkRow(world, s, hero, team, m + Sizes.DirectionMask);
        m[(int)Verb.Attack] = AttackTargets(s, hero, slots, m + Sizes.TargetMask);
        m[(int)Verb.Recall] = Legality.CanRecall(in *s, hero) ? (byte)1 : (byte)0;
        SkillDefinition[] skills = world.Content.Heroes[s->Kind[hero]].Skills;
        for (int k = 0; k < WorldState.Skills; k++)
        {
            if (!Legality.CanCast(world, in *s, hero, k))
                continue;
            SkillDefinition d = skills[k];
            byte* direction = m + Sizes.DirectionMask + (1 + k) * Directions.Count;
            byte* distance = m + Sizes.DistanceMask + k * Sizes.Distances;
            byte* target = m + Sizes.TargetMask + (1 + k) * Sizes.Targets;
            byte legal = 1;
            Unsafe.InitBlockUnaligned(direction, 1, d.Aim is Aim.Direction or Aim.Point ? Directions.Count : 1u);
            Unsafe.InitBlockUnaligned(distance, 1, d.Aim is Aim.Point ? Sizes.Distances : 1u);
            if (d.Aim == Aim.Target)
                legal = SkillTargets(world, s, hero, k, slots, target);
            else
                target[0] = 1;
            m[(int)Verb.Skill1 + k] = legal;
        }
    }

    /// <summary>Whether a hero may walk in a direction of the world's frame.</summary>
    public static bool CanWalk(MobaWorld world, WorldState* s, int hero, int direction)
        => world.Map.Walkable(s->X[hero] + Directions.X(direction) * Look, s->Y[hero] + Directions.Y(direction) * Look);

    private static byte WalkRow(MobaWorld world, WorldState* s, int hero, int team, byte* row)
    {
        byte any = 0;
        for (int d = 0; d < Directions.Count; d++)
        {
            byte legal = CanWalk(world, s, hero, team == 0 ? d : Directions.Mirror(d)) ? (byte)1 : (byte)0;
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
            int unit = slots->Unit[i];
            if (unit == TargetSlots.None || !Legality.IsAttackable(in *s, hero, unit))
                continue;
            row[i] = 1;
            any = 1;
        }
        return any;
    }

    private static byte SkillTargets(MobaWorld world, WorldState* s, int hero, int skill, TargetSlots* slots, byte* row)
    {
        byte any = 0;
        for (int i = 0; i < Sizes.Targets; i++)
        {
            int unit = slots->Unit[i];
            if (unit == TargetSlots.None || !Legality.IsTargetable(world, in *s, hero, skill, unit))
                continue;
            row[i] = 1;
            any = 1;
        }
        return any;
    }
}
