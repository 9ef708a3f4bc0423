using MessagePack;
using SelfPlayArena.League;

namespace SelfPlayArena.Streaming.Faults;

/// <summary>What a run's log holds of what was promised.</summary>
/// <param name="Sessions">Workers that reported results.</param>
/// <param name="Reported">Results that workers sent, each counted once.</param>
/// <param name="Acknowledged">Results that a learner said are on its disk.</param>
/// <param name="InLog">Workers' results in the log.</param>
/// <param name="Lost">Ids that were acknowledged and are not in the log.</param>
/// <param name="Twice">Ids that are in the log more than once, whoever reported them.</param>
/// <param name="Changed">Ids in the log whose result is not the one that was sent.</param>
/// <param name="Unknown">Ids in the log that no worker sent.</param>
public sealed record LedgerVerdict(
    int Sessions, long Reported, long Acknowledged, long InLog, IReadOnlyList<string> Lost, IReadOnlyList<string> Twice, IReadOnlyList<string> Changed, IReadOnlyList<string> Unknown)
{
    public bool Sound => Lost.Count + Twice.Count + Changed.Count + Unknown.Count == 0;
}

/// <summary>
/// A third party's book of what workers reported and what learners acknowledged, kept where the bytes pass by, so that neither end's own
/// memory has to be believed. An acknowledgement counts from the moment the learner has sent it, whether or not the worker ever gets it. Thread-safe.
/// </summary>
public sealed class ResultLedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Account> _accounts = [];

    private sealed class Account
    {
        public readonly Dictionary<long, int> Sent = [];
        public long Acknowledged;
    }

    /// <summary>Results that learners have acknowledged so far.</summary>
    public long Acknowledged
    {
        get
        {
            lock (_gate)
                return _accounts.Values.Sum(a => a.Acknowledged);
        }
    }

    internal void Reported(string session, ReadOnlyMemory<byte> header)
    {
        var reader = new MessagePackReader(header);
        NumberedResult result = NumberedResult.Read(ref reader, session);
        lock (_gate)
            Of(session).Sent[result.Number] = Digest(MatchFinished.Of(result.Result));
    }

    internal void AcknowledgedUpTo(string session, ReadOnlyMemory<byte> header)
    {
        var reader = new MessagePackReader(header);
        Progress progress = Progress.Read(ref reader);
        lock (_gate)
            Of(session).Acknowledged = Math.Max(Of(session).Acknowledged, progress.Results);
    }

    /// <summary>Holds a run's log against the book.</summary>
    /// <param name="strangers">Sessions that are not in the book on purpose.</param>
    public LedgerVerdict Judge(IEnumerable<LeagueEvent> log, IReadOnlySet<string> strangers)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var digests = new Dictionary<string, int>(StringComparer.Ordinal);
        List<string> lost = [], twice = [], changed = [], unknown = [];
        long inLog = 0;
        foreach (MatchFinished match in log.OfType<MatchFinished>())
        {
            counts[match.Match] = counts.GetValueOrDefault(match.Match) + 1;
            if (counts[match.Match] == 2)
                twice.Add(match.Match);
            digests[match.Match] = Digest(match);
        }
        lock (_gate)
        {
            foreach ((string id, int digest) in digests.Where(d => d.Key.StartsWith('w')))
            {
                int slash = id.IndexOf('/', StringComparison.Ordinal);
                string session = id[1..slash];
                if (strangers.Contains(session))
                    continue;
                inLog++;
                if (!_accounts.TryGetValue(session, out Account? account) || !account.Sent.TryGetValue(long.Parse(id.AsSpan(slash + 1), System.Globalization.CultureInfo.InvariantCulture), out int sent))
                    unknown.Add(id);
                else if (sent != digest)
                    changed.Add(id);
            }
            foreach ((string session, Account account) in _accounts)
            {
                for (long number = 0; number < account.Acknowledged; number++)
                {
                    if (!counts.ContainsKey(NumberedResult.MatchId(session, number)))
                        lost.Add(NumberedResult.MatchId(session, number));
                }
            }
            return new LedgerVerdict(_accounts.Count, _accounts.Values.Sum(a => (long)a.Sent.Count), _accounts.Values.Sum(a => a.Acknowledged), inLog, lost, twice, changed, unknown);
        }
    }

    private Account Of(string session)
    {
        if (!_accounts.TryGetValue(session, out Account? account))
            _accounts.Add(session, account = new Account());
        return account;
    }

    private static int Digest(MatchFinished match)
    {
        var hash = new HashCode();
        hash.Add((match.Matchup, match.Home, match.Away, match.HomeSide, match.HomeVersion, match.Winner, match.Decisions));
        hash.Add(match.Reason, StringComparer.Ordinal);
        hash.Add(match.Seed);
        foreach (float score in match.Scores)
            hash.Add(score);
        return hash.ToHashCode();
    }
}
