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
}

/// <summary>One hero's standing order, in the world's frame (never mirrored).</summary>
/// <param name="Verb">What to do.</param>
/// <param name="Target">Unit index for <see cref="Verb.Attack"/> and for skills aimed at a target; else -1.</param>
/// <param name="X">
/// x of a unit vector for <see cref="Verb.Move"/> and skills aimed by direction; of a position in cells for skills aimed at a point.
/// </param>
/// <param name="Y">y of the same.</param>
public readonly record struct Order(Verb Verb, int Target = -1, float X = 0f, float Y = 0f);
