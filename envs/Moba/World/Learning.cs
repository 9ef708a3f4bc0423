namespace SelfPlayArena.Moba;

/// <summary>How skill points become skill levels: one point a hero level.</summary>
public static unsafe class Learning
{
    /// <summary>Index of the ultimate among the skills.</summary>
    public const int Ultimate = WorldState.Skills - 1;

    /// <summary>Most levels of a skill other than the ultimate.</summary>
    public const int MostLevels = 4;

    private static readonly int[] UltimateFrom = [6, 10, 14];

    /// <summary>Hero level that a skill's next level needs: 1, 3, 5, 7 for skills, 6, 10, 14 for the ultimate.</summary>
    /// <param name="skill">0 to 3.</param>
    /// <param name="level">Levels it has.</param>
    /// <returns>More than <see cref="RulesDefinition.MaxLevel"/> if it has all of them.</returns>
    public static int LevelNeeded(int skill, int level)
    {
        if (skill == Ultimate)
            return level < UltimateFrom.Length ? UltimateFrom[level] : RulesDefinition.MaxLevel + 1;
        return level < MostLevels ? 2 * level + 1 : RulesDefinition.MaxLevel + 1;
    }

    /// <summary>Whether the hero has a point for the skill's next level. Also while dead.</summary>
    public static bool CanLearn(in WorldState s, int hero, int skill)
        => (uint)skill < WorldState.Skills && s.Present[hero] != 0 && s.SkillPoints[hero] > 0
            && s.Level[hero] >= LevelNeeded(skill, s.SkillLevel[hero * WorldState.Skills + skill]);

    internal static void Learn(WorldState* s, int hero, int skill)
    {
        s->SkillPoints[hero]--;
        s->SkillLevel[hero * WorldState.Skills + skill]++;
    }

    /// <summary>Spends all points in the recommended order, passing over what may not be learnt yet.</summary>
    internal static void FollowOrder(MobaWorld world, WorldState* s, int hero)
    {
        while (s->SkillPoints[hero] > 0)
        {
            int skill = NextInOrder(world, s, hero);
            if (skill < 0)
                return;
            Learn(s, hero, skill);
        }
    }

    /// <summary>The skill that the recommended order learns next, -1 for none now.</summary>
    internal static int NextInOrder(MobaWorld world, WorldState* s, int hero)
    {
        int* wanted = stackalloc int[WorldState.Skills];
        foreach (int skill in world.Content.Heroes[s->Kind[hero]].SkillOrder)
        {
            if (++wanted[skill] > s->SkillLevel[hero * WorldState.Skills + skill] && CanLearn(in *s, hero, skill))
                return skill;
        }
        return -1;
    }
}
