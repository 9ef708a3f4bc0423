using SelfPlayArena.Moba;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Matches.Wire;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>Those who watch and play: coming, asking, leaving.</summary>
internal sealed partial class LiveMatch
{
    /// <summary>Pings of one seat that are let through in a second.</summary>
    private const int PingEvery = RulesDefinition.TicksPerSecond / 2;

    private readonly Dictionary<Seat, int> _lastPing = [];

    /// <summary>Lets somebody in.</summary>
    /// <param name="token">Of a seat or the host; null for a spectator.</param>
    /// <exception cref="Refusal">The token is not of this match, or spectators are not let in.</exception>
    public Watcher Attach(string? token, int view)
    {
        lock (_gate)
        {
            if (_closed)
                throw Over();
            Seat? seat = SeatOf(token);
            bool host = IsHost(token);
            if (token is not null && seat is null && !host)
                throw Refusal.Forbidden($"This token is not of match {Id}, or no longer.");
            if (seat is null && Spectators == NoView && Array.Exists(_seats, s => s.ForPerson))
                throw Refusal.Forbidden($"Match {Id} is not shown to spectators.");
            var watcher = new Watcher(seat?.Team ?? view) { Seat = seat, Host = host };
            if (seat is not null)
                Come(seat);
            if (_environment is null)
            {
                _waiting.Add(watcher);
                watcher.Outbox.TryPut(Hello(watcher));
                watcher.Outbox.TryPut(LobbyFrame());
                if (Stage == Stage.Draft)
                    watcher.Outbox.TryPut(DraftFrame());
            }
            else
            {
                Show(watcher);
            }
            return watcher;
        }
    }

    public void Detach(Watcher watcher)
    {
        lock (_gate)
        {
            _waiting.Remove(watcher);
            _broadcast?.Remove(watcher);
            _late?.Broadcast.Remove(watcher);
            _lobbyChanged = true;
            if (watcher.Seat is not { } seat || --seat.Connections > 0)
                return;
            if (Stage != Stage.Playing)
                return;
            // Whoever vanishes is replaced at once, and has the seat back on return.
            seat.Change(_environment!.Spec, NextSeed());
            _news.Add((-1, SeatNews(seat)));
        }
    }

    /// <summary>Does what a client asks, as far as it may.</summary>
    public void Receive(Watcher from, in ClientFrame frame)
    {
        lock (_gate)
        {
            switch (frame.Ask)
            {
                case ClientAsk.Time:
                    if (BroadcastOf(from) is { } clocked)
                        clocked.Pong(from, frame.Value);
                    else
                        from.Outbox.TryPut(_frames.Pong(frame.Value, 0));
                    break;
                case ClientAsk.Order or ClientAsk.Buy or ClientAsk.Sell or ClientAsk.Learn or ClientAsk.Auto:
                    Answer(from, frame.Sequence, Play(from.Seat, in frame));
                    break;
                case ClientAsk.Pick or ClientAsk.Ban:
                    Answer(from, frame.Sequence, Pick(from.Seat, frame.Ask == ClientAsk.Ban, frame.Number));
                    break;
                case ClientAsk.Ping:
                    Ping(from.Seat, in frame);
                    break;
                case ClientAsk.Select:
                    Select(from, frame.Number);
                    break;
                case ClientAsk.View:
                    Turn(from, frame.Number);
                    break;
                case ClientAsk.Pause:
                    Pause(from, frame.First);
                    break;
            }
        }
    }

    private string? Play(Seat? seat, in ClientFrame frame)
    {
        if (seat is null)
            return "whoever has no seat gives no orders";
        if (frame.Ask == ClientAsk.Auto)
        {
            // In the lobby and the draft too: a page that is slow to show the match would find its gold spent.
            seat.ByHand = (short)((frame.First ? 0 : OrderActions.OwnShop) | (frame.Second ? 0 : OrderActions.OwnSkills));
            return null;
        }
        if (Stage != Stage.Playing || seat.Hand is not { } hand)
            return "the match is not under way";
        if (_paused)
            return "the match is paused";
        ref WorldState s = ref _environment!.State(0);
        switch (frame.Ask)
        {
            case ClientAsk.Order:
                return hand.Take(in s, frame.Verb, Numbers.Unit(frame.Number), frame.X, frame.Y);
            case ClientAsk.Buy:
                return hand.Take(in s, new Order(Verb.Buy, frame.Number));
            case ClientAsk.Learn:
                return hand.Take(in s, new Order(Verb.Learn, frame.Number));
            default:
                return "the rules know no selling";
        }
    }

    private void Ping(Seat? seat, in ClientFrame frame)
    {
        if (seat is null || Stage != Stage.Playing)
            return;
        int tick = _environment!.State(0).Tick;
        if (_lastPing.TryGetValue(seat, out int last) && tick - last < PingEvery)
            return;
        _lastPing[seat] = tick;
        _news.Add((seat.Team, [("kind", "ping"), ("team", seat.Team), ("unit", seat.Unit), ("x", frame.X), ("y", frame.Y), ("type", frame.Number)]));
    }

    private static void Select(Watcher from, int number)
    {
        if (from.Seat is null)
            from.Selected = (uint)number < UnitIndex.Heroes ? number : -1;
    }

    private void Turn(Watcher from, int view)
    {
        if (from.Seat is not null || BroadcastOf(from) is null)
            return;
        from.View = view;
        from.Own = null;
        from.NeedsFull = true;
        from.Outbox.TryPut(Hello(from));
    }

    /// <summary>Who plays alone against bots may hold the match. Any player may go on: another may have come meanwhile.</summary>
    private void Pause(Watcher from, bool pause)
    {
        if (from.Seat is null || Stage != Stage.Playing || pause == _paused || (pause && _seats.Count(s => s.ForPerson && s.Token is not null) != 1))
            return;
        _paused = pause;
        _broadcast!.Take(in _environment!.State(0), _paused, [], []);
    }

    private void Come(Seat seat)
    {
        seat.Connections++;
        _lobbyChanged = true;
        if (seat.Connections > 1 || Stage != Stage.Playing)
            return;
        seat.Change(_environment!.Spec, NextSeed());
        _news.Add((-1, SeatNews(seat)));
    }

    /// <summary>Adds a watcher to the show that it may see.</summary>
    private void Show(Watcher watcher)
    {
        bool late = watcher.Seat is null && Spectators != LiveView && Array.Exists(_seats, s => s.ForPerson);
        watcher.NeedsFull = true;
        watcher.Outbox.TryPut(Hello(watcher));
        if (late)
            Late().Broadcast.Add(watcher);
        else
            _broadcast!.Add(watcher);
    }

    private LateShow Late()
    {
        if (_late is null)
        {
            _late = new LateShow(Options, Seed, _tape!, _around.LateTicks, Numbers);
            if (_end is not null)
                _late.Ends(_end);
        }
        return _late;
    }

    private void TickLate() => _late?.Tick(Stage == Stage.Over ? _sinceEnd : 0);

    private Broadcast? BroadcastOf(Watcher watcher)
        => _broadcast is null ? null : _late is not null && _late.Watchers.Contains(watcher) ? _late.Broadcast : _broadcast;

    private void Answer(Watcher to, long sequence, string? refused) => to.Outbox.TryPut(_frames.Ack(sequence, refused));

    private static (string, object?)[] SeatNews(Seat seat)
        => [("kind", "seat"), ("team", seat.Team), ("slot", seat.Slot), ("unit", seat.Unit), ("player", seat.PlayerName), ("bot", !seat.IsPlayed)];

    private byte[] Hello(Watcher watcher)
    {
        List<(string, object?)[]> seats = [.. _seats.Select(s => ((string, object?)[])
        [
            ("unit", s.Unit), ("team", s.Team), ("slot", s.Slot), ("hero", _environment is null ? -1 : HeroAt(in _environment.State(0), s.Unit)), ("player", s.PlayerName), ("bot", !s.ForPerson || s.Token is null),
        ])];
        bool late = watcher.Seat is null && Spectators == LateView && Array.Exists(_seats, s => s.ForPerson);
        (string, object?)[] content =
        [
            ("protocol", AboutRoutes.Protocol), ("match", Id), ("mode", Options.Mode), ("rules", Options.Rules), ("stage", StageName), ("tickRate", RulesDefinition.TicksPerSecond),
            ("decisionTicks", World.Rules.DecisionTicks), ("view", watcher.View < 0 ? "all" : watcher.View),
            ("seat", watcher.Seat is null ? null : ((string, object?)[])[("team", watcher.Seat.Team), ("slot", watcher.Seat.Slot), ("unit", watcher.Seat.Unit)]),
            ("host", watcher.Host), ("late", late ? _around.LateTicks : 0), ("seats", seats), ("schema", HelloFrame.Schema), ("replay", null),
        ];
        return _frames.Write("hello", 1, (ref w) => Plain.Write(ref w, content));
    }

    private static unsafe int HeroAt(in WorldState s, int unit) => s.Kind[unit];

    private byte[] LobbyFrame()
    {
        List<(string, object?)[]> seats = [.. _seats.Select(s => s.View()).Select(s => ((string, object?)[])
        [
            ("team", s.Team), ("slot", s.Slot), ("kind", s.Kind), ("name", s.Name), ("hero", s.Hero), ("difficulty", s.Difficulty), ("player", s.Player), ("connected", s.Connected),
            ("plays", s.Plays), ("elo", s.Elo), ("eloError", s.EloError),
        ])];
        (string, object?)[] content =
        [
            ("mode", Options.Mode), ("rules", Options.Rules), ("draft", Draft), ("bans", Bans), ("seats", seats), ("spectators", _waiting.Count(w => w.Seat is null)),
            ("host", Host is { } host ? ((string, object?)[])[("team", host.Team), ("slot", host.Slot)] : null),
        ];
        return _frames.Write("lobby", 1, (ref w) => Plain.Write(ref w, content));
    }
}
