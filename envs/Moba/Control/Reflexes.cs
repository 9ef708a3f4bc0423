using System.Numerics;

namespace SelfPlayArena.Moba;

/// <summary>
/// How fast a hero's hands are: its reaction delay in decisions and its cap on changed orders a second. What is under way is kept in the state,
/// so that snapshots are exact: orders wait in a ring whose place follows from the tick.
/// </summary>
internal sealed unsafe class Reflexes
{
    private readonly byte[] _delay;
    private readonly byte[] _rate;
    private readonly int _decisionTicks;

    /// <summary>Decisions of the last second, the present one among them, as bits.</summary>
    private readonly int _second;

    public Reflexes(MobaOptions options, RulesDefinition rules)
    {
        _delay = options.ByHero(options.ReactionDelay);
        _rate = options.ByHero(options.ActionRate);
        _decisionTicks = rules.DecisionTicks;
        int decisions = (RulesDefinition.TicksPerSecond + _decisionTicks - 1) / _decisionTicks;
        _second = (1 << Math.Min(decisions, 8)) - 1;
    }

    /// <summary>Gives a hero the order it chose now, or what its delay and its cap make of it.</summary>
    public void Give(MobaWorld world, WorldState* s, int hero, Order order)
    {
        if (_delay[hero] != 0)
            order = Exchange(world, s, hero, order);
        if (_rate[hero] == 0 || MayGive(world, s, hero, ref order))
            Orders.Give(world, ref *s, hero, order);
    }

    /// <summary>Puts an order where the one of so many decisions ago waits, which comes due.</summary>
    private Order Exchange(MobaWorld world, WorldState* s, int hero, Order order)
    {
        if (!Legality.IsLegal(world, in *s, hero, order))
            order = new Order(Verb.Stay);
        int at = hero * WorldState.PendingOrders + s->Tick / _decisionTicks % _delay[hero];
        var verb = (Verb)s->PendingVerb[at];
        Order due = verb == Verb.Stay ? new Order(Verb.Stay) : new Order(verb, s->PendingTarget[at], s->PendingX[at], s->PendingY[at]);
        s->PendingVerb[at] = (byte)order.Verb;
        s->PendingTarget[at] = (short)order.Target;
        s->PendingX[at] = order.X;
        s->PendingY[at] = order.Y;
        return due;
    }

    /// <summary>Whether the cap leaves room for an order; one that changes nothing always has it, and who cannot act is not counted.</summary>
    private bool MayGive(MobaWorld world, WorldState* s, int hero, ref Order order)
    {
        int recent = s->RecentOrders[hero] << 1 & _second;
        s->RecentOrders[hero] = (byte)recent;
        if (!Legality.IsLegal(world, in *s, hero, order))
            order = new Order(Verb.Stay);
        bool same = s->OrderVerb[hero] == (byte)order.Verb && s->OrderTarget[hero] == order.Target && s->OrderX[hero] == order.X && s->OrderY[hero] == order.Y;
        if (same || !Legality.CanAct(in *s, hero))
            return true;
        if (BitOperations.PopCount((uint)recent) >= _rate[hero])
            return false;
        s->RecentOrders[hero] |= 1;
        return true;
    }
}
