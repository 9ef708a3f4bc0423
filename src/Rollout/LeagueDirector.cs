using SelfPlayArena.Core;
using SelfPlayArena.League;

namespace SelfPlayArena.Rollout;

/// <summary>
/// Asks the league who plays whom, hands its matchups out match by match with sides swapped each time, and reports results under ids of this
/// session. Each host works off its own matchup, so that it plays few distinct policies at a time.
/// </summary>
public sealed class LeagueDirector : IMatchDirector
{
    private readonly object _gate = new();
    private readonly IMatchups _league;
    private readonly SortedDictionary<int, HostBook> _books = [];
    private readonly bool _alike;
    private int _nextHost;

    /// <param name="hosts">Hosts that are there from the beginning, numbered from 0.</param>
    /// <param name="alike">All matches of a matchup begin alike, from one seed and with the same sides, for estimators that compare them.</param>
    public LeagueDirector(IMatchups league, int hosts, bool alike = false)
    {
        _alike = alike;
        _league = league;
        for (int h = 0; h < hosts; h++)
            Join();
    }

    /// <summary>Opens a book for one more host; returns its number.</summary>
    public int Join()
    {
        lock (_gate)
        {
            Join(_nextHost);
            return _nextHost - 1;
        }
    }

    /// <summary>Opens a book for a host that has a number already.</summary>
    /// <exception cref="ArgumentException">There is a host of that number.</exception>
    public void Join(int host)
    {
        lock (_gate)
        {
            _books.Add(host, new HostBook(_league.MatchIdsOf(host.ToString(System.Globalization.CultureInfo.InvariantCulture))));
            _nextHost = Math.Max(_nextHost, host + 1);
        }
    }

    /// <summary>Closes a host's book: what it was playing counts as played by nobody.</summary>
    public void Leave(int host)
    {
        lock (_gate)
            _books.Remove(host);
    }

    public Assignment? Next(int host)
    {
        lock (_gate)
        {
            HostBook book = _books[host];
            if (book.Current is null || book.Given >= book.Current.Matches)
            {
                book.Current = _league.NextMatchup([.. book.Running.Values.Select(r => r.Matchup)]);
                book.Given = 0;
            }
            Matchup matchup = book.Current;
            int number = book.Given++;
            if (book.Running.TryGetValue(matchup.Id, out (Matchup Matchup, int Left) running))
                book.Running[matchup.Id] = (matchup, running.Left + 1);
            else
                book.Running.Add(matchup.Id, (matchup, 1));
            string id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{matchup.Id}#{number}");
            int start = _alike ? 0 : number;
            return new Assignment(matchup, id, _alike ? (int)(matchup.Id % 2) : number % 2, Seeds.Derive(matchup.Seed, "match", (ulong)start));
        }
    }

    public void Ended(int host, Assignment assignment)
    {
        lock (_gate)
        {
            Dictionary<long, (Matchup Matchup, int Left)> running = _books[host].Running;
            if (!running.TryGetValue(assignment.Matchup.Id, out (Matchup Matchup, int Left) r))
                return;
            if (r.Left <= 1)
                running.Remove(assignment.Matchup.Id);
            else
                running[assignment.Matchup.Id] = (r.Matchup, r.Left - 1);
        }
    }

    public void Report(int host, MatchResult result)
    {
        MatchIds ids;
        lock (_gate)
            ids = _books[host].Ids;
        _league.Report(result with { MatchId = ids.Next() });
    }

    internal void Save(BinaryWriter writer)
    {
        foreach (HostBook book in _books.Values)
        {
            writer.Write(book.Current is not null);
            if (book.Current is not null)
                Slot.Write(writer, book.Current);
            writer.Write(book.Given);
            writer.Write(book.Running.Count);
            foreach ((Matchup matchup, int left) in book.Running.Values)
            {
                Slot.Write(writer, matchup);
                writer.Write(left);
            }
        }
    }

    internal void Load(BinaryReader reader)
    {
        foreach (HostBook book in _books.Values)
        {
            book.Current = reader.ReadBoolean() ? Slot.ReadMatchup(reader) : null;
            book.Given = reader.ReadInt32();
            book.Running.Clear();
            for (int n = reader.ReadInt32(); n > 0; n--)
            {
                Matchup matchup = Slot.ReadMatchup(reader);
                book.Running.Add(matchup.Id, (matchup, reader.ReadInt32()));
            }
        }
    }

    private sealed class HostBook(MatchIds ids)
    {
        public MatchIds Ids => ids;

        /// <summary>The matchup whose matches are being handed out.</summary>
        public Matchup? Current;

        /// <summary>Matches of it handed out.</summary>
        public int Given;

        /// <summary>By id: matchups of which matches are running, and how many.</summary>
        public readonly Dictionary<long, (Matchup Matchup, int Left)> Running = [];
    }
}
