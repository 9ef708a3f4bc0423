using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Learning.Cloning;

/// <summary>Matches to learn from, by number. Distinct matches may be played at the same time.</summary>
public interface IDemonstrations
{
    /// <summary>Begins a match from its first decision; the same number is the same match each time.</summary>
    IDemonstration Begin(int number);

    /// <summary>Begins a match that is learnt from: the student may play in it itself, while its teacher says what it would have done.</summary>
    IDemonstration BeginToLearn(int number) => Begin(number);

    /// <summary>The student has come on.</summary>
    void Follow(PolicyNetwork student)
    {
    }
}

/// <summary>A match that is being shown, decision by decision.</summary>
public interface IDemonstration : IDisposable
{
    /// <summary>Holds the state of now, in match 0.</summary>
    IBatchEnvironment Environment { get; }

    /// <summary>Decisions that are known to be left; for one whose length nobody knows yet, a guess.</summary>
    int Left { get; }

    /// <summary>Whether what a team does is to be learnt.</summary>
    bool Teaches(int team);

    /// <summary>The actions [agents, heads] of the next decision, -1 for a head that is not used.</summary>
    ReadOnlySpan<short> Decide();

    /// <summary>Plays what <see cref="Decide"/> said. False when the match is over.</summary>
    bool Play();
}
