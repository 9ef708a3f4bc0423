namespace SelfPlayArena.Moba;

/// <summary>What heroes may buy and what it costs them. Masks and <see cref="Orders"/> ask the same questions.</summary>
public static unsafe class Shop
{
    private const int NoItem = -1;

    /// <summary>Whether the hero is where the rules let it shop: anywhere, or at its fountain or dead.</summary>
    public static bool IsOpen(MobaWorld world, in WorldState s, int hero)
    {
        if (s.Present[hero] == 0)
            return false;
        if (world.Rules.ShopAnywhere || s.Alive[hero] == 0)
            return true;
        int team = s.Team[hero];
        float dx = s.X[hero] - world.Map.FountainX[team];
        float dy = s.Y[hero] - world.Map.FountainY[team];
        return dx * dx + dy * dy <= world.Map.FountainRadius * world.Map.FountainRadius;
    }

    /// <summary>Gold that an item costs the hero: its price less that of the components it owns, whole or in parts.</summary>
    public static int Cost(MobaWorld world, in WorldState s, int hero, int item)
    {
        int handedIn = 0;
        return Cost(world, in s, hero, item, ref handedIn);
    }

    /// <summary>Whether the hero could buy an item by <see cref="Verb.Buy"/> now.</summary>
    public static bool CanBuy(MobaWorld world, in WorldState s, int hero, int item)
        => (uint)item < (uint)world.Content.Items.Length && s.ManualShop[hero] != 0 && IsOpen(world, in s, hero) && Fits(world, in s, hero, item, out int cost) && cost <= s.Gold[hero];

    /// <summary>Whether the hero owns the item.</summary>
    public static bool Owns(in WorldState s, int hero, int item)
    {
        for (int slot = hero * WorldState.ItemSlots; slot < (hero + 1) * WorldState.ItemSlots; slot++)
        {
            if (s.Items[slot] == item + 1)
                return true;
        }
        return false;
    }

    /// <summary>Hands in the components and takes the item; the hero must be able to pay for it.</summary>
    internal static void Buy(MobaWorld world, WorldState* s, int hero, int item)
    {
        int handedIn = 0;
        int cost = Cost(world, in *s, hero, item, ref handedIn);
        s->Gold[hero] -= cost;
        s->GoldSpent[hero] += cost;
        int free = -1;
        for (int slot = WorldState.ItemSlots - 1; slot >= 0; slot--)
        {
            if ((handedIn >> slot & 1) != 0)
                Put(s, hero, slot, 0);
            if (s->Items[hero * WorldState.ItemSlots + slot] == 0)
                free = slot;
        }
        Put(s, hero, free, (byte)(item + 1));
        Systems.HeroStats.Compute(world, s, hero);
    }

    /// <summary>
    /// Buys what comes next in the hero's recommended build, as far as gold goes: the item itself, else a component that is still missing.
    /// What the hero has already, or has no room for, is passed over.
    /// </summary>
    internal static void FollowBuild(MobaWorld world, WorldState* s, int hero)
    {
        int[] build = world.Content.Heroes[s->Kind[hero]].Build;
        if (s->BuildStep[hero] >= build.Length || s->Gold[hero] < world.CheapestItem || !IsOpen(world, in *s, hero))
            return;
        while (s->BuildStep[hero] < build.Length)
        {
            int item = build[s->BuildStep[hero]];
            if (!Fits(world, in *s, hero, item, out int cost))
            {
                s->BuildStep[hero]++;
                continue;
            }
            if (cost <= s->Gold[hero])
            {
                Buy(world, s, hero, item);
                s->BuildStep[hero]++;
                continue;
            }
            int part = AffordablePart(world, s, hero, item);
            if (part < 0)
                return;
            Buy(world, s, hero, part);
        }
    }

    private static int Cost(MobaWorld world, in WorldState s, int hero, int item, ref int handedIn)
    {
        ItemDefinition d = world.Content.Items[item];
        int cost = d.Price;
        foreach (int part in d.From)
            cost -= Worth(world, in s, hero, part, ref handedIn);
        return cost > 0 ? cost : 0;
    }

    /// <summary>What a component counts for: its price if it is owned, else what is owned of its own components.</summary>
    private static int Worth(MobaWorld world, in WorldState s, int hero, int item, ref int handedIn)
    {
        int slot = SlotOf(in s, hero, item, handedIn);
        if (slot >= 0)
        {
            handedIn |= 1 << slot;
            return world.Content.Items[item].Price;
        }
        int worth = 0;
        foreach (int part in world.Content.Items[item].From)
            worth += Worth(world, in s, hero, part, ref handedIn);
        return worth;
    }

    /// <summary>First slot that holds the item and is not handed in yet, -1 for none.</summary>
    private static int SlotOf(in WorldState s, int hero, int item, int handedIn)
    {
        for (int slot = 0; slot < WorldState.ItemSlots; slot++)
        {
            if (s.Items[hero * WorldState.ItemSlots + slot] == item + 1 && (handedIn >> slot & 1) == 0)
                return slot;
        }
        return -1;
    }

    /// <summary>Whether there is room for an item once its components are handed in, and the hero has none that it cannot use twice.</summary>
    private static bool Fits(MobaWorld world, in WorldState s, int hero, int item, out int cost)
    {
        int handedIn = 0;
        cost = Cost(world, in s, hero, item, ref handedIn);
        if (!world.IsComponent[item] && Owns(in s, hero, item))
            return false;
        return handedIn != 0 || SlotOf(in s, hero, NoItem, 0) >= 0;
    }

    /// <summary>The first missing component, or component of one, that the hero can pay and carry; -1 for none.</summary>
    private static int AffordablePart(MobaWorld world, WorldState* s, int hero, int item)
    {
        int used = 0;
        return AffordablePart(world, s, hero, item, ref used);
    }

    private static int AffordablePart(MobaWorld world, WorldState* s, int hero, int item, ref int used)
    {
        foreach (int part in world.Content.Items[item].From)
        {
            int slot = SlotOf(in *s, hero, part, used);
            if (slot >= 0)
            {
                used |= 1 << slot;
                continue;
            }
            if (Fits(world, in *s, hero, part, out int cost) && cost <= s->Gold[hero])
                return part;
            int deeper = AffordablePart(world, s, hero, part, ref used);
            if (deeper >= 0)
                return deeper;
        }
        return -1;
    }

    private static void Put(WorldState* s, int hero, int slot, byte item)
    {
        s->Items[hero * WorldState.ItemSlots + slot] = item;
        s->ItemReady[hero * WorldState.ItemSlots + slot] = 0;
        int trigger = hero * WorldState.TriggerSlots + 1 + slot;
        s->TriggerReady[trigger] = 0;
        s->TriggerCount[trigger] = 0;
    }
}
