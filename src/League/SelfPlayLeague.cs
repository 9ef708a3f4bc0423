using SelfPlayArena.Core;

namespace SelfPlayArena.League;

/// <summary>
/// A league at work: log, fold, matchmaker, snapshot rule and ids behind one lock. Results count at once and are written in groups;
/// <see cref="DurablePosition"/> says what a crash can no longer take. All other events are durable when the call returns. Thread-safe.
/// </summary>
public sealed class SelfPlayLeague : ILeague
{
    private readonly Lock _gate = new();
    private readonly GroupedLog _log;
    private readonly LeagueOptions _options;
    private readonly IMatchmaker _matchmaker;
    private readonly EvaluationPlan _evaluation;
    private readonly TimeProvider _time;
    private readonly LeagueState _state;
    private readonly Dictionary<long, (Matchup Matchup, int Left)> _active = [];
    private long _nextMatchup;
    private RatingTable? _ratings;
    private long _ratedAt = -1;

    private SelfPlayLeague(IEventLog log, LeagueOptions options, TimeProvider time, IMatchmaker? matchmaker, LeagueState state)
    {
        (_log, _options, _time, _state) = (new GroupedLog(log, options.GroupSize, options.GroupDelay, time), options, time, state);
        _matchmaker = matchmaker ?? new PfspMatchmaker(options.Learner, options.Matchmaking);
        _evaluation = new EvaluationPlan(options.Matchmaking.MatchesPerMatchup);
        _nextMatchup = state.HighestMatchup + 1;
    }

    /// <summary>Starts a new league on an empty log with its learner and scripted members.</summary>
    /// <param name="scripted">For example <c>scripted:random</c>, <c>scripted:easy@1</c>.</param>
    /// <exception cref="LogConflictException">The log is not empty.</exception>
    public static SelfPlayLeague Create(IEventLog log, LeagueCreated created, IEnumerable<MemberId> scripted, LeagueOptions options, TimeProvider time,
        IMatchmaker? matchmaker = null)
    {
        options.Validate();
        var events = new List<LeagueEvent> { created, new MemberAdded(options.Learner, MemberRole.Main) };
        events.AddRange(scripted.Select(m => new MemberAdded(m, MemberRole.Scripted)));
        LeagueState state = LeagueState.Fold(events);
        log.Append(0, events);
        return new SelfPlayLeague(log, options, time, matchmaker, state);
    }

    /// <summary>Goes on with a league from its log.</summary>
    /// <param name="nextMatchup">
    /// <see cref="NextMatchupId"/> from a checkpoint: without it, ids of matchups that had no result yet are given again, to other pairings perhaps.
    /// </param>
    /// <exception cref="InvalidDataException">The log is empty or contradicts itself.</exception>
    public static SelfPlayLeague Resume(IEventLog log, LeagueOptions options, TimeProvider time, long nextMatchup = 0, IMatchmaker? matchmaker = null)
    {
        options.Validate();
        LeagueState state = LeagueState.Fold(log.ReadFrom(0));
        if (state.Created is null)
            throw new InvalidDataException("the league's log is empty: there is nothing to resume");
        var league = new SelfPlayLeague(log, options, time, matchmaker, state);
        league._nextMatchup = Math.Max(league._nextMatchup, nextMatchup);
        if (state.Find(options.Learner) is null)
            league.AddMember(options.Learner, MemberRole.Main);
        return league;
    }

    /// <summary>Starts a new league or goes on with one, as a run asks for.</summary>
    /// <exception cref="LogConflictException">A new league was asked for, and the log is not empty.</exception>
    /// <exception cref="InvalidDataException">The log is empty, or contradicts itself.</exception>
    public static SelfPlayLeague Open(IEventLog log, LeagueOpening opening, TimeProvider time) => opening.Created is { } created
        ? Create(log, created, opening.Scripted, opening.Options, time)
        : Resume(log, opening.Options, time, opening.NextMatchup);

    /// <summary>The log's first event: name, seed, environment, content.</summary>
    public LeagueCreated Created => _state.Created!;

    /// <summary>Events folded, those included that are not written yet.</summary>
    public long Position => Locked(() => _state.Position);

    /// <summary>Events that are on the disk.</summary>
    public long DurablePosition => Locked(() => _state.Position - _log.Waiting);

    public LeagueCounts Counts => Locked(() => new LeagueCounts(_state.Matches, _state.Members.Sum(m => m.Snapshots.Count), _state.Position - _log.Waiting));

    /// <summary>Id of the next matchup. It belongs in the learner's checkpoint, so that a resumed run draws the same pairings.</summary>
    public long NextMatchupId => Locked(() => _nextMatchup);

    /// <summary>Version that the learner's next snapshot gets; name its bundle after it.</summary>
    public int NextVersion => Locked(() => _state.Find(_options.Learner)!.NextVersion);

    /// <summary>Number of the running session, 0 before <see cref="Start"/>.</summary>
    public int Session => Locked(() => _state.Session);

    /// <summary>Reads the state under the lock. Take values out of it; the state itself must not escape.</summary>
    public T Read<T>(Func<LeagueState, T> read) => Locked(() => read(_state));

    /// <summary>Adds a member; nothing happens if it is there already.</summary>
    /// <exception cref="ArgumentException">Scripted members, and only they, begin with <c>scripted:</c>.</exception>
    public void AddMember(MemberId member, MemberRole role)
    {
        if (member.IsScripted != (role == MemberRole.Scripted))
            throw new ArgumentException($"member '{member}' cannot have the role {role}", nameof(role));
        lock (_gate)
        {
            if (_state.Find(member) is null)
                Commit(new MemberAdded(member, role));
        }
    }

    /// <summary>Begins a session; returns its number.</summary>
    public int Start(long trainedSteps, int processId)
    {
        lock (_gate)
        {
            Commit(new RunStarted(_state.Session + 1, _time.GetUtcNow(), trainedSteps, processId));
            return _state.Session;
        }
    }

    /// <summary>Ends the session in order; everything is durable on return.</summary>
    public void Stop(long trainedSteps, string reason)
    {
        lock (_gate)
            Commit(new RunStopped(_state.Session, _time.GetUtcNow(), trainedSteps, reason));
    }

    /// <summary>Ids for the matches of one host in this session. The session keeps them apart from those of earlier ones.</summary>
    /// <exception cref="InvalidOperationException"><see cref="Start"/> was not called.</exception>
    public MatchIds MatchIdsOf(string host) => Read(s => s.Stopped)
        ? throw new InvalidOperationException("no session is running: call Start first")
        : new MatchIds(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Session}.{host}"));

    /// <summary>The next matchup to train on, where the league itself keeps count of what is being played (one host).</summary>
    public Matchup NextMatchup()
    {
        lock (_gate)
            return Issue([.. _active.Values.Select(a => a.Matchup)], track: true);
    }

    /// <summary>The next matchup to train on for a host that plays <paramref name="active"/> now (several hosts: each keeps its own list).</summary>
    public Matchup NextMatchup(IReadOnlyCollection<Matchup> active)
    {
        lock (_gate)
            return Issue(active, track: false);
    }

    /// <summary>
    /// A matchup that only measures: nothing is to be learnt from it. It pairs the player with the widest error bar with the opponent that
    /// says most about it. Null if there is nobody to measure. Never self-play.
    /// </summary>
    /// <param name="active">Evaluation matchups that are being played.</param>
    public Matchup? NextEvaluation(IReadOnlyCollection<Matchup> active)
    {
        lock (_gate)
            return _evaluation.Next(_state, Rate(), active) is Pairing p ? Make(p) : null;
    }

    /// <summary>Gives a matchup back that will not be finished. Only for those of <see cref="NextMatchup()"/>.</summary>
    public void Release(long matchupId)
    {
        lock (_gate)
            _active.Remove(matchupId);
    }

    /// <summary>Counts a result at once and writes it with the next group. False if it was counted before.</summary>
    /// <exception cref="LeagueLogException">The group could not be written; the results stay in memory and are tried again with the next call.</exception>
    /// <exception cref="InvalidDataException">The result does not fit the league (unknown player, malformed id); it is not counted.</exception>
    public bool Report(MatchResult result)
    {
        lock (_gate)
        {
            bool counted = !_state.HasMatch(result.MatchId);
            if (counted)
            {
                MatchFinished e = MatchFinished.Of(result);
                _state.Apply(e);
                _log.Add(e);
                if (_active.TryGetValue(result.Matchup.Id, out (Matchup Matchup, int Left) a))
                {
                    if (a.Left <= 1)
                        _active.Remove(result.Matchup.Id);
                    else
                        _active[result.Matchup.Id] = (a.Matchup, a.Left - 1);
                }
            }
            _log.WriteIfDue(_state.Position);
            return counted;
        }
    }

    /// <summary>Writes waiting results if they have waited long enough. For the loop to call now and then.</summary>
    public void FlushIfDue()
    {
        lock (_gate)
            _log.WriteIfDue(_state.Position);
    }

    /// <summary>Writes all waiting results; they are durable on return.</summary>
    /// <exception cref="LeagueLogException">They could not be written; they stay in memory.</exception>
    public void Flush()
    {
        lock (_gate)
            _log.Write(_state.Position);
    }

    /// <summary>Whether the learner should leave a snapshot now.</summary>
    public bool ShouldSnapshot(long trainedSteps) => ShouldSnapshot(trainedSteps, out _);

    /// <param name="reason">Why, in words.</param>
    /// <inheritdoc cref="ShouldSnapshot(long)"/>
    public bool ShouldSnapshot(long trainedSteps, out string reason)
    {
        lock (_gate)
        {
            reason = _options.Snapshots.Due(_state, _options.Learner, trainedSteps, PfspMatchmaker.Pool(_state, _options.Matchmaking.MaxPool)) ?? "";
            return reason.Length > 0;
        }
    }

    /// <summary>Enters a snapshot into the pool. Its bundle must be durable on the disk before.</summary>
    /// <param name="version"><see cref="NextVersion"/> as it was when the bundle was written.</param>
    public PlayerId RecordSnapshot(int version, long trainedSteps, string bundle)
    {
        lock (_gate)
        {
            Member learner = _state.Find(_options.Learner)!;
            int next = learner.NextVersion;
            // Asked again, because the answer to the first time was lost.
            if (version == next - 1 && learner.Snapshots[^1].TrainedSteps == trainedSteps)
                return learner.Snapshots[^1].Player;
            if (version != next)
                throw new ArgumentException($"snapshot {version} of '{_options.Learner}' where {next} is next", nameof(version));
            Commit(new SnapshotTaken(_options.Learner, version, trainedSteps, bundle));
            return new PlayerId(_options.Learner, version);
        }
    }

    /// <summary>Ratings of everybody, best first.</summary>
    public RatingTable Ratings() => Locked(Rate);

    /// <summary>The payoff matrix's non-empty cells.</summary>
    public IReadOnlyList<PayoffCell> Payoff() => Locked(_state.Payoff);

    /// <summary>What counts now between two players, from the first one's point of view.</summary>
    public ScoreEstimate WinRate(PlayerId player, PlayerId opponent) => Locked(() => _state.Evidence(player, opponent).Estimate());

    /// <summary>The learner's rating over its snapshots, oldest first; <c>latest</c> is the last point.</summary>
    public IReadOnlyList<EloPoint> EloCurve()
    {
        lock (_gate)
        {
            RatingTable ratings = Rate();
            Member learner = _state.Find(_options.Learner)!;
            Rating latest = ratings[new PlayerId(learner.Id, PlayerId.Latest)]!;
            return [
                .. learner.Snapshots.Select(s => (Snapshot: s, Rating: ratings[s.Player]!))
                    .Select(x => new EloPoint(x.Snapshot.Player.Version, x.Snapshot.TrainedSteps, x.Rating.Elo, x.Rating.Error95)),
                new EloPoint(PlayerId.Latest, _state.TrainedSteps, latest.Elo, latest.Error95)];
        }
    }

    public LeagueStanding Standing()
    {
        lock (_gate)
        {
            RatingTable table = Rate();
            var latest = new PlayerId(_options.Learner, PlayerId.Latest);
            return new LeagueStanding(
                table.Ratings,
                [.. table.Ratings.Where(r => r.Player.Member.IsScripted).Select(r => new AnchorStanding(r.Player.Member, _state.Evidence(latest, r.Player).Estimate()))],
                EloCurve());
        }
    }

    /// <summary>Refuses a learner that another has taken over from.</summary>
    /// <exception cref="LeagueLogException">A later session has begun.</exception>
    public void RequireSession(int session)
    {
        if (session != Session)
            throw new LeagueLogException($"session {session} of '{Created.Name}' is over: session {Session} has begun since, and goes on with the run");
    }

    /// <summary>No matchup given from now on has a lower id: what a checkpoint remembers is newer than the log.</summary>
    public void ContinueMatchupsAt(long next)
    {
        lock (_gate)
            _nextMatchup = Math.Max(_nextMatchup, next);
    }

    private Matchup Issue(IReadOnlyCollection<Matchup> active, bool track)
    {
        var rng = new Rng(Seeds.Derive(Created.Seed, "matchmaking", (ulong)_nextMatchup));
        Matchup matchup = Make(_matchmaker.Next(_state, active, ref rng, _options.Matchmaking.MaxDistinctOpponents));
        if (track)
            _active.Add(matchup.Id, (matchup, matchup.Matches));
        return matchup;
    }

    private Matchup Make(Pairing p)
    {
        long id = _nextMatchup++;
        return new Matchup(id, p.Home, p.Away, p.Matches, Seeds.Derive(Created.Seed, "matchup", (ulong)id));
    }

    private RatingTable Rate()
    {
        if (_ratings is null || _ratedAt != _state.Position)
            (_ratings, _ratedAt) = (_options.Ratings.Rate(_state), _state.Position);
        return _ratings;
    }

    /// <summary>Written before it is folded, so that what failed to be written never happened.</summary>
    private void Commit(LeagueEvent e)
    {
        _log.Append(_state.Position, e);
        _state.Apply(e);
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
            return read();
    }
}
