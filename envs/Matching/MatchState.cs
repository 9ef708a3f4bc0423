using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SelfPlayArena.Matching;

[InlineArray(MatchingRules.Teams * MatchingRules.AgentsPerTeam)]
internal struct Cues
{
    private byte _first;
}

/// <summary>Slot s of agent a is at a * Slots + s.</summary>
[InlineArray(MatchingRules.Teams * MatchingRules.AgentsPerTeam * MatchingRules.Slots)]
internal struct Cards
{
    private byte _first;
}

[InlineArray(MatchingRules.Teams)]
internal struct Points
{
    private int _first;
}

/// <summary>One match as a flat value: copying it is the snapshot, hashing its bytes the check.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MatchState
{
    /// <summary>State of the match's own generator (SplitMix64).</summary>
    public ulong Random;

    public int Decision;

    /// <summary>Decisions in this match.</summary>
    public int Length;

    public Points Scores;

    /// <summary>The colour each agent was shown at the first decision and is to pick ever after.</summary>
    public Cues Cue;

    /// <summary>1 where a card lies.</summary>
    public Cards Present;

    public Cards Colour;

    /// <summary>Four bits that the game ignores.</summary>
    public Cards Marks;

    /// <summary>Where a card lies on the table, 0 to 255, which the game ignores.</summary>
    public Cards Place;

    /// <summary>The answer the agent's table asks for now.</summary>
    public Cues Asked;

    public byte Ended;
}
