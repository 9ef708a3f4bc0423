namespace SelfPlayArena.Moba;

/// <summary>
/// What scripted players do besides playing where gold and skill points are left to players: they follow the recommended build and order of
/// skills, one purchase or point a decision. Their standing order goes on meanwhile.
/// </summary>
internal static unsafe class Errands
{
    /// <summary>Puts a purchase or a skill point in place of the action's verb, if one is due. The macro command stays.</summary>
    public static void Run(MobaWorld world, WorldState* s, int hero, Span<short> action)
    {
        int skill = s->ManualSkills[hero] != 0 ? NextSkill(world, s, hero) : -1;
        int item = skill < 0 && s->ManualShop[hero] != 0 && Shop.IsOpen(world, in *s, hero) ? NextItem(world, s, hero) : -1;
        if (skill < 0 && item < 0)
            return;
        action[..ActionDecoding.Choice].Fill(-1);
        action[0] = (short)(skill >= 0 ? Verb.Learn : Verb.Buy);
        action[ActionDecoding.Choice] = (short)(skill >= 0 ? skill : item);
    }

    /// <summary>The first skill in the recommended order that has fewer levels than it should and may be learnt now.</summary>
    private static int NextSkill(MobaWorld world, WorldState* s, int hero)
    {
        int* wanted = stackalloc int[WorldState.Skills];
        if (s->SkillPoints[hero] == 0)
            return -1;
        foreach (int skill in world.Content.Heroes[s->Kind[hero]].SkillOrder)
        {
            if (++wanted[skill] > s->SkillLevel[hero * WorldState.Skills + skill] && Learning.CanLearn(in *s, hero, skill))
                return skill;
        }
        return -1;
    }

    /// <summary>The first item of the build that is still missing, or a component of it; -1 while the hero saves up for it or has all.</summary>
    private static int NextItem(MobaWorld world, WorldState* s, int hero)
    {
        foreach (int item in world.Content.Heroes[s->Kind[hero]].Build)
        {
            if (Has(world, s, hero, item))
                continue;
            return Shop.CanBuy(world, in *s, hero, item) ? item : Part(world, s, hero, item);
        }
        return -1;
    }

    /// <summary>Whether the hero owns the item or something that it went into.</summary>
    private static bool Has(MobaWorld world, WorldState* s, int hero, int item)
    {
        for (int slot = hero * WorldState.ItemSlots; slot < (hero + 1) * WorldState.ItemSlots; slot++)
        {
            if (s->Items[slot] != 0 && (s->Items[slot] == item + 1 || MadeFrom(world, s->Items[slot] - 1, item)))
                return true;
        }
        return false;
    }

    private static bool MadeFrom(MobaWorld world, int item, int part)
    {
        foreach (int from in world.Content.Items[item].From)
        {
            if (from == part || MadeFrom(world, from, part))
                return true;
        }
        return false;
    }

    private static int Part(MobaWorld world, WorldState* s, int hero, int item)
    {
        foreach (int part in world.Content.Items[item].From)
        {
            if (Shop.Owns(in *s, hero, part))
                continue;
            if (Shop.CanBuy(world, in *s, hero, part))
                return part;
            int deeper = Part(world, s, hero, part);
            if (deeper >= 0)
                return deeper;
        }
        return -1;
    }
}
