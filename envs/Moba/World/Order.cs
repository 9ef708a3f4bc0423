namespace SelfPlayArena.Moba;

/// <summary>What a hero can be told to do. The numbers are positions in <see cref="WorldState.OrderVerb"/>; new ones are appended.</summary>
public enum Verb : byte
{
    Stay,
    Move,
    Attack,
    Skill1,
    Skill2,
    Skill3,
    Ultimate,
    Recall,
    Spell1,
    Spell2,

    /// <summary>Uses the active of the first item that has one and is ready (<see cref="Abilities.ActiveItem"/>).</summary>
    Item,

    /// <summary>Places a ward some cells ahead.</summary>
    Ward,

    /// <summary>Buys the item <see cref="Order.Target"/>; done at once, the standing order stays.</summary>
    Buy,

    /// <summary>Spends a skill point on skill <see cref="Order.Target"/> (0 to 3); done at once, the standing order stays.</summary>
    Learn,
}

/// <summary>One hero's standing order, in the world's frame (never mirrored).</summary>
/// <param name="Verb">What to do.</param>
/// <param name="Target">Unit index for <see cref="Verb.Attack"/> and for skills aimed at a target; else -1.</param>
/// <param name="X">
/// x of a unit vector for <see cref="Verb.Move"/> and skills aimed by direction; of a position in cells for skills aimed at a point.
/// </param>
/// <param name="Y">y of the same.</param>
public readonly record struct Order(Verb Verb, int Target = -1, float X = 0f, float Y = 0f);
