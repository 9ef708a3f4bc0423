using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Wire;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>How far a live match is.</summary>
internal enum Stage : byte
{
    Lobby,
    Draft,
    Playing,
    Over,
}

/// <summary>
/// One live match from its lobby to its end: seats, draft, ticks, those who watch. Everything about it is done under its lock, by the clock's
/// threads and by those of connections; nothing that waits is done there.
/// </summary>
internal sealed partial class LiveMatch : ITicking
{
    /// <summary>Ticks without any connection after which a lobby, a running match and one that is over are given up.</summary>
    private const int LobbyPatience = 5 * 60 * RulesDefinition.TicksPerSecond;
    private const int MatchPatience = 3 * 60 * RulesDefinition.TicksPerSecond;
    private const int EndPatience = 30 * RulesDefinition.TicksPerSecond;

    private readonly Lock _gate = new();
    private readonly MatchSurroundings _around;
    private readonly Frames _frames = new();
    private readonly List<Watcher> _waiting = [];
    private Seat[] _seats;
    private int _alone;
    private bool _lobbyChanged, _closed;

    private LiveMatch(string id, MobaOptions options, string draft, int bans, string spectators, string hostToken, ulong seed, MatchSurroundings around)
    {
        Id = id;
        Options = options;
        Draft = draft;
        Bans = bans;
        Spectators = spectators;
        HostToken = hostToken;
        Seed = seed;
        _around = around;
        World = new MobaWorld(options.Mode, options.Rules);
        Numbers = new UnitNumbers(Seeds.Derive(around.Secret, id) | 1);
        int per = World.HeroesPerTeam;
        _seats = [.. Enumerable.Range(0, 2 * per).Select(a => new Seat(a / per, a % per, a))];
    }

    public string Id { get; }

    public MobaOptions Options { get; private set; }

    /// <summary>An order of picks, or <see cref="MobaOptions.None"/>.</summary>
    public string Draft { get; }

    public int Bans { get; }

    public string Spectators { get; }

    /// <summary>The client that opened it, where clients are counted; null for one of this process.</summary>
    public string? From { get; private init; }

    public ulong Seed { get; }

    public MobaWorld World { get; }

    public UnitNumbers Numbers { get; }

    public Stage Stage { get; private set; }

    /// <summary>The match itself once it plays; to be looked at under the lock, or by whoever ticks it.</summary>
    internal MobaEnvironment? Environment => _environment;

    /// <summary>Where its replay can be found once it is over.</summary>
    public string? ReplayId { get; private set; }

    /// <summary>Whether people have seats in it.</summary>
    public bool HasPeople
    {
        get
        {
            lock (_gate)
                return Array.Exists(_seats, s => s.ForPerson);
        }
    }

    public bool Tick()
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            // Whoever only looks on keeps no lobby open: nobody would be there to start it.
            bool alone = (Stage == Stage.Lobby ? Array.TrueForAll(_seats, s => s.Connections == 0) : _waiting.Count == 0) && (_broadcast is null || _broadcast.Watchers.Count == 0) && (_late is null || _late.Watchers.Count == 0);
            _alone = alone ? _alone + 1 : 0;
            HoldPressure(watched: !alone);
            switch (Stage)
            {
                case Stage.Lobby:
                    FreeSeats();
                    TellLobby();
                    break;
                case Stage.Draft:
                    TickDraft();
                    break;
                case Stage.Playing:
                    TickMatch();
                    break;
                case Stage.Over:
                    TickOver();
                    break;
            }
            bool over = _alone > Stage switch { Stage.Lobby or Stage.Draft => LobbyPatience, Stage.Playing => MatchPatience, _ => EndPatience } || (Stage == Stage.Over && ++_sinceEnd > 20 * EndPatience);
            if (over)
                Close(Stage == Stage.Over ? null : "nobody was there any more");
            return !over;
        }
    }

    /// <summary>Ends the match without a result.</summary>
    public void GiveUp()
    {
        lock (_gate)
        {
            Close("the match was given up");
        }
    }

    public void Fail(Exception why)
    {
        lock (_gate)
        {
            _around.Tell($"match {Id} failed and was given up: {why}");
            // Kept, for whoever looks into it; the next process must not fail by it again.
            _around.Snapshots.Refuse(Id, why.Message);
            Close("the match failed and was given up; it is the server's fault");
        }
    }

    public MatchView View()
    {
        lock (_gate)
        {
            int tick = 0, home = 0, away = 0;
            // Whoever watches late is not to read the score of now.
            if (_environment is not null && (!Array.Exists(_seats, s => s.ForPerson) || Stage == Stage.Over || Spectators == LiveView))
            {
                ref WorldState s = ref _environment.State(0);
                tick = s.Tick;
                for (int h = 0; h < UnitIndex.HeroesPerTeam; h++)
                {
                    home += KillsOf(in s, h);
                    away += KillsOf(in s, h + UnitIndex.HeroesPerTeam);
                }
            }
            SeatView[] seats = [.. _seats.Select(s => s.View())];
            return new MatchView(Id, StageName, Options.Mode, Options.Rules, Draft, Bans, tick, [home, away], seats, _seats.Count(s => s.IsFree),
                _waiting.Count(w => w.Seat is null) + Watching(_broadcast) + Watching(_late?.Broadcast), Spectators, ReplayId);
        }
    }

    /// <summary>The seat whose token this is; null for none. All tokens are compared, whichever fits.</summary>
    private Seat? SeatOf(string? token)
    {
        Seat? found = null;
        foreach (Seat seat in _seats)
        {
            if (Tokens.Same(seat.Token, token))
                found = seat;
        }
        return found;
    }

    private string StageName => NameOf(Stage);

    /// <summary>What clients and metrics call a stage.</summary>
    public static string NameOf(Stage stage) => stage switch { Stage.Lobby => "lobby", Stage.Draft => "draft", Stage.Playing => "playing", _ => "over" };

    private static unsafe int KillsOf(in WorldState s, int hero) => s.Kills[hero];

    private static int Watching(Broadcast? broadcast) => broadcast?.Watchers.Count(w => w.Seat is null) ?? 0;

    /// <summary>Lets everybody go and forgets what was saved; nobody is let in any more, as nobody would be told anything.</summary>
    private void Close(string? why)
    {
        _closed = true;
        foreach (Watcher watcher in Everybody())
            watcher.Dismiss(why ?? "the match is over");
        Stage = Stage.Over;
        Release();
        _around.Snapshots.Forget(Id);
        _around.Matches.Remove(this);
    }

    private List<Watcher> Everybody() => [.. _waiting, .. _broadcast?.Watchers ?? [], .. _late?.Watchers ?? []];

    private Refusal Over() => Refusal.Conflict($"Match {Id} is over.");

    private Refusal Started() => Refusal.Conflict($"Match {Id} has started; seats are changed before the start.");
}
