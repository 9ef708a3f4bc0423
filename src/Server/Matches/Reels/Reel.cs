using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Matches.Reels;

/// <summary>
/// A replay made ready to be watched: played through once for what happened in it, how gold and experience stood, and states to leap to. Read-only,
/// shared by all who watch it.
/// </summary>
internal sealed class Reel
{
    /// <summary>Ticks between two kept states: the longest way that a leap has to be played.</summary>
    private const int KeyEvery = 15 * RulesDefinition.TicksPerSecond;

    private readonly List<(int Decision, byte[] State)> _keys = [];
    private readonly List<(int Tick, MatchEvent Event)> _events = [];
    private readonly List<int> _gold = [], _xp = [];

    /// <exception cref="Refusal">The replay is damaged, or was recorded of other rules or another game.</exception>
    public Reel(string id, string path)
    {
        Id = id;
        try
        {
            Replay = ReplayFile.Read(path);
        }
        catch (Exception e) when (e is ReplayException or IOException)
        {
            throw Refusal.Conflict($"Replay {id} cannot be shown: {Plainly(e.Message, path, id)}");
        }
        Options = OptionsOf(id, Replay.Header);
        EnvironmentSpec spec = MobaEnvironment.SpecFor(Options);
        if (Replay.Unfit(Replay.Header, spec) is { } why)
            throw Refusal.Conflict($"Replay {id} cannot be shown: {why}");
        TicksPerDecision = spec.TicksPerDecision;
        PlayThrough();
    }

    public string Id { get; }

    public Replay Replay { get; }

    public MobaOptions Options { get; }

    public int TicksPerDecision { get; }

    /// <summary>Ticks of the whole match.</summary>
    public int Ticks { get; private set; }

    /// <summary>The turning points, in order.</summary>
    public IReadOnlyList<(int Tick, MatchEvent Event)> Events => _events;

    public IReadOnlyList<int> GoldLead => _gold;

    public IReadOnlyList<int> XpLead => _xp;

    /// <summary>The decision of the last kept state not after a tick, put into an environment.</summary>
    public int Leap(MobaEnvironment environment, int tick)
    {
        (int decision, byte[] state) = _keys[0];
        foreach ((int at, byte[] kept) in _keys)
        {
            if (at * TicksPerDecision > tick)
                break;
            (decision, state) = (at, kept);
        }
        environment.Restore(0, state);
        return decision;
    }

    private void PlayThrough()
    {
        var environment = new MobaEnvironment(Options, 1);
        environment.Reset(0, Replay.Header.Seed);
        var found = new List<MatchEvent>();
        WorldState before = environment.State(0);
        int every = Math.Max(1, KeyEvery / TicksPerDecision);
        Note(in before);
        for (int d = 0; d < Replay.Decisions; d++)
        {
            if (d % every == 0)
            {
                byte[] state = new byte[environment.SnapshotBytes];
                environment.Snapshot(0, state);
                _keys.Add((d, state));
            }
            environment.GiveOrders(0, Replay.Actions(d));
            for (int t = 0; t < TicksPerDecision && environment.State(0).Finished == 0; t++)
            {
                ref WorldState s = ref environment.State(0);
                environment.World.Tick(ref s);
                environment.StateChanged(0);
                found.Clear();
                MatchEvents.Compare(in before, in s, found, every: false);
                foreach (MatchEvent e in found)
                    _events.Add((s.Tick, e));
                if (s.Tick % RulesDefinition.TicksPerSecond == 0)
                    Note(in s);
                before = s;
            }
        }
        Ticks = before.Tick;
        if (environment.StateHash(0) != Replay.FinalHash)
            throw Refusal.Conflict($"Replay {Id} cannot be shown: played again, its match ends otherwise than it was recorded.");
    }

    private void Note(in WorldState s)
    {
        (int gold, int xp) = Broadcast.Lead(in s);
        _gold.Add(gold);
        _xp.Add(xp);
    }

    private static MobaOptions OptionsOf(string id, ReplayHeader header)
    {
        if (header.Environment != MobaRecipe.Name)
            throw Refusal.Conflict($"Replay {id} is of the game '{header.Environment}', which browsers are not shown; 'arena replay' can play it.");
        try
        {
            MobaOptions options = MobaRecipe.Read(new EnvironmentRecipe(header.Environment, header.Options));
            _ = MobaEnvironment.SpecFor(options);
            return options;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw Refusal.Conflict($"Replay {id} cannot be shown: {e.Message}");
        }
    }

    /// <summary>The server's folders are nobody's business.</summary>
    private static string Plainly(string message, string path, string id) => message.Replace(path, id, StringComparison.Ordinal);
}
