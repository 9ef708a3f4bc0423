namespace SelfPlayArena.Moba;

/// <summary>Gives heroes their orders.</summary>
public static unsafe class Orders
{
    /// <summary>
    /// Sets a hero's standing order, which holds until the next. An order that is not legal now (see <see cref="Legality"/>) is replaced by
    /// <see cref="Verb.Stay"/>. Repeating an order does not restart a wind-up, cast or recall; a cast under way is finished first.
    /// </summary>
    /// <returns>Whether it was legal.</returns>
    public static bool Give(MobaWorld world, ref WorldState state, int hero, Order order)
    {
        bool legal = Legality.IsLegal(world, in state, hero, order);
        if (!legal)
            order = new Order(Verb.Stay);
        state.OrderVerb[hero] = (byte)order.Verb;
        state.OrderTarget[hero] = (short)order.Target;
        state.OrderX[hero] = order.X;
        state.OrderY[hero] = order.Y;
        return legal;
    }
}
