using System.Diagnostics;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Hands;
using SelfPlayArena.Server.Matches.Wire;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>The match itself, tick by tick.</summary>
internal sealed partial class LiveMatch
{
    private const int Heads = OrderActions.Heads;

    private readonly List<MatchEvent> _events = [];
    private readonly List<(int Team, (string, object?)[] Event)> _news = [];
    private MobaEnvironment? _environment;
    private MatchTape? _tape;
    private Broadcast? _broadcast;
    private LateShow? _late;
    private WorldState _before;
    private short[] _actions = [], _decided = [];
    private Bot?[] _deciding = [];
    private int _phase, _changes, _sinceEnd;
    private bool _paused;
    private (string, object?)[]? _end;
    private IDisposable? _pressure;

    /// <summary>Seats, hands and buffers for a match with these heroes, at its very beginning.</summary>
    private void Prepare(byte[] lineups)
    {
        int per = World.HeroesPerTeam;
        Options = Options with
        {
            Home = [.. Enumerable.Range(0, per).Select(i => World.Content.Heroes[lineups[UnitIndex.Hero(0, i)]].Name)],
            Away = [.. Enumerable.Range(0, per).Select(i => World.Content.Heroes[lineups[UnitIndex.Hero(1, i)]].Name)],
        };
        _environment = new MobaEnvironment(Options, 1);
        _environment.Reset(0, Seed);
        _tape = new MatchTape(_environment.Spec);
        _tape.Begin(_environment, 0);
        _broadcast = new Broadcast(_environment.World, Numbers) { Goals = GoalOf };
        _actions = new short[_seats.Length * Heads];
        _decided = new short[_seats.Length * Heads];
        _deciding = new Bot?[_seats.Length];
        // Matches that began together do not all think at the same tick.
        _phase = (int)(Seed % (ulong)World.Rules.DecisionTicks);
        foreach (Seat seat in _seats)
        {
            seat.Hand = new Hand(_environment.World, seat.Unit);
            seat.Change(_environment.Spec, NextSeed());
        }
    }

    private void BeginMatch(byte[] lineups)
    {
        Prepare(lineups);
        Stage = Stage.Playing;
        Enter();
        Keep();
    }

    /// <summary>Those who waited watch from now on.</summary>
    private void Enter()
    {
        HoldPressure(watched: _waiting.Count > 0);
        foreach (Watcher watcher in _waiting)
            Show(watcher);
        _waiting.Clear();
        _before = _environment!.State(0);
        _broadcast!.Take(in _before, _paused, [], []);
    }

    private void TickMatch()
    {
        MobaEnvironment environment = _environment!;
        if (!_paused)
        {
            Act(environment);
            environment.StepOnly(0, _actions);
            _tape!.Decided(environment, 0, _actions);
            ref WorldState now = ref environment.State(0);
            _events.Clear();
            MatchEvents.Compare(in _before, in now, _events, every: true);
            _broadcast!.Take(in now, _paused, _events, _news);
            _before = now;
        }
        else if (_news.Count > 0 || _broadcast!.Watchers.Any(w => w.NeedsFull))
        {
            _broadcast!.Take(in environment.State(0), _paused, [], _news);
        }
        _news.Clear();
        TickLate();
        if (environment.State(0).Finished != 0)
            End();
        else if (!_paused && environment.State(0).Tick % SnapshotEvery == (int)(Seed % SnapshotEvery))
            Keep();
    }

    /// <summary>What everybody does in this tick.</summary>
    private void Act(MobaEnvironment environment)
    {
        ref WorldState s = ref environment.State(0);
        _actions.AsSpan().Fill(OrderActions.None);
        Array.Clear(_deciding);
        bool due = (s.Tick + _phase) % World.Rules.DecisionTicks == 0;
        foreach (Seat seat in _seats)
            _deciding[seat.Agent] = due ? seat.Bot : null;
        if (due)
        {
            Remember();
            Decide(environment);
            TellMinds(environment);
        }
        foreach (Seat seat in _seats)
        {
            Span<short> action = _actions.AsSpan(seat.Agent * Heads, Heads);
            if (seat.IsPlayed)
                seat.Held++;
            // Whoever has it in hand shops as it wishes; for a bot the recommended build does.
            short wanted = seat.IsPlayed ? seat.ByHand : (short)0;
            bool changes = ByHandOf(in s, seat.Unit) != wanted;
            if (seat.Bot is { } bot)
                Pass(environment, seat, bot, due, action);
            else if (!changes)
                seat.Hand!.Act(in s, action);
            if (changes)
            {
                // A tick has room for one order; what a person clicked waits for the next.
                action.Fill(OrderActions.None);
                action[0] = OrderActions.Control;
                action[4] = wanted;
            }
        }
    }

    private void Decide(MobaEnvironment environment)
    {
        long start = Stopwatch.GetTimestamp();
        _decided.AsSpan().Fill(OrderActions.None);
        BotTable.OfThread.Decide(environment, _deciding, _decided);
        if (Array.Exists(_deciding, b => b is not null))
            _around.Meter.Decided(Stopwatch.GetElapsedTime(start));
    }

    private void Pass(MobaEnvironment environment, Seat seat, Bot bot, bool due, Span<short> action)
    {
        Span<short> order = stackalloc short[Heads];
        order.Fill(OrderActions.None);
        if (due)
        {
            Span<short> heads = _decided.AsSpan(seat.Agent * Heads, Heads);
            short macro = heads[5];
            if (bot.Hands.Err(heads, ref bot.Rng))
                environment.ToOrder(0, seat.Agent, heads, order);
            order[5] = macro;
        }
        bot.Hands.Pass(order, action);
    }

    private static unsafe short ByHandOf(in WorldState s, int hero)
        => (short)((s.ManualShop[hero] != 0 ? OrderActions.OwnShop : 0) | (s.ManualSkills[hero] != 0 ? OrderActions.OwnSkills : 0));

    private (Verb Verb, int Target, float X, float Y)? GoalOf(int hero)
    {
        foreach (Seat seat in _seats)
        {
            if (seat.Unit == hero)
                return seat.IsPlayed ? seat.Hand!.Goal(in _environment!.State(0)) : null;
        }
        return null;
    }

    private ulong NextSeed() => Seeds.Derive(Seed, "bot", (ulong)_changes++);

    private void End()
    {
        Stage = Stage.Over;
        _sinceEnd = 0;
        MatchOutcome outcome = _environment!.Outcome(0);
        ReplayId = _around.Archive.Keep(this, _environment, _tape!, _seats);
        _around.Snapshots.Forget(Id);
        Release();
        _end = [.. EndFrame(outcome), .. Ratings(outcome)];
        _broadcast!.Ends(_end);
        _late?.Ends(_end);
    }

    /// <summary>Those who come after the end, or were behind, are still shown the last state and told the result.</summary>
    private void TickOver()
    {
        if (_broadcast is { IsOwed: true })
            _broadcast.Take(in _environment!.State(0), false, [], []);
        TickLate();
    }

    private unsafe (string, object?)[] EndFrame(MatchOutcome outcome)
    {
        ref WorldState s = ref _environment!.State(0);
        var rows = new List<(string, object?)[]>();
        foreach (Seat seat in _seats)
        {
            int h = seat.Unit;
            List<int> items = [.. Enumerable.Range(0, WorldState.ItemSlots).Select(i => ItemOf(in _environment.State(0), h, i))];
            rows.Add(
            [
                ("unit", h), ("team", seat.Team), ("slot", seat.Slot), ("hero", (int)s.Kind[h]), ("player", seat.PlayerName), ("bot", !seat.ForPerson || seat.Token is null),
                ("level", (int)s.Level[h]), ("kills", s.Kills[h]), ("deaths", s.Deaths[h]), ("assists", s.Assists[h]), ("creepScore", s.LastHits[h]), ("gold", s.GoldEarned[h]),
                ("items", items), ("damageToHeroes", s.DamageToHeroes[h]), ("damageToStructures", s.DamageToStructures[h]), ("damageTaken", s.DamageTaken[h]), ("healing", s.Healing[h]), ("wards", s.WardsPlaced[h]),
            ]);
        }
        return
        [
            ("winner", outcome.Winner), ("reason", outcome.Reason), ("ticks", s.Tick), ("scoreboard", rows), ("replay", ReplayId),
        ];
    }

    private static unsafe int ItemOf(in WorldState s, int hero, int slot) => s.Items[hero * WorldState.ItemSlots + slot] - 1;

    /// <summary>Training gives way while people play, and while somebody watches bots; not while the match stands still.</summary>
    private void HoldPressure(bool watched)
    {
        if (Stage != Stage.Playing || _paused || !(watched || Array.Exists(_seats, s => s.ForPerson)))
            Release();
        else
            _pressure ??= _around.Pressure?.Raise();
    }

    private void Release()
    {
        _pressure?.Dispose();
        _pressure = null;
    }
}
