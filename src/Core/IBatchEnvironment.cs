namespace SelfPlayArena.Core;

/// <summary>Where a match stands after a step.</summary>
public enum MatchStatus : byte
{
    Running,

    /// <summary>Ended by the rules (the time limit with its tie-break is a rule): no value follows.</summary>
    Terminated,
}

/// <summary>How a finished match ended.</summary>
/// <param name="Winner">Winning team, or -1 for a draw.</param>
/// <param name="Decisions">Decisions the match took.</param>
/// <param name="Reason">What ended it, in the environment's words, for example <c>ancient</c> or <c>time limit</c>.</param>
/// <param name="Scores">One number a team, for reports (for example gold), length = teams.</param>
public sealed record MatchOutcome(int Winner, int Decisions, string Reason, IReadOnlyList<float> Scores);

/// <summary>
/// Steps M matches at once into caller-owned spans. Nothing is allocated by <see cref="Step"/>, <see cref="StepOnly"/>,
/// <see cref="Observe"/>, <see cref="Snapshot"/> and <see cref="Restore"/>. Not thread-safe; distinct instances are independent.
/// A match's state is a value: given the seed and the actions, every machine computes the same bits.
/// </summary>
/// <remarks>
/// Shapes: observations [matches, agents, <see cref="EnvironmentSpec.ObservationBytes"/>], full state [matches, teams,
/// <see cref="EnvironmentSpec.FullStateBytes"/>], masks [matches, agents, <see cref="EnvironmentSpec.MaskBytes"/>], actions [matches, agents, heads]
/// (-1 where the verb does not use the head), rewards [matches, agents, terms] (unweighted, zero-sum treatment and weights are applied by the
/// host), status [matches].
/// </remarks>
public interface IBatchEnvironment
{
    EnvironmentSpec Spec { get; }

    /// <summary>Number of matches M.</summary>
    int Matches { get; }

    /// <summary>Starts a match anew from a seed.</summary>
    void Reset(int match, ulong seed);

    /// <summary>
    /// Writes what one match's agents see now: observations [agents, bytes], masks [agents, bytes], and, unless
    /// <paramref name="fullState"/> is empty, the privileged state [teams, bytes].
    /// </summary>
    void Observe(int match, Span<byte> observations, Span<byte> masks, Span<byte> fullState);

    /// <summary>
    /// Advances every running match by one decision and writes rewards and status. A match that is not running stays as it is (zero rewards)
    /// until <see cref="Reset"/>. Illegal actions are never executed: the agent does the first legal thing (stay) instead.
    /// </summary>
    void Step(ReadOnlySpan<short> actions, Span<float> rewards, Span<MatchStatus> status);

    /// <summary>Advances one match by one decision without rewards or observations, for roll-outs. Actions [agents, heads].</summary>
    MatchStatus StepOnly(int match, ReadOnlySpan<short> actions);

    /// <summary>Chooses the action [heads] of a scripted player (index into <see cref="EnvironmentSpec.ScriptedPlayers"/>) for one agent; it sees what its team sees.</summary>
    void ActScripted(int match, int agent, int player, Span<short> action, ref Rng rng);

    /// <summary>How a match that is not running ended.</summary>
    /// <exception cref="InvalidOperationException">The match is still running.</exception>
    MatchOutcome Outcome(int match);

    /// <summary>Bytes of one match's state.</summary>
    int SnapshotBytes { get; }

    /// <summary>Copies a match's state out.</summary>
    void Snapshot(int match, Span<byte> destination);

    /// <summary>Puts a state back; stepping from it is bit-identical to stepping from the original.</summary>
    void Restore(int match, ReadOnlySpan<byte> source);

    /// <summary>Replaces what <paramref name="team"/> cannot know by a sample that is consistent with what it knows.</summary>
    void Determinize(int match, int team, ref Rng rng);

    /// <summary>Hash of a match's state; equal states have equal hashes on every machine.</summary>
    ulong StateHash(int match);
}
