using SelfPlayArena.Moba;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.Matches.Wire;

namespace SelfPlayArena.Server.Matches.Reels;

/// <summary>One client's watching of a replay: where it stands, how fast it goes, what is shown.</summary>
internal sealed class ReelSession : IConversation, ITicking
{
    /// <summary>Faster than that nobody reads minds, and evaluating them would keep matches waiting.</summary>
    private const double FastestMind = 2;

    private readonly Lock _gate = new();
    private readonly Reel _reel;
    private readonly MobaEnvironment _environment;
    private readonly Broadcast _broadcast;
    private readonly Frames _frames = new();
    private readonly IPlayerSource _players;
    private ReelMind? _mind;
    private readonly List<MatchEvent> _events = [];
    private WorldState _before;
    private int _decision, _within;
    private double _speed = 1, _due;
    private bool _paused, _left, _ended, _asked;

    /// <param name="players">Where policies are found whose minds are asked for.</param>
    public ReelSession(Reel reel, int view, IPlayerSource players)
    {
        _reel = reel;
        _players = players;
        _environment = new MobaEnvironment(reel.Options, 1);
        _broadcast = new Broadcast(_environment.World, new UnitNumbers(0));
        _broadcast.Curves(reel.GoldLead, reel.XpLead);
        Watcher = new Watcher(view);
        Seek(0);
        Watcher.Outbox.TryPut(Hello());
        Watcher.Outbox.TryPut(Chronicle());
        _broadcast.Add(Watcher);
    }

    public Watcher Watcher { get; }

    public bool Tick()
    {
        lock (_gate)
        {
            if (_left)
                return false;
            if (!_paused && !_ended)
                _due += _speed;
            int ticks = (int)_due;
            _due -= ticks;
            _events.Clear();
            for (int i = 0; i < ticks && Step(); i++)
            {
            }
            if (ticks > 0 || Watcher.NeedsFull || _asked)
                Show();
            _asked = false;
            if (!_ended && _environment.State(0).Finished != 0)
                End();
            return true;
        }
    }

    public void Fail(Exception why) => Watcher.Dismiss("this replay cannot be shown any further; it is the server's fault");

    public void Receive(in ClientFrame frame)
    {
        // A policy is read from disk, for which no tick should wait.
        ReelMind? mind = frame.Ask == ClientAsk.Select && (uint)frame.Number < UnitIndex.Heroes ? ReelMind.Of(_reel, frame.Number, _players) : null;
        lock (_gate)
        {
            switch (frame.Ask)
            {
                case ClientAsk.Time:
                    _broadcast.Pong(Watcher, frame.Value);
                    break;
                case ClientAsk.Select:
                    Watcher.Selected = (uint)frame.Number < UnitIndex.Heroes ? frame.Number : -1;
                    _mind = mind;
                    _asked = true;
                    break;
                case ClientAsk.View:
                    Watcher.View = frame.Number;
                    Watcher.Own = null;
                    Watcher.NeedsFull = true;
                    Watcher.Outbox.TryPut(Hello());
                    break;
                case ClientAsk.Seek:
                    Seek(frame.Number);
                    Tell();
                    break;
                case ClientAsk.Speed:
                    _speed = frame.Value;
                    Tell();
                    break;
                case ClientAsk.Pause:
                    _paused = frame.First;
                    Tell();
                    break;
                default:
                    _broadcast.Ack(Watcher, frame.Sequence, "this is a replay: it is watched, not played");
                    break;
            }
        }
    }

    public void Leave()
    {
        lock (_gate)
            _left = true;
    }

    private void Seek(int tick)
    {
        tick = Math.Clamp(tick, 0, _reel.Ticks);
        _decision = _reel.Leap(_environment, tick);
        _within = 0;
        _before = _environment.State(0);
        _broadcast.Learn(in _before);
        _mind?.Leap();
        while (_environment.State(0).Tick < tick && Step())
        {
        }
        _events.Clear();
        _due = 0;
        _ended = false;
        Watcher.NeedsFull = true;
    }

    /// <summary>Plays one tick; false at the end.</summary>
    private bool Step()
    {
        ref WorldState s = ref _environment.State(0);
        if (s.Finished != 0 || _decision >= _reel.Replay.Decisions)
            return false;
        if (_within == 0)
        {
            if (_mind is not null && _speed <= FastestMind && s.Tick % _environment.World.Rules.DecisionTicks == 0)
                TellMind(_mind);
            _environment.GiveOrders(0, _reel.Replay.Actions(_decision));
        }
        _environment.World.Tick(ref s);
        _environment.StateChanged(0);
        if (++_within == _reel.TicksPerDecision)
            (_within, _decision) = (0, _decision + 1);
        MatchEvents.Compare(in _before, in s, _events, every: _speed <= 4);
        _before = s;
        return true;
    }

    private void TellMind(ReelMind mind)
    {
        Span<short> chosen = stackalloc short[OrderActions.Heads];
        chosen.Fill(-1);
        int per = _reel.Options.HeroesPerTeam;
        // Orders of a match with people are no choices of heads.
        if (_reel.Options.Control == MobaOptions.Heads)
            _reel.Replay.Actions(_decision).Slice((Watcher.Selected / UnitIndex.HeroesPerTeam * per + Watcher.Selected % UnitIndex.HeroesPerTeam) * OrderActions.Heads, OrderActions.Heads).CopyTo(chosen);
        _broadcast.Send(Watcher, "mind", mind.Decide(_environment, chosen));
    }

    private void Show()
    {
        _broadcast.Take(in _environment.State(0), _paused, _events, []);
        _events.Clear();
    }

    private void End()
    {
        _ended = true;
        (string, object?)[] told = [("winner", _reel.Replay.Header.Outcome.Winner), ("reason", _reel.Replay.Header.Outcome.Reason), ("ticks", _reel.Ticks), ("scoreboard", null), ("replay", _reel.Id)];
        _broadcast.Send(Watcher, "end", told);
    }

    private void Tell()
    {
        int tick = _environment.State(0).Tick;
        Watcher.Outbox.TryPut(_frames.Write("position", 3, (ref w) =>
        {
            w.Write(tick);
            w.Write(_speed);
            w.Write(_paused);
        }));
    }

    private byte[] Hello()
    {
        int per = _reel.Options.HeroesPerTeam;
        ref WorldState s = ref _environment.State(0);
        var seats = new List<(string, object?)[]>();
        for (int a = 0; a < 2 * per; a++)
        {
            int unit = UnitIndex.Hero(a / per, a % per);
            seats.Add([("unit", unit), ("team", a / per), ("slot", a % per), ("hero", HeroAt(in s, unit)), ("player", _reel.Replay.Header.Players[a]), ("bot", true)]);
        }
        (string, object?)[] content =
        [
            ("protocol", AboutRoutes.Protocol), ("match", _reel.Id), ("mode", _reel.Options.Mode), ("rules", _reel.Options.Rules), ("stage", "playing"), ("tickRate", RulesDefinition.TicksPerSecond),
            ("decisionTicks", _environment.World.Rules.DecisionTicks), ("view", Watcher.View < 0 ? "all" : Watcher.View), ("seat", null), ("host", false), ("late", 0), ("seats", seats),
            ("schema", HelloFrame.Schema), ("replay", ((string, object?)[])[("ticks", _reel.Ticks)]),
        ];
        return _frames.Write("hello", 1, (ref w) => Plain.Write(ref w, content));
    }

    private byte[] Chronicle()
    {
        var sight = new SightOf(_environment.World, SightOf.Everything);
        var events = new List<(string, object?)[]>();
        foreach ((int tick, MatchEvent e) in _reel.Events)
        {
            if (EventFrames.Told(in e, in _environment.State(0), sight, _broadcast.Numbers) is { } told)
                events.Add([("tick", tick), .. told]);
        }
        return _frames.Write("chronicle", 1, (ref w) => Plain.Write(ref w, events));
    }

    private static unsafe int HeroAt(in WorldState s, int unit) => s.Kind[unit];
}
