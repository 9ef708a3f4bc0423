using System.Runtime.InteropServices;

namespace SelfPlayArena.Rollout;

/// <summary>A team of a match, by their numbers.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TeamRow(int Match, int Team);

/// <summary>All teams of a host that one network plays in this decision.</summary>
/// <param name="moving">The group of the latest policy, whose network changes between decisions.</param>
/// <param name="greedy">Its teams take the likeliest action, as a baseline for others.</param>
internal sealed class PolicyGroup(PolicyVersion policy, bool moving, bool greedy)
{
    public readonly List<TeamRow> Teams = [];

    public bool Greedy => greedy;

    public PolicyVersion Policy { get; set; } = policy;

    /// <summary>Whether a seat with these belongs to the group.</summary>
    public bool Takes(PolicyVersion other, bool otherMoving, bool otherGreedy)
        => otherMoving == moving && otherGreedy == greedy && (moving || ReferenceEquals(other.Network, Policy.Network));
}
