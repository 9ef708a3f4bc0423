using System.Globalization;
using System.Text;
using SelfPlayArena.Core;

namespace SelfPlayArena.League;

/// <summary>A frozen version in the pool.</summary>
public sealed record Snapshot(PlayerId Player, long TrainedSteps, string Bundle);

/// <summary>A member and the versions it left behind, oldest first.</summary>
public sealed class Member(MemberId id, MemberRole role)
{
    private readonly List<Snapshot> _snapshots = [];

    public MemberId Id { get; } = id;

    public MemberRole Role { get; } = role;

    public IReadOnlyList<Snapshot> Snapshots => _snapshots;

    /// <summary>Version that its next snapshot gets.</summary>
    public int NextVersion => _snapshots.Count + 1;

    internal void Add(Snapshot s) => _snapshots.Add(s);
}

/// <summary>
/// What the log says, and nothing else: the fold of <see cref="LeagueEvent"/>s. Its size grows with members and snapshots, not with matches.
/// Not thread-safe.
/// </summary>
public sealed class LeagueState
{
    /// <summary>Weighed matches below which evidence is not worth a cell of its own.</summary>
    private const double LeastShare = 0.1;

    private readonly List<Member> _members = [];
    private readonly Dictionary<(PlayerId Home, PlayerId Away), Pair> _payoff = [];
    private readonly Dictionary<string, SeenNumbers> _seen = new(StringComparer.Ordinal);

    /// <summary>The log's first event, or null before it.</summary>
    public LeagueCreated? Created { get; private set; }

    /// <summary>Events folded, repeated ones included: the log position of the next one.</summary>
    public long Position { get; private set; }

    public IReadOnlyList<Member> Members => _members;

    /// <summary>Sessions started so far.</summary>
    public int Session { get; private set; }

    /// <summary>Whether the last session ended in order.</summary>
    public bool Stopped { get; private set; } = true;

    /// <summary>When the last session started or stopped.</summary>
    public DateTimeOffset? LastSeen { get; private set; }

    /// <summary>Highest count of trained hero-steps in any event.</summary>
    public long TrainedSteps { get; private set; }

    /// <summary>Matches counted, self-play included.</summary>
    public long Matches { get; private set; }

    /// <summary>Matches of a player against itself.</summary>
    public long SelfPlayMatches { get; private set; }

    /// <summary>Highest matchup id that any result named, -1 before.</summary>
    public long HighestMatchup { get; private set; } = -1;

    public static LeagueState Fold(IEnumerable<LeagueEvent> events)
    {
        var state = new LeagueState();
        foreach (LeagueEvent e in events)
            state.Apply(e);
        return state;
    }

    /// <summary>Folds one event. False if it was a repetition and changed nothing but <see cref="Position"/>.</summary>
    /// <exception cref="InvalidDataException">It contradicts what came before; the state is unchanged.</exception>
    public bool Apply(LeagueEvent e)
    {
        if (Created is null && e is not LeagueCreated)
            throw Contradiction("a league's first event must be its creation");
        bool changed = e switch
        {
            LeagueCreated c => Create(c),
            MemberAdded m => Add(m),
            SnapshotTaken s => Take(s),
            MatchFinished m => Finish(m),
            RunStarted s => Start(s),
            RunStopped s => Stop(s),
            _ => throw Contradiction($"events of type {e.GetType().Name} cannot be folded"),
        };
        Position++;
        return changed;
    }

    public Member? Find(MemberId id) => _members.Find(m => m.Id == id);

    /// <summary>Whether a player can be in a match: a known scripted member, a learner's latest, or one of its snapshots.</summary>
    public bool Knows(PlayerId player) => Find(player.Member) is Member m
        && (m.Role == MemberRole.Scripted ? player.Version == 0 : player.IsLatest || (player.Version > 0 && player.Version < m.NextVersion));

    /// <summary>Whether a match id was counted.</summary>
    public bool HasMatch(string matchId) =>
        MatchIds.TryParse(matchId, out ReadOnlySpan<char> stream, out long number)
        && _seen.TryGetValue(stream.ToString(), out SeenNumbers? seen) && seen.Contains(number);

    /// <summary>What counts now between two players, from the first one's point of view, whoever was at home.</summary>
    public Tally Evidence(PlayerId player, PlayerId opponent)
    {
        Tally sum = default;
        if (_payoff.TryGetValue((player, opponent), out Pair? home))
            sum += home.Evidence;
        if (player != opponent && _payoff.TryGetValue((opponent, player), out Pair? away))
            sum += away.Evidence.Reversed;
        return sum;
    }

    /// <summary>The payoff matrix's non-empty cells, in a fixed order.</summary>
    public IReadOnlyList<PayoffCell> Payoff() => [.. Cells()
        .OrderBy(c => c.Home.ToString(), StringComparer.Ordinal).ThenBy(c => c.Away.ToString(), StringComparer.Ordinal)];

    /// <summary>The same cells in the order in which the pairs first met.</summary>
    internal IEnumerable<PayoffCell> Cells() =>
        _payoff.Select(p => new PayoffCell(p.Key.Home, p.Key.Away, p.Value.Played, p.Value.Evidence));

    /// <summary>Everything in the state as text, the same for equal states.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        void Line(FormattableString s) => text.AppendLine(s.ToString(CultureInfo.InvariantCulture));
        Line($"created {Created}");
        Line($"position {Position} session {Session} stopped {Stopped} seen {LastSeen:O} steps {TrainedSteps}");
        Line($"matches {Matches} self-play {SelfPlayMatches} matchup {HighestMatchup}");
        foreach (Member m in _members)
        {
            Line($"member {m.Id} {m.Role}");
            foreach (Snapshot s in m.Snapshots)
                Line($"  snapshot {s.Player} {s.TrainedSteps} {s.Bundle}");
        }
        foreach (PayoffCell c in Payoff())
            Line($"{c.Home} {c.Away}: {Numbers(c.Played)} | {Numbers(c.Evidence)}");
        foreach ((string stream, SeenNumbers seen) in _seen.OrderBy(s => s.Key, StringComparer.Ordinal))
            Line($"ids {stream} {seen.Floor} {string.Join(',', seen.Ahead)}");
        return text.ToString();
    }

    private static string Numbers(Tally t) => string.Create(CultureInfo.InvariantCulture, $"{t.Wins:R} {t.Draws:R} {t.Losses:R}");

    private bool Create(LeagueCreated c)
    {
        if (Created is not null)
            return Created == c ? false : throw Contradiction($"league '{Created.Name}' was created before; it cannot become '{c.Name}' with other settings");
        c.Fold.Validate();
        Created = c;
        return true;
    }

    private bool Add(MemberAdded m)
    {
        if (m.Member.IsScripted != (m.Role == MemberRole.Scripted))
            throw Contradiction($"member '{m.Member}' cannot have the role {m.Role}: scripted members, and only they, begin with '{MemberId.ScriptedPrefix}'");
        if (Find(m.Member) is Member known)
            return known.Role == m.Role ? false : throw Contradiction($"member '{m.Member}' is {known.Role}; it cannot become {m.Role}");
        _members.Add(new Member(m.Member, m.Role));
        return true;
    }

    private bool Take(SnapshotTaken s)
    {
        Member member = Find(s.Member) ?? throw Contradiction($"member '{s.Member}' is unknown");
        if (member.Role == MemberRole.Scripted)
            throw Contradiction($"scripted member '{s.Member}' has no snapshots");
        if (s.Version > 0 && s.Version < member.NextVersion)
            return false;
        if (s.Version != member.NextVersion)
            throw Contradiction($"snapshot {s.Version} of '{s.Member}' where {member.NextVersion} was expected");
        var player = new PlayerId(s.Member, s.Version);
        member.Add(new Snapshot(player, s.TrainedSteps, s.Bundle));
        TrainedSteps = Math.Max(TrainedSteps, s.TrainedSteps);
        ShareEvidence(new PlayerId(s.Member, PlayerId.Latest), player);
        return true;
    }

    private bool Finish(MatchFinished m)
    {
        if (!MatchIds.TryParse(m.Match, out ReadOnlySpan<char> streamName, out long number))
            throw Contradiction($"match id '{m.Match}' is not of the form 'stream/number'");
        string stream = streamName.ToString();
        if (!Knows(m.Home) || !Knows(m.Away))
            throw Contradiction($"match '{m.Match}' is between {m.Home} and {m.Away}; {(Knows(m.Home) ? m.Away : m.Home)} is not in the league");
        if (!_seen.TryGetValue(stream, out SeenNumbers? seen))
            _seen.Add(stream, seen = new SeenNumbers());
        if (!seen.Add(number))
            return false;
        Matches++;
        HighestMatchup = Math.Max(HighestMatchup, m.Matchup);
        if (m.Home == m.Away)
            SelfPlayMatches++;
        Tally result = Tally.Of(m.Winner < 0 ? 0.5 : m.Winner == m.HomeSide ? 1 : 0);
        Pair pair = PairOf(m.Home, m.Away);
        pair.Played += result;
        pair.Evidence = (m.Home.IsLatest || m.Away.IsLatest ? Created!.Fold.RecentDecay : 1) * pair.Evidence + result;
        return true;
    }

    private bool Start(RunStarted s)
    {
        if (s.Session <= Session)
            return false;
        (Session, Stopped, LastSeen) = (s.Session, false, s.At);
        TrainedSteps = Math.Max(TrainedSteps, s.TrainedSteps);
        return true;
    }

    private bool Stop(RunStopped s)
    {
        if (s.Session != Session || Stopped)
            return false;
        (Stopped, LastSeen) = (true, s.At);
        TrainedSteps = Math.Max(TrainedSteps, s.TrainedSteps);
        return true;
    }

    /// <summary>
    /// A new snapshot is what the learner is at this moment, so part of the learner's recent record is its record. Crumbs stay where they are:
    /// moved, they would fill the matrix with one cell for every pair of versions.
    /// </summary>
    private void ShareEvidence(PlayerId latest, PlayerId snapshot)
    {
        double share = Created!.Fold.SnapshotShare;
        foreach ((PlayerId home, PlayerId away) in _payoff.Keys.Where(k => (k.Home == latest) != (k.Away == latest)).ToArray())
        {
            Pair from = _payoff[(home, away)];
            if (share * from.Evidence.Matches < LeastShare)
                continue;
            PairOf(home == latest ? snapshot : home, away == latest ? snapshot : away).Evidence += share * from.Evidence;
            from.Evidence = (1 - share) * from.Evidence;
        }
    }

    private Pair PairOf(PlayerId home, PlayerId away)
    {
        if (!_payoff.TryGetValue((home, away), out Pair? pair))
            _payoff.Add((home, away), pair = new Pair());
        return pair;
    }

    private static InvalidDataException Contradiction(string message) => new($"the league's log contradicts itself: {message}");

    private sealed class Pair
    {
        public Tally Played;
        public Tally Evidence;
    }
}
