namespace SelfPlayArena.Moba;

/// <summary>
/// Actions of <see cref="MobaOptions.Orders"/>: [verb, x, y, target, choice, macro], one a tick, in the world's frame for both teams. A verb is a number of
/// <see cref="Verb"/>; -1 is nothing new, the standing order goes on. x and y are a unit vector times <see cref="VectorScale"/> (walking, wards, skills aimed by
/// direction; any length is taken for a direction) or a position times <see cref="PositionScale"/> (skills aimed at a point). The target is a unit. A choice is the
/// item or skill of <see cref="Verb.Buy"/> and <see cref="Verb.Learn"/>; elsewhere a choice from 0 on stands in place of x and y for what heads of directions
/// can mean: direction + 16 * distance. So what a bot's heads say and what its order says is the same to the last bit.
/// </summary>
public static unsafe class OrderActions
{
    /// <summary>Nothing new: also what fills unused places.</summary>
    public const short None = -1;

    /// <summary>Instead of a verb: who shops and learns from now on; the choice is a sum of <see cref="OwnShop"/> and <see cref="OwnSkills"/>, what is left out the recommended build does.</summary>
    public const short Control = 64;
    public const short OwnShop = 1;
    public const short OwnSkills = 2;

    /// <summary>Steps a cell of a position.</summary>
    public const float PositionScale = 128f;

    /// <summary>What a component of 1 is of a unit vector.</summary>
    public const float VectorScale = 16384f;

    /// <summary>Numbers an action has.</summary>
    public const int Heads = ActionDecoding.Heads;

    private const int X = 1;
    private const int Y = 2;
    private const int Target = 3;

    /// <summary>Writes an order as an action, its place or direction rounded to what an action can say; the macro command is left as it is.</summary>
    /// <param name="order">In the world's frame.</param>
    /// <param name="point">Whether x and y are a position; else they are a direction.</param>
    /// <param name="action">[<see cref="Heads"/>].</param>
    public static void Write(in Order order, bool point, Span<short> action)
    {
        action[0] = (short)order.Verb;
        action[X] = Rounded(order.X, point ? PositionScale : VectorScale);
        action[Y] = Rounded(order.Y, point ? PositionScale : VectorScale);
        action[Target] = None;
        action[ActionDecoding.Choice] = None;
        action[order.Verb is Verb.Buy or Verb.Learn ? ActionDecoding.Choice : Target] = (short)order.Target;
    }

    /// <summary>The order that an action means; false for nothing new. What means nothing is <see cref="Verb.Stay"/>.</summary>
    internal static bool Decode(MobaWorld world, WorldState* s, int hero, ReadOnlySpan<short> action, out Order order)
    {
        order = new Order(Verb.Stay);
        if (action[0] < 0)
            return false;
        if (action[0] >= Sizes.Verbs)
            return true;
        var verb = (Verb)action[0];
        int choice = action[ActionDecoding.Choice];
        switch (verb)
        {
            case Verb.Move or Verb.Ward:
                Directed(verb, action, ref order);
                break;
            case Verb.Attack:
                order = new Order(verb, action[Target]);
                break;
            case Verb.Buy or Verb.Learn:
                order = new Order(verb, choice);
                break;
            case Verb.Stay or Verb.Recall:
                order = new Order(verb);
                break;
            default:
                if (Abilities.Of(world, in *s, hero, Abilities.OfVerb(verb)) is { } d)
                    Aimed(verb, d, s, hero, action, ref order);
                break;
        }
        return true;
    }

    /// <summary>The action that means what heads mean now; see <see cref="ActionDecoding.Decode"/>.</summary>
    internal static void FromHeads(MobaWorld world, WorldState* s, int hero, TargetSlots* slots, ReadOnlySpan<short> heads, Span<short> action)
    {
        Order order = ActionDecoding.Decode(world, s, hero, slots, heads);
        action[..Heads].Fill(None);
        action[0] = (short)order.Verb;
        action[ActionDecoding.Macro] = heads[ActionDecoding.Macro];
        bool chooses = order.Verb is Verb.Buy or Verb.Learn;
        action[chooses ? ActionDecoding.Choice : Target] = (short)order.Target;
        int ability = Abilities.OfVerb(order.Verb);
        Aim aim = ability < 0 ? Aim.Target : Abilities.Of(world, in *s, hero, ability)!.Aim;
        if (order.Verb is not (Verb.Move or Verb.Ward) && aim is not (Aim.Direction or Aim.Point))
            return;
        int direction = s->Team[hero] == 0 ? heads[1] : Directions.Mirror(heads[1]);
        int distance = aim != Aim.Point ? 0 : ability < Sizes.SkillRows ? heads[2] : Sizes.Distances - 1;
        action[ActionDecoding.Choice] = (short)(direction + Directions.Count * distance);
    }

    private static void Directed(Verb verb, ReadOnlySpan<short> action, ref Order order)
    {
        int choice = action[ActionDecoding.Choice];
        if (choice >= 0)
        {
            if (choice < Directions.Count)
                order = new Order(verb, -1, Directions.X(choice), Directions.Y(choice));
            return;
        }
        // Made a unit vector here: a longer one would be a faster walk.
        float x = action[X];
        float y = action[Y];
        if (x == 0f && y == 0f)
            return;
        float length = MathF.Sqrt(x * x + y * y);
        order = new Order(verb, -1, x / length, y / length);
    }

    private static void Aimed(Verb verb, SkillDefinition d, WorldState* s, int hero, ReadOnlySpan<short> action, ref Order order)
    {
        int choice = action[ActionDecoding.Choice];
        switch (d.Aim)
        {
            case Aim.Target:
                order = new Order(verb, action[Target]);
                break;
            case Aim.Direction:
                Directed(verb, action, ref order);
                break;
            case Aim.Point when choice >= 0:
                if (choice >= Directions.Count * Sizes.Distances)
                    break;
                float reach = d.Range * (choice / Directions.Count + 1) * (1f / Sizes.Distances);
                order = new Order(verb, -1, s->X[hero] + Directions.X(choice) * reach, s->Y[hero] + Directions.Y(choice) * reach);
                break;
            case Aim.Point:
                order = new Order(verb, -1, action[X] * (1f / PositionScale), action[Y] * (1f / PositionScale));
                break;
            default:
                order = new Order(verb);
                break;
        }
    }

    private static short Rounded(float value, float scale)
    {
        float v = value * scale;
        return v >= short.MaxValue ? short.MaxValue : v <= short.MinValue ? short.MinValue : (short)(v < 0f ? v - 0.5f : v + 0.5f);
    }
}
