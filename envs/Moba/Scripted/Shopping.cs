namespace SelfPlayArena.Moba;

/// <summary>Scripted players learn in the recommended order and buy the recommended build where the environment leaves that to players.</summary>
internal static unsafe class Shopping
{
    /// <summary>Writes a learn or buy action, which leaves the standing order alone; false if there is nothing to learn or buy.</summary>
    public static bool Act(MobaWorld world, WorldState* s, int hero, Span<short> action)
    {
        if (s->ManualSkills[hero] != 0 && s->SkillPoints[hero] > 0 && Learning.NextInOrder(world, s, hero) is >= 0 and int skill)
        {
            EasyPlayer.Set(action, Verb.Learn);
            action[ActionDecoding.Choice] = (short)skill;
            return true;
        }
        if (s->ManualShop[hero] == 0 || s->Gold[hero] < world.CheapestItem || !Shop.IsOpen(world, in *s, hero))
            return false;
        int item = Wanted(world, s, hero);
        if (item < 0)
            return false;
        EasyPlayer.Set(action, Verb.Buy);
        action[ActionDecoding.Choice] = (short)item;
        return true;
    }

    /// <summary>The first item of the build that is missing, or a part of it, if the hero can pay it; -1 while it saves.</summary>
    private static int Wanted(MobaWorld world, WorldState* s, int hero)
    {
        foreach (int item in world.Content.Heroes[s->Kind[hero]].Build)
        {
            if (Shop.Owns(in *s, hero, item) || MadeInto(world, s, hero, item))
                continue;
            if (Shop.CanBuy(world, in *s, hero, item))
                return item;
            return Part(world, s, hero, item);
        }
        return -1;
    }

    /// <summary>Whether the hero owns something that the item is a part of.</summary>
    private static bool MadeInto(MobaWorld world, WorldState* s, int hero, int item)
    {
        for (int slot = hero * WorldState.ItemSlots; slot < (hero + 1) * WorldState.ItemSlots; slot++)
        {
            if (s->Items[slot] != 0 && Array.IndexOf(world.Content.Items[s->Items[slot] - 1].From, item) >= 0)
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
            if (Part(world, s, hero, part) is >= 0 and int deeper)
                return deeper;
        }
        return -1;
    }
}
