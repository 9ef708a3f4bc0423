using SelfPlayArena.Core;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>
/// A batch of matches that random or scripted players play on and on. Matches start spread evenly over a whole match's length, so that
/// openings, fights and endings are met in the proportions in which they occur.
/// </summary>
internal sealed class PlayedMatches : IDisposable
{
    /// <summary>In place of a scripted player's index: random legal actions.</summary>
    public const int Random = -1;

    /// <summary>Seeds whose matches are played once to take the starting states from.</summary>
    private const int Openings = 4;

    private readonly IBatchEnvironment _environment;
    private readonly FastRandomChoice _choice;
    private readonly int _player;
    private readonly ulong _seed;
    private readonly int _agents, _observationBytes, _maskBytes, _fullStateBytes, _heads;
    private readonly byte[] _fullState;
    private readonly short[] _actions;
    private readonly float[] _rewards;
    private readonly MatchStatus[] _status;
    private Rng _rng;
    private ulong _started;

    /// <param name="player">Index into the environment's scripted players, or <see cref="Random"/>.</param>
    public PlayedMatches(IBatchEnvironment environment, int player, ulong seed, bool fullState)
    {
        EnvironmentSpec spec = environment.Spec;
        int agents = environment.Matches * spec.Agents;
        _environment = environment;
        _choice = new FastRandomChoice(spec);
        _player = player;
        _seed = seed;
        _rng = new Rng(Seeds.Derive(seed, "bench"));
        _agents = spec.Agents;
        _observationBytes = spec.Agents * spec.ObservationBytes;
        _maskBytes = spec.MaskBytes;
        _fullStateBytes = spec.Teams * spec.FullStateBytes;
        _heads = spec.Heads.Count;
        Observations = new byte[agents * spec.ObservationBytes];
        Masks = new byte[agents * spec.MaskBytes];
        _fullState = fullState ? new byte[environment.Matches * _fullStateBytes] : [];
        _actions = new short[agents * _heads];
        _rewards = new float[agents * spec.Rewards.Count];
        _status = new MatchStatus[environment.Matches];
        Spread();
    }

    public EnvironmentSpec Spec => _environment.Spec;

    public IBatchEnvironment Environment => _environment;

    /// <summary>[matches, agents, bytes] of the last <see cref="Observe()"/>.</summary>
    public byte[] Observations { get; }

    /// <summary>[matches, agents, bytes] of the last <see cref="Observe()"/>.</summary>
    public byte[] Masks { get; }

    public long MatchesFinished { get; private set; }

    /// <summary>Managed memory that starting matches anew allocated; it is not part of a step.</summary>
    public long BytesOfNewMatches { get; private set; }

    /// <summary>All matches, as a host does before its policies act.</summary>
    public void Observe()
    {
        for (int m = 0; m < _environment.Matches; m++)
            Observe(m);
    }

    /// <summary>An action for every agent; random players choose from the masks observed last.</summary>
    public void Choose()
    {
        for (int m = 0; m < _environment.Matches; m++)
            Choose(m);
    }

    /// <summary>Steps every match and starts those anew that ended.</summary>
    public void Step()
    {
        _environment.Step(_actions, _rewards, _status);
        for (int m = 0; m < _status.Length; m++)
        {
            if (_status[m] != MatchStatus.Running)
                StartAnew(m);
        }
    }

    /// <summary>An action for every agent of one match.</summary>
    public void Choose(int match) => Choose(match, _actions.AsSpan(match * _agents * _heads, _agents * _heads), ref _rng);

    /// <summary>Steps one match without rewards or observations, as a roll-out does.</summary>
    public void StepOnly(int match)
    {
        if (_environment.StepOnly(match, _actions.AsSpan(match * _agents * _heads, _agents * _heads)) != MatchStatus.Running)
            StartAnew(match);
    }

    public void Dispose() => (_environment as IDisposable)?.Dispose();

    private void StartAnew(int match)
    {
        MatchesFinished++;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        _environment.Reset(match, Seeds.Derive(_seed, "match", ++_started));
        BytesOfNewMatches += GC.GetAllocatedBytesForCurrentThread() - bytes;
    }

    private void Observe(int m)
    {
        _environment.Observe(
            m, Observations.AsSpan(m * _observationBytes, _observationBytes), Masks.AsSpan(m * _agents * _maskBytes, _agents * _maskBytes),
            _fullState.Length == 0 ? default : _fullState.AsSpan(m * _fullStateBytes, _fullStateBytes));
    }

    private void Choose(int m, Span<short> actions, ref Rng rng)
    {
        for (int a = 0; a < _agents; a++)
        {
            Span<short> action = actions.Slice(a * _heads, _heads);
            if (_player == Random)
                _choice.Act(Masks.AsSpan((m * _agents + a) * _maskBytes, _maskBytes), action, ref rng);
            else
                _environment.ActScripted(m, a, _player, action, ref rng);
        }
    }

    /// <summary>Plays a few matches twice, first to learn their length, then to copy their states at even distances into the others.</summary>
    private void Spread()
    {
        int last = _environment.Matches - 1;
        var state = new byte[_environment.SnapshotBytes];
        int openings = Math.Min(Openings, last);
        for (int k = 0; k < openings; k++)
        {
            ulong opening = (ulong)k;
            int first = last * k / openings, end = last * (k + 1) / openings, copied = first;
            int length = PlayThrough(opening, static _ => { });
            PlayThrough(opening, decision =>
            {
                while (copied < end && decision >= (long)(copied - first) * length / (end - first))
                {
                    _environment.Snapshot(last, state);
                    _environment.Restore(copied++, state);
                }
            });
        }
        _environment.Reset(last, Seeds.Derive(_seed, "match", ++_started));
    }

    private int PlayThrough(ulong opening, Action<int> before)
    {
        const int longest = 1_000_000;
        int m = _environment.Matches - 1;
        var rng = new Rng(Seeds.Derive(_seed, "spread", opening));
        Span<short> actions = _actions.AsSpan(0, _agents * _heads);
        _environment.Reset(m, Seeds.Derive(_seed, "opening", opening));
        for (int decision = 0; decision < longest; decision++)
        {
            before(decision);
            if (_player == Random)
                Observe(m);
            Choose(m, actions, ref rng);
            if (_environment.StepOnly(m, actions) != MatchStatus.Running)
                return decision + 1;
        }
        return longest;
    }
}
