namespace SelfPlayArena.Moba;

/// <summary>Turns one hero's action [verb, direction, distance, target, choice, macro] into an order in the world's frame.</summary>
internal static unsafe class ActionDecoding
{
    public const int Heads = 6;
    public const int Choice = 4;
    public const int Macro = 5;

    /// <summary>The order that an action means; anything that the mask does not offer means <see cref="Verb.Stay"/>.</summary>
    public static Order Decode(MobaWorld world, WorldState* s, int hero, TargetSlots* slots, ReadOnlySpan<short> action)
    {
        var stay = new Order(Verb.Stay);
        int verb = action[0];
        if ((uint)verb >= Sizes.Verbs)
            return stay;
        int team = s->Team[hero];
        switch ((Verb)verb)
        {
            case Verb.Move:
                if ((uint)action[1] >= Directions.Count)
                    return stay;
                int walk = World(team, action[1]);
                if (!ActionMask.CanWalk(world, s, hero, walk))
                    return stay;
                return new Order(Verb.Move, -1, Directions.X(walk), Directions.Y(walk));
            case Verb.Attack:
                return Unit(slots, action[3]) is >= 0 and int foe && action[3] >= Sizes.EnemySlot ? new Order(Verb.Attack, foe) : stay;
            case Verb.Recall:
                return new Order(Verb.Recall);
            case Verb.Ward:
                if ((uint)action[1] >= Directions.Count)
                    return stay;
                int ahead = World(team, action[1]);
                return new Order(Verb.Ward, -1, Directions.X(ahead), Directions.Y(ahead));
            case Verb.Buy or Verb.Learn:
                return (uint)action[Choice] < Sizes.Choices ? new Order((Verb)verb, action[Choice]) : stay;
            case Verb.Stay:
                return stay;
            default:
                int ability = Abilities.OfVerb((Verb)verb);
                return Legality.CanCast(world, in *s, hero, ability) ? Ability((Verb)verb, ability, Abilities.Of(world, in *s, hero, ability)!, s, hero, team, slots, action) : stay;
        }
    }

    /// <summary>Takes up a macro command; what is no command, or is not legal now, leaves the one in force.</summary>
    public static void Command(MobaWorld world, WorldState* s, int hero, int command)
    {
        if ((uint)command < MacroRules.Count && command != s->Macro[hero] && MacroRules.IsLegal(world, s, hero, (MacroCommand)command))
            MacroRules.Give(world, s, hero, (MacroCommand)command);
    }

    private static Order Ability(Verb verb, int ability, SkillDefinition d, WorldState* s, int hero, int team, TargetSlots* slots, ReadOnlySpan<short> action)
    {
        var stay = new Order(Verb.Stay);
        bool directed = d.Aim is Aim.Direction or Aim.Point;
        bool far = ability < Sizes.SkillRows;
        if ((uint)action[1] >= (directed ? Directions.Count : 1u) || (far && (uint)action[2] >= (d.Aim == Aim.Point ? Sizes.Distances : 1u)))
            return stay;
        if (d.Aim == Aim.Target)
            return Unit(slots, action[3]) is >= 0 and int unit ? new Order(verb, unit) : stay;
        if (action[3] != 0)
            return stay;
        if (!directed)
            return new Order(verb);
        int direction = World(team, action[1]);
        float x = Directions.X(direction);
        float y = Directions.Y(direction);
        if (d.Aim == Aim.Direction)
            return new Order(verb, -1, x, y);
        float reach = far ? d.Range * (action[2] + 1) * (1f / Sizes.Distances) : d.Range;
        return new Order(verb, -1, s->X[hero] + x * reach, s->Y[hero] + y * reach);
    }

    private static int World(int team, int direction) => team == 0 ? direction : Directions.Mirror(direction);

    private static int Unit(TargetSlots* slots, int slot)
        => (uint)slot < Sizes.Targets && slots->Unit[slot] != TargetSlots.None ? slots->Unit[slot] : -1;
}
