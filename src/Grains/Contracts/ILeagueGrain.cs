using Orleans;
using Orleans.Concurrency;

namespace SelfPlayArena.Grains;

/// <summary>
/// A run's league, one for all silos; its key is the run's name. It holds the fold of the run's event log and nothing that the log does not:
/// whoever activates it next reads the log and goes on. Each call may come twice; what is counted is counted once.
/// </summary>
[Alias("arena.league")]
public interface ILeagueGrain : IGrainWithStringKey
{
    /// <summary>Takes hold of the log, if this silo can; the league itself need not be there yet.</summary>
    Task<LeagueFacts> Claim();

    /// <summary>Starts the league, or goes on with it.</summary>
    /// <param name="nextMatchup">Id from a checkpoint that the next matchup has at least.</param>
    Task<LeagueFacts> Open(LeagueTerms? terms, long nextMatchup);

    /// <summary>Lets go of the log; the next call takes hold of it again.</summary>
    Task Close();

    /// <summary>Begins a learner's session. Earlier sessions' learners are refused from now on.</summary>
    Task<LeagueFacts> Start(long trainedSteps, int processId);

    /// <summary>Ends a session in order.</summary>
    Task<LeagueFacts> Stop(int session, long trainedSteps, string reason);

    /// <summary>Gives a host matchups to play.</summary>
    Task<MatchupCard[]> Next(MatchupRequest request);

    /// <summary>Counts results, each id once.</summary>
    /// <param name="durable">On return they are on the disk; otherwise with the next group.</param>
    Task<ResultsReceipt> Report(ResultCard[] results, bool durable);

    /// <summary>Writes waiting results, all of them or those that waited long enough.</summary>
    Task<LeagueFacts> Flush(int session, bool all);

    /// <summary>Whether the learner should leave a snapshot now.</summary>
    Task<bool> ShouldSnapshot(long trainedSteps);

    /// <summary>Enters a snapshot whose bundle is on the disk.</summary>
    Task<LeagueFacts> RecordSnapshot(int session, int version, long trainedSteps, string bundle);

    /// <summary>Where the league is.</summary>
    [ReadOnly]
    Task<LeagueFacts> Facts();

    /// <summary>How everybody stands.</summary>
    [ReadOnly]
    Task<StandingCard> Standing();
}
