namespace SelfPlayArena.Moba;

/// <summary>Gives heroes their orders.</summary>
public static unsafe class Orders
{
    /// <summary>
    /// Sets a hero's standing order, which holds until the next. An order that is not legal now (see <see cref="Legality"/>) is replaced by
    /// <see cref="Verb.Stay"/>. Repeating an order does not restart a wind-up, cast or recall; a cast under way is finished first.
    /// <see cref="Verb.Buy"/> and <see cref="Verb.Learn"/> are done at once and leave the standing order in place.
    /// </summary>
    /// <returns>Whether it was legal.</returns>
    public static bool Give(MobaWorld world, ref WorldState state, int hero, Order order)
    {
        bool legal = Legality.IsLegal(world, in state, hero, order);
        if (!legal)
            order = new Order(Verb.Stay);
        if (order.Verb is Verb.Buy or Verb.Learn)
        {
            fixed (WorldState* s = &state)
            {
                if (order.Verb == Verb.Buy)
                    Shop.Buy(world, s, hero, order.Target);
                else
                    Learning.Learn(s, hero, order.Target);
            }
            return true;
        }
        state.OrderVerb[hero] = (byte)order.Verb;
        state.OrderTarget[hero] = (short)order.Target;
        state.OrderX[hero] = order.X;
        state.OrderY[hero] = order.Y;
        return legal;
    }
}
