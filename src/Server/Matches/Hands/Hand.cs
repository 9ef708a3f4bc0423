using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Wire;

namespace SelfPlayArena.Server.Matches.Hands;

/// <summary>
/// A person's hand on a hero: what was clicked last is carried out with orders of the rules, tick by tick. A walk leads around walls; a cast out of
/// range walks there first; a cast interrupts a walk or an attack, which then goes on. Every order is asked of <see cref="Legality"/> first.
/// </summary>
internal sealed unsafe class Hand(MobaWorld world, int hero)
{
    /// <summary>Ticks for which a cast waits for one under way, or for the hero to come to itself.</summary>
    private const int Patience = RulesDefinition.TicksPerSecond / 2;

    /// <summary>Cells from a corner at which the next one is headed for.</summary>
    private const float AtCorner = 0.35f;

    /// <summary>Cells beyond the own reach at which an attack move finds somebody to attack.</summary>
    private const float Notice = 3f;

    private readonly List<(float X, float Y)> _corners = [];
    private readonly Queue<Order> _atOnce = new();
    private HandVerb _goal = HandVerb.Stop;
    private bool _stopping;
    private int _corner, _target = -1;
    private float _goalX, _goalY, _wayX = float.NaN, _wayY = float.NaN;
    private (HandVerb Verb, int Target, float X, float Y, int Until, bool Walks)? _cast;
    private float _lastX, _lastY;
    private int _stuck;

    /// <summary>Where a person sent the hero, for display.</summary>
    public (Verb Verb, int Target, float X, float Y) Goal(in WorldState s)
    {
        if (_cast is { } cast)
            return (VerbOf(cast.Verb), cast.Target, cast.X, cast.Y);
        return _goal switch
        {
            HandVerb.Attack => (Verb.Attack, _target, s.X[_target], s.Y[_target]),
            HandVerb.Move or HandVerb.AttackMove => (Verb.Move, -1, _goalX, _goalY),
            HandVerb.Recall => (Verb.Recall, -1, 0f, 0f),
            _ => (Verb.Stay, -1, 0f, 0f),
        };
    }

    /// <summary>Forgets everything: somebody else has the hero.</summary>
    public void Let()
    {
        _goal = HandVerb.Stop;
        _stopping = false;
        _cast = null;
        _atOnce.Clear();
        _corners.Clear();
        _wayX = float.NaN;
    }

    /// <summary>Takes a click.</summary>
    /// <param name="target">A unit, -1 for none.</param>
    /// <returns>Null if it is taken; else why not.</returns>
    public string? Take(in WorldState s, HandVerb verb, int target, float x, float y)
    {
        if (s.Finished != 0)
            return "the match is over";
        if (s.Alive[hero] == 0)
            return "the hero is dead";
        switch (verb)
        {
            case HandVerb.Stop:
                _goal = HandVerb.Stop;
                _cast = null;
                _stopping = true;
                return null;
            case HandVerb.Move or HandVerb.AttackMove:
                _cast = null;
                (_goalX, _goalY) = (x, y);
                return Walk(in s, x, y) ? Set(verb) : "no way leads there";
            case HandVerb.Attack:
                if ((uint)target >= UnitIndex.Count || !Legality.IsAttackable(in s, hero, target))
                    return "that is nothing that can be attacked now: an enemy in sight, not protected";
                _cast = null;
                _target = target;
                return Set(HandVerb.Attack);
            case HandVerb.Recall:
                _cast = null;
                return Legality.CanRecall(in s, hero) ? Set(HandVerb.Recall) : "the hero cannot act";
            default:
                return Aim(in s, verb, target, x, y);
        }
    }

    /// <summary>Takes an order that is done at once: buying, learning.</summary>
    public string? Take(in WorldState s, in Order order)
    {
        if (!Legality.IsLegal(world, in s, hero, order))
            return order.Verb == Verb.Buy ? WhyNotBuy(in s, order.Target) : "there is no point to spend on that now";
        if (_atOnce.Count > 8)
            return "too many at once";
        _atOnce.Enqueue(order);
        return null;
    }

    /// <summary>Writes what the hero is told this tick, if anything: [<see cref="OrderActions.Heads"/>], filled with <see cref="OrderActions.None"/>.</summary>
    public void Act(in WorldState s, Span<short> action)
    {
        if (s.Alive[hero] == 0)
        {
            _goal = HandVerb.Stop;
            _cast = null;
        }
        while (_atOnce.TryDequeue(out Order order))
        {
            if (!Legality.IsLegal(world, in s, hero, order))
                continue;
            OrderActions.Write(in order, point: false, action);
            return;
        }
        if (_stopping)
        {
            _stopping = false;
            Give(in s, new Order(Verb.Stay), action);
            return;
        }
        if (s.Alive[hero] == 0 || (_cast is not null && Cast(in s, action)) || s.CastSkill[hero] >= 0)
            return;
        switch (_goal)
        {
            case HandVerb.Move:
                GoOn(in s, action);
                break;
            case HandVerb.Attack:
                Attack(in s, _target, action);
                break;
            case HandVerb.AttackMove:
                int prey = Prey(in s);
                if (prey >= 0)
                    Give(in s, new Order(Verb.Attack, prey), action);
                else
                    GoOn(in s, action);
                break;
            case HandVerb.Recall:
                Give(in s, new Order(Verb.Recall), action);
                break;
        }
    }

    private string? Set(HandVerb goal)
    {
        _goal = goal;
        _stopping = false;
        _stuck = 0;
        return null;
    }

    private string? Aim(in WorldState s, HandVerb verb, int target, float x, float y)
    {
        if (verb == HandVerb.Ward)
        {
            if (!Legality.IsLegal(world, in s, hero, new Order(Verb.Ward)))
                return "no ward is ready";
            _cast = (verb, -1, x, y, s.Tick + Patience, false);
            return null;
        }
        int ability = Abilities.OfVerb(VerbOf(verb));
        if (Abilities.Of(world, in s, hero, ability) is not { } d)
            return "there is nothing ready to be used";
        if (Refusal(in s, ability, d) is { } why)
            return why;
        if (d.Aim == Moba.Aim.Target)
        {
            if (d.Side == Side.Self)
                target = hero;
            if ((uint)target >= UnitIndex.Count || s.Alive[target] == 0 || (s.Visible[target] >> s.Team[hero] & 1) == 0)
                return "it needs a target in sight";
            if (!Suits(in s, d, target))
                return "that is no target for it";
        }
        bool walks = d.Aim is Moba.Aim.Target or Moba.Aim.Point;
        _cast = (verb, target, x, y, s.Tick + Patience, walks);
        return null;
    }

    private bool Suits(in WorldState s, SkillDefinition d, int unit)
    {
        bool ally = s.Team[unit] == s.Team[hero];
        return !UnitIndex.IsStructure(unit) && !UnitIndex.IsWard(unit) && (UnitIndex.IsHero(unit) ? d.OnHeroes : d.OnCreeps) && (d.Side == Side.Enemies ? !ally : ally && (d.Side != Side.Self || unit == hero));
    }

    /// <summary>Why an ability cannot be cast even after a moment; null if it can, or as soon as a cast or a stun is over.</summary>
    private string? Refusal(in WorldState s, int ability, SkillDefinition d)
    {
        int level = Abilities.Level(in s, hero, ability);
        if (level == 0)
            return "the skill is not learnt";
        int ready = ability < Abilities.Spell ? s.SkillReady[hero * WorldState.Skills + ability]
            : ability < Abilities.Item ? s.SpellReady[hero * WorldState.Spells + ability - Abilities.Spell] : 0;
        if (ready > s.Tick + Patience)
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"not ready for {(ready - s.Tick) / (double)RulesDefinition.TicksPerSecond:0.0} s");
        if (s.Mana[hero] < d.Mana[level - 1])
            return "not enough mana";
        if (ability < Abilities.Spell && s.SilenceUntil[hero] > s.Tick + Patience)
            return "the hero is silenced";
        return d.Moves && s.RootUntil[hero] > s.Tick + Patience ? "the hero is rooted" : null;
    }

    /// <summary>Casts, walks towards where it can, or waits; true if the tick's order is given or the hero is to wait.</summary>
    private bool Cast(in WorldState s, Span<short> action)
    {
        (HandVerb hand, int target, float x, float y, int until, bool walks) = _cast!.Value;
        Verb verb = VerbOf(hand);
        int ability = Abilities.OfVerb(verb);
        if (hand == HandVerb.Ward)
        {
            _cast = null;
            return Give(in s, new Order(Verb.Ward, -1, x - s.X[hero], y - s.Y[hero]), action) || s.Tick > until;
        }
        if (Abilities.Of(world, in s, hero, ability) is not { } d || (target >= 0 && (s.Alive[target] == 0 || (s.Visible[target] >> s.Team[hero] & 1) == 0)))
        {
            _cast = null;
            return false;
        }
        (float aimX, float aimY) = target >= 0 && d.Aim == Moba.Aim.Target ? (s.X[target], s.Y[target]) : (x, y);
        float dx = aimX - s.X[hero], dy = aimY - s.Y[hero];
        if (walks && dx * dx + dy * dy > d.Range * d.Range)
        {
            // Out of range it may take as long as the walk takes.
            _cast = (hand, target, x, y, s.Tick + Patience, walks);
            if (s.CastSkill[hero] < 0)
                Approach(in s, aimX, aimY, action);
            return true;
        }
        Order order = d.Aim switch
        {
            Moba.Aim.Target => new Order(verb, target),
            Moba.Aim.Point => new Order(verb, -1, x, y),
            Moba.Aim.Direction => new Order(verb, -1, dx, dy),
            _ => new Order(verb),
        };
        if (Give(in s, order, action))
        {
            _cast = null;
            return true;
        }
        if (s.Tick > until)
            _cast = null;
        return false;
    }

    private void Attack(in WorldState s, int target, Span<short> action)
    {
        if (!Legality.IsAttackable(in s, hero, target))
        {
            _goal = HandVerb.Stop;
            Give(in s, new Order(Verb.Stay), action);
            return;
        }
        float dx = s.X[target] - s.X[hero], dy = s.Y[target] - s.Y[hero];
        bool near = dx * dx + dy * dy <= (s.AttackRange[hero] + 1f) * (s.AttackRange[hero] + 1f);
        // The rules walk straight at a target; around walls the hand leads.
        if (near || UnitIndex.IsStructure(target) || PathFinder.Clear(world.Map, s.X[hero], s.Y[hero], s.X[target], s.Y[target]))
            Give(in s, new Order(Verb.Attack, target), action);
        else
            Approach(in s, s.X[target], s.Y[target], action);
    }

    /// <summary>Towards a place that may move; a way to it is good until it is a cell off.</summary>
    private void Approach(in WorldState s, float x, float y, Span<short> action)
    {
        float off = (_wayX - x) * (_wayX - x) + (_wayY - y) * (_wayY - y);
        if (_corner >= _corners.Count || off > 1f)
            Walk(in s, x, y);
        Step(in s, action);
    }

    /// <summary>On to where the hero was sent; a cast on the way may have led elsewhere.</summary>
    private void GoOn(in WorldState s, Span<short> action)
    {
        if (_wayX != _goalX || _wayY != _goalY)
            Walk(in s, _goalX, _goalY);
        Step(in s, action);
        if (_corner >= _corners.Count)
            _goal = HandVerb.Stop;
    }

    private bool Walk(in WorldState s, float x, float y)
    {
        (_wayX, _wayY) = (x, y);
        PathFinder.OfThread.Find(world.Map, s.X[hero], s.Y[hero], x, y, _corners);
        _corner = 0;
        return _corners.Count > 0;
    }

    /// <summary>Goes on along the corners; at the last one the hero stands.</summary>
    private void Step(in WorldState s, Span<short> action)
    {
        float hx = s.X[hero], hy = s.Y[hero];
        float reach = MathF.Max(AtCorner, s.MoveSpeed[hero]);
        while (_corner < _corners.Count)
        {
            float cx = _corners[_corner].X - hx, cy = _corners[_corner].Y - hy;
            bool last = _corner == _corners.Count - 1;
            float near = last ? s.MoveSpeed[hero] * 0.6f + 0.02f : reach;
            if (cx * cx + cy * cy > near * near)
                break;
            _corner++;
        }
        if (_corner >= _corners.Count)
        {
            if (s.OrderVerb[hero] == (byte)Verb.Move)
                Give(in s, new Order(Verb.Stay), action);
            return;
        }
        // Knocked off the way, or held up at a corner: another way from here.
        bool held = MathF.Abs(hx - _lastX) + MathF.Abs(hy - _lastY) < 0.01f && Legality.CanMove(in s, hero) && s.OrderVerb[hero] == (byte)Verb.Move && s.WindUpEnd[hero] == 0;
        _stuck = held ? _stuck + 1 : 0;
        float off = MathF.Abs(hx - _lastX) + MathF.Abs(hy - _lastY);
        (_lastX, _lastY) = (hx, hy);
        if (_stuck >= 4 || off > 2f)
        {
            _stuck = 0;
            Walk(in s, _wayX, _wayY);
            if (_corners.Count == 0)
                return;
        }
        Give(in s, new Order(Verb.Move, -1, _corners[_corner].X - hx, _corners[_corner].Y - hy), action);
    }

    /// <summary>Whom an attack move attacks: heroes before others, then who is nearest.</summary>
    private int Prey(in WorldState s)
    {
        int best = -1;
        float least = float.MaxValue;
        float far = s.AttackRange[hero] + Notice;
        for (int u = 0; u < UnitIndex.Count; u++)
        {
            if (UnitIndex.IsMonster(u) || !Legality.IsAttackable(in s, hero, u))
                continue;
            float dx = s.X[u] - s.X[hero], dy = s.Y[u] - s.Y[hero];
            float square = dx * dx + dy * dy;
            if (square > far * far)
                continue;
            square += UnitIndex.IsHero(u) ? 0f : far * far;
            if (square < least)
                (least, best) = (square, u);
        }
        return best;
    }

    /// <summary>Writes an order unless it is not legal, or is what the hero does anyway.</summary>
    private bool Give(in WorldState s, in Order order, Span<short> action)
    {
        if (!Legality.IsLegal(world, in s, hero, order))
            return false;
        int ability = Abilities.OfVerb(order.Verb);
        bool point = ability >= 0 && Abilities.Of(world, in s, hero, ability) is { Aim: Moba.Aim.Point };
        Order given = order;
        bool directed = order.Verb is Verb.Move or Verb.Ward || (ability >= 0 && !point);
        if (directed)
        {
            float length = MathF.Sqrt(order.X * order.X + order.Y * order.Y);
            if (length > 1e-4f)
                given = order with { X = order.X / length, Y = order.Y / length };
            else if (order.Verb is Verb.Move or Verb.Ward || Abilities.Of(world, in s, hero, ability) is { Aim: Moba.Aim.Direction })
                given = order with { X = s.FaceX[hero], Y = s.FaceY[hero] };
        }
        if (Same(in s, in given))
            return true;
        OrderActions.Write(in given, point, action);
        return true;
    }

    private bool Same(in WorldState s, in Order order)
    {
        if (s.OrderVerb[hero] != (byte)order.Verb)
            return false;
        return order.Verb switch
        {
            Verb.Move => s.OrderX[hero] * order.X + s.OrderY[hero] * order.Y > 0.9998f,
            Verb.Attack => s.OrderTarget[hero] == order.Target,
            Verb.Stay or Verb.Recall => true,
            _ => false,
        };
    }

    private string WhyNotBuy(in WorldState s, int item)
    {
        if ((uint)item >= (uint)world.Content.Items.Length)
            return "there is no such item";
        if (s.ManualShop[hero] == 0)
            return "the recommended build shops; take that over first";
        if (!Shop.IsOpen(world, in s, hero))
            return "the shop is at the fountain";
        return Shop.Cost(world, in s, hero, item) > s.Gold[hero] ? "not enough gold" : "there is no room for it, or the hero has it";
    }

    private static Verb VerbOf(HandVerb verb) => verb switch
    {
        HandVerb.Skill1 => Verb.Skill1,
        HandVerb.Skill2 => Verb.Skill2,
        HandVerb.Skill3 => Verb.Skill3,
        HandVerb.Ultimate => Verb.Ultimate,
        HandVerb.Spell1 => Verb.Spell1,
        HandVerb.Spell2 => Verb.Spell2,
        HandVerb.Item => Verb.Item,
        HandVerb.Ward => Verb.Ward,
        HandVerb.Recall => Verb.Recall,
        HandVerb.Attack => Verb.Attack,
        HandVerb.Move or HandVerb.AttackMove => Verb.Move,
        _ => Verb.Stay,
    };
}
