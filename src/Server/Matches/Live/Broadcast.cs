using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Wire;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>
/// Tells all who watch a match what they may know of it, after every tick: what a view sees is written once and sent to all who share the view.
/// Guarded by its owner's lock.
/// </summary>
internal sealed unsafe class Broadcast
{
    private const int Views = 3;

    /// <summary>Ticks that somebody may be behind, and how often, before it is let go.</summary>
    private const int MostTicksBehind = 15 * RulesDefinition.TicksPerSecond;
    private const int MostFalls = 6;

    private readonly MobaWorld _world;
    private readonly UnitNumbers _numbers;
    private readonly MatchTables[] _tables = new MatchTables[Views];
    private readonly bool[] _current = new bool[Views];
    private readonly byte[]?[] _delta = new byte[]?[Views], _full = new byte[]?[Views], _events = new byte[]?[Views];
    private readonly List<Watcher> _watchers = [];
    private readonly Frames _frames = new();
    private readonly List<int> _gold = [], _xp = [];
    private readonly List<(string, object?)[]> _told = [];
    private byte[]? _end;
    private int _tick;

    public Broadcast(MobaWorld world, UnitNumbers numbers)
    {
        _world = world;
        _numbers = numbers;
        for (int v = 0; v < Views; v++)
            _tables[v] = new MatchTables(world, new SightOf(world, v - 1), numbers);
    }

    public UnitNumbers Numbers => _numbers;

    public IReadOnlyList<Watcher> Watchers => _watchers;

    /// <summary>Which hero a person sent where, by hero; null for those that nobody sends.</summary>
    public Func<int, (Verb Verb, int Target, float X, float Y)?>? Goals { get; set; }

    /// <summary>Frames put into outboxes, and their bytes.</summary>
    public long SentFrames { get; private set; }

    public long SentBytes { get; private set; }

    public void Add(Watcher watcher) => _watchers.Add(watcher);

    public void Remove(Watcher watcher) => _watchers.Remove(watcher);

    /// <summary>Takes in the state after a tick, and what happened in it, and tells everybody.</summary>
    /// <param name="news">Events besides those of the state, each for a team, -1 for all.</param>
    public void Take(in WorldState s, bool paused, IReadOnlyList<MatchEvent> events, IReadOnlyList<(int Team, (string, object?)[] Event)> news)
    {
        _tick = s.Tick;
        if (s.Tick % RulesDefinition.TicksPerSecond == 0)
            Note(in s);
        Array.Clear(_current);
        Array.Clear(_full);
        Array.Clear(_delta);
        Array.Clear(_events);
        for (int i = _watchers.Count - 1; i >= 0; i--)
            Tell(_watchers[i], in s, paused, events, news);
        // Those of whom nobody asks still have to know what a team saw last.
        for (int v = 0; v < Views; v++)
        {
            if (!_current[v])
                _tables[v].Remember(in s);
        }
    }

    /// <summary>Lets both teams know of all heroes as they are: after a leap nobody can say what was seen last.</summary>
    public void Learn(in WorldState s)
    {
        foreach (MatchTables tables in _tables)
            tables.Learn(in s);
    }

    /// <summary>Team 0's lead in gold by second so far.</summary>
    public IReadOnlyList<int> GoldLead => [.. _gold];

    public IReadOnlyList<int> XpLead => [.. _xp];

    /// <summary>Where gold and experience stood at every second so far; for matches that are gone on with or leapt about in.</summary>
    public void Curves(IEnumerable<int> gold, IEnumerable<int> xp)
    {
        _gold.Clear();
        _gold.AddRange(gold);
        _xp.Clear();
        _xp.AddRange(xp);
    }

    /// <summary>Sends a frame to one client; false if it cannot take it.</summary>
    public bool Send(Watcher to, byte[] frame)
    {
        if (!to.Outbox.TryPut(frame))
            return false;
        SentFrames++;
        SentBytes += frame.Length;
        return true;
    }

    public void Send(Watcher to, string name, object? content) => Send(to, _frames.Write(name, 1, (ref w) => Plain.Write(ref w, content)));

    /// <summary>The match is over: everybody who is up to date is told so, the others once they have been shown the last state.</summary>
    public void Ends(object? content)
    {
        _end = _frames.Write("end", 1, (ref w) => Plain.Write(ref w, content));
        foreach (Watcher watcher in _watchers)
        {
            if (!watcher.NeedsFull && !watcher.Behind)
                TellEnd(watcher);
        }
    }

    /// <summary>Whether somebody has not been shown the present state, or not been told the end.</summary>
    public bool IsOwed => _watchers.Exists(w => w.LetGo is null && (w.NeedsFull || w.Behind || (_end is not null && !w.KnowsEnd)));

    public void Ack(Watcher to, long sequence, string? refused) => Send(to, _frames.Ack(sequence, refused));

    public void Pong(Watcher to, double sent) => Send(to, _frames.Pong(sent, _tick));

    private void Tell(Watcher w, in WorldState s, bool paused, IReadOnlyList<MatchEvent> events, IReadOnlyList<(int Team, (string, object?)[] Event)> news)
    {
        if (w.LetGo is not null)
            return;
        int v = w.View + 1;
        if (!_current[v])
        {
            _tables[v].Take(in s, paused);
            _current[v] = true;
        }
        if (w.Behind && !CaughtUp(w))
            return;
        bool full = w.NeedsFull;
        byte[] tables = full ? _full[v] ??= _frames.Full(s.Tick, _tables[v].All) : _delta[v] ??= _frames.Delta(s.Tick, _tables[v].All);
        if (!Send(w, tables))
        {
            FallBehind(w);
            return;
        }
        w.NeedsFull = false;
        Own(w, in s, full);
        byte[] told = _events[v] ??= Events(in s, w.View, events, news);
        if (told.Length > 0)
            Send(w, told);
        if (w.View < 0)
            Curves(w);
        TellEnd(w);
    }

    private void TellEnd(Watcher w)
    {
        if (_end is not null && !w.KnowsEnd)
            w.KnowsEnd = Send(w, _end);
    }

    private static bool CaughtUp(Watcher w)
    {
        if (w.Outbox.Waiting > Outbox.Most / 4)
        {
            if (++w.TicksBehind > MostTicksBehind)
                w.Dismiss("the connection is too slow for the match", mayReturn: true);
            return false;
        }
        w.Behind = false;
        w.TicksBehind = 0;
        w.NeedsFull = true;
        return true;
    }

    private static void FallBehind(Watcher w)
    {
        w.Behind = true;
        if (++w.Falls > MostFalls)
            w.Dismiss("the connection is too slow for the match", mayReturn: true);
    }

    private void Own(Watcher w, in WorldState s, bool full)
    {
        int hero = w.Seat?.Unit ?? w.Selected;
        if (hero < 0 && w.Own is null)
            return;
        w.Own ??= new OwnTable(_world, new SightOf(_world, w.View), _numbers);
        if (full)
            w.Own.Table.Forget();
        w.Own.Take(in s, hero, hero >= 0 ? Goals?.Invoke(hero) : null);
        // What was compared is taken for sent; what could not be is told with everything else later.
        if (w.Own.Table.Changed && !Send(w, _frames.Delta(s.Tick, [w.Own.Table])))
            FallBehind(w);
    }

    private byte[] Events(in WorldState s, int view, IReadOnlyList<MatchEvent> events, IReadOnlyList<(int Team, (string, object?)[] Event)> news)
    {
        _told.Clear();
        var sight = new SightOf(_world, view);
        foreach (MatchEvent e in events)
        {
            if (EventFrames.Told(in e, in s, sight, _numbers) is { } told)
                _told.Add(told);
        }
        foreach ((int team, (string, object?)[] told) in news)
        {
            if (team < 0 || view < 0 || team == view)
                _told.Add(told);
        }
        if (_told.Count == 0)
            return [];
        int tick = s.Tick;
        return _frames.Write("events", 2, (ref w) =>
        {
            w.Write(tick);
            Plain.Write(ref w, _told);
        });
    }

    private void Note(in WorldState s)
    {
        (int gold, int xp) = Lead(in s);
        // A match that is gone on with has its earlier seconds already.
        int second = s.Tick / RulesDefinition.TicksPerSecond;
        if (second < _gold.Count)
            return;
        _gold.Add(gold);
        _xp.Add(xp);
    }

    /// <summary>Team 0's lead in gold and experience earned.</summary>
    public static (int Gold, int Xp) Lead(in WorldState s)
    {
        int gold = 0, xp = 0;
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            int sign = h < UnitIndex.HeroesPerTeam ? 1 : -1;
            gold += sign * s.GoldEarned[h];
            xp += sign * s.XpEarned[h];
        }
        return (gold, xp);
    }

    private void Curves(Watcher w)
    {
        if (w.Curves >= _gold.Count)
            return;
        int from = w.Curves;
        if (Send(w, _frames.Write("curves", 1, (ref f) => Plain.Write(ref f, ((string, object?)[])[("from", from), ("gold", _gold.Skip(from)), ("xp", _xp.Skip(from))]))))
            w.Curves = _gold.Count;
    }
}
