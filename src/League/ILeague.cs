using SelfPlayArena.Core;

namespace SelfPlayArena.League;

/// <summary>What whoever hands out matches needs of a league. Thread-safe.</summary>
public interface IMatchups
{
    /// <summary>Ids for the matches of one host. No other host's ids, in this session or another, are the same.</summary>
    MatchIds MatchIdsOf(string host);

    /// <summary>The next matchup to train on for a host that plays <paramref name="active"/> now.</summary>
    Matchup NextMatchup(IReadOnlyCollection<Matchup> active);

    /// <summary>Counts a result. False if it is known to have been counted before.</summary>
    /// <exception cref="InvalidDataException">The result does not fit the league; it is not counted.</exception>
    bool Report(MatchResult result);
}

/// <summary>A league as a learner works with it, wherever it is kept. Thread-safe.</summary>
public interface ILeague : IMatchups
{
    /// <summary>The log's first event.</summary>
    LeagueCreated Created { get; }

    /// <summary>Results and other events counted so far.</summary>
    long Position { get; }

    /// <summary>Those of them that a crash can no longer take.</summary>
    long DurablePosition { get; }

    /// <summary>What there is, as last known.</summary>
    LeagueCounts Counts { get; }

    /// <inheritdoc cref="SelfPlayLeague.NextMatchupId"/>
    long NextMatchupId { get; }

    /// <inheritdoc cref="SelfPlayLeague.NextVersion"/>
    int NextVersion { get; }

    /// <summary>Number of this session, 0 before <see cref="Start"/>.</summary>
    int Session { get; }

    /// <summary>Begins a session; returns its number.</summary>
    int Start(long trainedSteps, int processId);

    /// <summary>Ends the session in order; everything is durable on return.</summary>
    void Stop(long trainedSteps, string reason);

    /// <summary>Writes waiting results if they have waited long enough.</summary>
    void FlushIfDue();

    /// <summary>Writes all waiting results.</summary>
    void Flush();

    /// <summary>Whether the learner should leave a snapshot now.</summary>
    bool ShouldSnapshot(long trainedSteps);

    /// <inheritdoc cref="SelfPlayLeague.RecordSnapshot"/>
    PlayerId RecordSnapshot(int version, long trainedSteps, string bundle);

    /// <summary>How everybody stands.</summary>
    LeagueStanding Standing();
}

/// <summary>What a league holds.</summary>
/// <param name="Events">Events in the log that a crash can no longer take.</param>
public sealed record LeagueCounts(long Matches, int Snapshots, long Events);

/// <summary>How everybody in a league stands at a moment.</summary>
/// <param name="Ratings">Everybody's, best first.</param>
/// <param name="Anchors">The latest policy's record against each scripted member, in the order of their ratings.</param>
/// <param name="Curve">The learner's snapshots, oldest first, then its latest.</param>
public sealed record LeagueStanding(IReadOnlyList<Rating> Ratings, IReadOnlyList<AnchorStanding> Anchors, IReadOnlyList<EloPoint> Curve)
{
    /// <summary>A player's rating; null if it is not in the league.</summary>
    public Rating? Of(PlayerId player) => Ratings.FirstOrDefault(r => r.Player == player);
}

/// <summary>The latest policy's record against one scripted member.</summary>
public sealed record AnchorStanding(MemberId Anchor, ScoreEstimate Record);

/// <summary>What a run tells its league when it opens it.</summary>
/// <param name="Created">First event of a new league, or null to go on with the one that is there.</param>
/// <param name="Scripted">Scripted members of a new league.</param>
/// <param name="NextMatchup">Id from a checkpoint that the next matchup has at least.</param>
public sealed record LeagueOpening(LeagueCreated? Created, IReadOnlyList<MemberId> Scripted, LeagueOptions Options, long NextMatchup);

/// <summary>Where a run's league is kept: in a log of its own, or behind a grain. Disposing lets go of it.</summary>
public interface ILeagueAccess : IDisposable
{
    /// <summary>Takes hold of the log before anything else of the run is touched.</summary>
    /// <exception cref="LeagueLogException">Somebody else has it, or it is damaged.</exception>
    void Claim();

    /// <summary>Starts the league, or goes on with it.</summary>
    ILeague Open(LeagueOpening opening);
}

/// <summary>A league whose log is files in a folder that this process alone uses.</summary>
public sealed class LeagueOnFiles(string events, TimeProvider time) : ILeagueAccess
{
    private FileEventLog? _log;

    public void Claim() => _log = FileEventLog.Open(events);

    public ILeague Open(LeagueOpening opening)
        => SelfPlayLeague.Open(_log ?? throw new InvalidOperationException("claim the log first"), opening, time);

    public void Dispose() => _log?.Dispose();
}
