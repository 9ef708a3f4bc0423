using System.Runtime.InteropServices;

namespace SelfPlayArena.Learning;

/// <summary>What is compared within a group: the same agent at the same decision of matches that began alike.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Moment(long Group, int Team, int Agent, int Decision);

/// <summary>One agent-step of a batch as a group baseline sees it.</summary>
/// <param name="At">What it is compared with.</param>
/// <param name="Row">Index of the step in the batch.</param>
/// <param name="Baseline">It was played without chance, to be compared with, and is not learnt from.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GroupStep(Moment At, int Row, bool Baseline);

/// <summary>
/// Takes the place of a critic: what others of a step's group earned from the same decision on. A group is the matches of one matchup, which then
/// all start from one seed; they must be whole in the batch, see <see cref="MatchGroups"/>.
/// </summary>
internal interface IGroupBaseline
{
    /// <summary>Whether the first match of a group must be played without chance.</summary>
    bool NeedsGreedyMatch { get; }

    /// <summary>Turns returns into advantages.</summary>
    /// <param name="steps">The steps that count, and those of baselines.</param>
    /// <param name="heads">Value heads.</param>
    /// <param name="advantages">[steps, value heads]: returns, replaced.</param>
    /// <param name="signal">[steps]: set to whether a step's advantage tells anything.</param>
    void Apply(IReadOnlyList<GroupStep> steps, int heads, Span<float> advantages, Span<bool> signal);
}
