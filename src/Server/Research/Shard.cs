using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Server.Research;

/// <summary>A match of a batch that ended.</summary>
/// <param name="Match">Its place in the batch.</param>
internal readonly record struct EndedMatch(int Match, ulong Seed, MatchOutcome Outcome);

/// <summary>
/// Some neighbouring matches of a batch, which one thread steps. Every agent's chance comes from its match's seed alone, so that what is played does
/// not depend on how a batch is divided.
/// </summary>
internal sealed class Shard
{
    private const int Random = -1, Other = -2;

    private readonly IBatchEnvironment _environment;
    private readonly EnvironmentSpec _spec;
    private readonly BatchRequest _request;
    private readonly StepFrame _frame;
    private readonly ActionCheck _check;
    private readonly int _first, _drivenPerMatch;
    private readonly int[] _driven;
    private readonly int[] _scripted;
    private readonly PolicySeats[] _policies;
    private readonly Rng[] _chance;
    private readonly byte[] _observations, _masks, _fullState;
    private readonly short[] _actions;
    private readonly float[] _rewards;
    private readonly MatchStatus[] _status;
    private readonly bool[] _over;
    private readonly ulong[] _roots, _seeds;
    private readonly uint[] _rounds;
    private readonly List<EndedMatch> _ended = [];

    /// <param name="first">Its first match's place in the batch.</param>
    /// <param name="seatings">One a match of it.</param>
    /// <param name="players">Players by the names in the seatings.</param>
    public Shard(IEnvironmentFactory factory, BatchRequest request, int first, IReadOnlyList<Seating> seatings, IReadOnlyDictionary<string, Contestant> players, StepFrame frame)
    {
        int matches = seatings.Count;
        _environment = factory.Create(matches);
        _spec = _environment.Spec;
        _request = request;
        _frame = frame;
        _first = first;
        _check = new ActionCheck(_spec);
        _drivenPerMatch = BatchRequest.Driven(seatings[0]);
        _driven = [.. Rows(seatings, BatchRequest.Client)];
        _scripted = new int[matches * _spec.Agents];
        Array.Fill(_scripted, Other);
        var policies = new List<PolicySeats>();
        foreach (IGrouping<PolicyNetwork?, string> group in players.GroupBy(p => p.Value.Policy?.Network, p => p.Key))
        {
            int[] rows = [.. group.SelectMany(name => Rows(seatings, name)).Order()];
            if (group.Key is { } network && rows.Length > 0)
                policies.Add(new PolicySeats(_spec, network, rows));
            foreach (string name in group.Where(n => players[n].Scripted is not null))
            {
                int index = players[name].Scripted == RandomPlayer.Name ? Random : IndexOf(_spec, players[name].Scripted!);
                foreach (int row in Rows(seatings, name))
                    _scripted[row] = index;
            }
        }
        _policies = [.. policies];
        int agents = matches * _spec.Agents;
        _chance = new Rng[agents];
        _observations = new byte[agents * _spec.ObservationBytes];
        _masks = new byte[agents * _spec.MaskBytes];
        _fullState = new byte[request.FullState ? matches * _spec.Teams * _spec.FullStateBytes : 0];
        _actions = new short[agents * _spec.Heads.Count];
        _rewards = new float[agents * _spec.Rewards.Count];
        _status = new MatchStatus[matches];
        _over = new bool[matches];
        _roots = new ulong[matches];
        _seeds = new ulong[matches];
        _rounds = new uint[matches];
    }

    public int First => _first;

    public int Matches => _status.Length;

    /// <summary>Matches that ended in the last step.</summary>
    public IReadOnlyList<EndedMatch> Ended => _ended;

    /// <summary>The generator of one agent in the match of a seed.</summary>
    public static Rng Chance(ulong seed, int agent) => new(Seeds.Derive(seed, "player", (ulong)agent));

    /// <summary>Starts a match anew.</summary>
    /// <param name="match">Its place in this shard.</param>
    /// <param name="root">Where its seeds come from henceforth; null to go on with those that it had.</param>
    public void Reset(int match, ulong? root)
    {
        if (root is { } given)
        {
            _roots[match] = given;
            _rounds[match] = 0;
        }
        Begin(match);
        Show(match);
    }

    /// <summary>Plays one decision of every match, with the client's actions.</summary>
    /// <param name="actions">[matches of the batch, driven agents, heads].</param>
    public void Step(ReadOnlySpan<short> actions)
    {
        _ended.Clear();
        Take(actions);
        foreach (PolicySeats policy in _policies)
            policy.Act(_observations, _masks, _actions, _request.Temperature);
        ActScripted();
        _environment.Step(_actions, _rewards, _status);
        int terms = _spec.Rewards.Count;
        for (int m = 0; m < _status.Length; m++)
        {
            for (int d = 0; d < _drivenPerMatch; d++)
                _rewards.AsSpan(_driven[m * _drivenPerMatch + d] * terms, terms).CopyTo(_frame.Rewards(_first + m, d));
            bool ended = _status[m] != MatchStatus.Running;
            _frame.Status[_first + m] = ended ? (byte)1 : (byte)0;
            if (ended && !_over[m])
            {
                _over[m] = true;
                _ended.Add(new EndedMatch(_first + m, _seeds[m], _environment.Outcome(m)));
                if (_request.AutoReset)
                    Begin(m);
            }
            Show(m);
        }
    }

    private void Begin(int match)
    {
        ulong seed = Seeds.Derive(_roots[match], "match", ((ulong)(_first + match) << 32) | _rounds[match]++);
        _seeds[match] = seed;
        _over[match] = false;
        _environment.Reset(match, seed);
        foreach (PolicySeats policy in _policies)
            policy.Begin(match, seed);
        for (int a = 0; a < _spec.Agents; a++)
            _chance[match * _spec.Agents + a] = Chance(seed, a);
    }

    /// <summary>Observes a match and writes what the client may see of it into the frame.</summary>
    private void Show(int match)
    {
        int ob = _spec.ObservationBytes, mb = _spec.MaskBytes, fb = _request.FullState ? _spec.Teams * _spec.FullStateBytes : 0;
        int all = _spec.Agents;
        Span<byte> full = _fullState.AsSpan(match * fb, fb);
        _environment.Observe(match, _observations.AsSpan(match * all * ob, all * ob), _masks.AsSpan(match * all * mb, all * mb), full);
        for (int d = 0; d < _drivenPerMatch; d++)
        {
            int row = _driven[match * _drivenPerMatch + d];
            _observations.AsSpan(row * ob, ob).CopyTo(_frame.Observation(_first + match, d));
            _masks.AsSpan(row * mb, mb).CopyTo(_frame.Mask(_first + match, d));
        }
        full.CopyTo(_frame.FullState(_first + match));
    }

    private void Take(ReadOnlySpan<short> actions)
    {
        int heads = _spec.Heads.Count, mb = _spec.MaskBytes;
        for (int i = 0; i < _driven.Length; i++)
        {
            int row = _driven[i], sent = _first * _drivenPerMatch + i;
            bool legal = _check.Take(actions.Slice(sent * heads, heads), _masks.AsSpan(row * mb, mb), _actions.AsSpan(row * heads, heads));
            // A match that is over takes no action, so none is illegal there.
            _frame.Illegal[sent] = legal || _over[i / _drivenPerMatch] ? (byte)0 : (byte)1;
        }
    }

    private void ActScripted()
    {
        int heads = _spec.Heads.Count, mb = _spec.MaskBytes;
        for (int row = 0; row < _scripted.Length; row++)
        {
            int player = _scripted[row], match = row / _spec.Agents;
            if (player == Other || _over[match])
                continue;
            Span<short> action = _actions.AsSpan(row * heads, heads);
            if (player == Random)
                RandomPlayer.Act(_spec, _masks.AsSpan(row * mb, mb), action, ref _chance[row]);
            else
                _environment.ActScripted(match, row % _spec.Agents, player, action, ref _chance[row]);
        }
    }

    private static IEnumerable<int> Rows(IReadOnlyList<Seating> seatings, string name)
    {
        for (int m = 0; m < seatings.Count; m++)
        {
            for (int a = 0; a < seatings[m].Seats.Count; a++)
            {
                if (seatings[m].Seats[a] == name)
                    yield return m * seatings[m].Seats.Count + a;
            }
        }
    }

    private static int IndexOf(EnvironmentSpec spec, string scripted)
    {
        for (int i = 0; i < spec.ScriptedPlayers.Count; i++)
        {
            if (spec.ScriptedPlayers[i] == scripted)
                return i;
        }
        throw new ArgumentException($"{spec.Name} has no scripted player '{scripted}'");
    }
}
