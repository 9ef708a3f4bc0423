using System.Text.Json.Serialization;
using SelfPlayArena.Core;

namespace SelfPlayArena.League;

/// <summary>
/// Something that happened in a league. The league's state is the fold of these in log order, and every event folds once: a repeated one
/// (a host that reports again after a lost answer) changes nothing.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LeagueCreated), "league-created")]
[JsonDerivedType(typeof(MemberAdded), "member-added")]
[JsonDerivedType(typeof(SnapshotTaken), "snapshot-taken")]
[JsonDerivedType(typeof(MatchFinished), "match-finished")]
[JsonDerivedType(typeof(RunStarted), "run-started")]
[JsonDerivedType(typeof(RunStopped), "run-stopped")]
public abstract record LeagueEvent;

/// <summary>The first event of every log.</summary>
/// <param name="Name">Name of the run.</param>
/// <param name="Preset">Preset it was made from.</param>
/// <param name="Environment">Name of the environment's spec.</param>
/// <param name="ContentHash">Hash of the environment's content, as text; a run goes on only with the same content.</param>
/// <param name="Seed">Root of all the league's randomness.</param>
/// <param name="Config">The whole configuration as it was, as text.</param>
/// <param name="Fold">How results are weighed. Part of the log, because the fold must not depend on anything else.</param>
public sealed record LeagueCreated(string Name, string Preset, string Environment, string ContentHash, ulong Seed, string Config, FoldRules Fold) : LeagueEvent;

/// <summary>How the fold weighs results of the moving policy.</summary>
/// <param name="RecentDecay">Factor in (0, 1] on a pair's earlier evidence at each new result when one of the two is a <c>latest</c>: 0.99 remembers about a hundred matches.</param>
/// <param name="SnapshotShare">
/// Share in [0, 1] of a learner's recent evidence that moves to a snapshot when it is taken. The rest stays with <c>latest</c>. Moving instead
/// of copying keeps every match counted once, so that error bars stay honest.
/// </param>
public sealed record FoldRules(double RecentDecay = 0.99, double SnapshotShare = 0.5)
{
    /// <exception cref="ArgumentException">A value is out of range; the message names it and the range.</exception>
    public void Validate()
    {
        Range.Check(RecentDecay is > 0 and <= 1, nameof(RecentDecay), RecentDecay, "above 0, at most 1");
        Range.Check(SnapshotShare is >= 0 and <= 1, nameof(SnapshotShare), SnapshotShare, "0 to 1");
    }
}

/// <summary>What a member is for.</summary>
public enum MemberRole
{
    /// <summary>Learns, and leaves frozen versions behind.</summary>
    Main,

    /// <summary>A scripted player: never changes, so ratings can hold on to it.</summary>
    Scripted,
}

/// <summary>A lineage of policies or a scripted player joined. Folds once by member.</summary>
public sealed record MemberAdded(MemberId Member, MemberRole Role) : LeagueEvent;

/// <summary>A frozen version of a learner entered the pool. Folds once by member and version.</summary>
/// <param name="Version">1, 2, 3, … for each member.</param>
/// <param name="TrainedSteps">Hero-steps that updates had used by then.</param>
/// <param name="Bundle">File name of the policy bundle, relative to the run's directory. It is durable before this event is written.</param>
public sealed record SnapshotTaken(MemberId Member, int Version, long TrainedSteps, string Bundle) : LeagueEvent;

/// <summary>A <see cref="MatchResult"/>, flat. Folds once by <paramref name="Match"/> (see <see cref="MatchIds"/>).</summary>
/// <param name="Winner">Winning team, -1 for a draw.</param>
public sealed record MatchFinished(
    string Match, long Matchup, PlayerId Home, PlayerId Away, int HomeSide, int HomeVersion, int Winner,
    int Decisions, string Reason, IReadOnlyList<float> Scores, ulong Seed) : LeagueEvent
{
    public static MatchFinished Of(MatchResult r) => new(
        r.MatchId, r.Matchup.Id, r.Matchup.Home, r.Matchup.Away, r.HomeSide, r.HomeVersion, r.Outcome.Winner,
        r.Outcome.Decisions, r.Outcome.Reason, r.Outcome.Scores, r.Seed);
}

/// <summary>A process began to work on the league. Folds once by session.</summary>
/// <param name="Session">1, 2, 3, …; part of the ids of the matches it plays.</param>
/// <param name="At">Time, given from outside.</param>
/// <param name="TrainedSteps">Hero-steps trained before.</param>
public sealed record RunStarted(int Session, DateTimeOffset At, long TrainedSteps, int ProcessId) : LeagueEvent;

/// <summary>It stopped in order. A session without this event was killed. Folds once by session.</summary>
public sealed record RunStopped(int Session, DateTimeOffset At, long TrainedSteps, string Reason) : LeagueEvent;

internal static class Range
{
    public static void Check(bool holds, string name, object value, string allowed)
    {
        if (!holds)
            throw new ArgumentException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} is {value}; allowed: {allowed}"));
    }
}
