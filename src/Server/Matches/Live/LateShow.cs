using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Wire;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>
/// A match with people, shown to spectators a while later, so that nobody can tell a side what the other does: played again from its actions, so
/// many ticks behind. Guarded by the match's lock.
/// </summary>
internal sealed class LateShow
{
    /// <summary>Ticks played in one go while it catches up with where it should be.</summary>
    private const int Burst = 100;

    private readonly MobaEnvironment _environment;
    private readonly MatchTape _tape;
    private readonly MatchTape.Reader _reader;
    private readonly List<MatchEvent> _events = [];
    private readonly int _delay;
    private WorldState _before;
    private (string, object?)[]? _end;

    /// <param name="tape">Of the match, which goes on writing to it.</param>
    public LateShow(MobaOptions options, ulong seed, MatchTape tape, int delay, UnitNumbers numbers)
    {
        _tape = tape;
        _reader = tape.Read();
        _delay = delay;
        _environment = new MobaEnvironment(options, 1);
        _environment.Reset(0, seed);
        _before = _environment.State(0);
        Broadcast = new Broadcast(_environment.World, numbers);
    }

    public Broadcast Broadcast { get; }

    public IReadOnlyList<Watcher> Watchers => Broadcast.Watchers;

    public int Now => _environment.State(0).Tick;

    /// <summary>What is to be told once the end is shown.</summary>
    public void Ends((string, object?)[] told) => _end = told;

    /// <summary>One tick of time: goes on to where the delay has it.</summary>
    /// <param name="waited">Ticks since the end of the match itself.</param>
    public void Tick(int waited)
    {
        int until = Math.Min(_tape.Decisions, _tape.Decisions - _delay + waited);
        if (Now >= until && Broadcast.IsOwed)
            Broadcast.Take(in _before, false, [], []);
        for (int i = 0; i < Burst && Now < until && _environment.State(0).Finished == 0; i++)
        {
            _environment.StepOnly(0, _reader.Next());
            ref WorldState now = ref _environment.State(0);
            _events.Clear();
            MatchEvents.Compare(in _before, in now, _events, every: true);
            bool last = Now >= until || i == Burst - 1 || now.Finished != 0;
            // While it catches up, whoever watches is not sent every tick of it.
            if (last || until - Now < 3)
                Broadcast.Take(in now, false, _events, []);
            _before = now;
        }
        if (_end is null || _environment.State(0).Finished == 0)
            return;
        Broadcast.Ends(_end);
        _end = null;
    }
}
