using SelfPlayArena.Core;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>
/// A batch of matches that random players play on and on. Matches start spread evenly over a whole match's length, so that openings, fights
/// and endings are met in the proportions in which they occur.
/// </summary>
internal sealed class RandomMatches : IDisposable
{
    private readonly IBatchEnvironment _environment;
    private readonly FastRandomChoice _choice;
    private readonly ulong _seed;
    private readonly byte[] _fullState;
    private readonly short[] _actions;
    private readonly float[] _rewards;
    private readonly MatchStatus[] _status;
    private Rng _rng;
    private ulong _started;

    public RandomMatches(IBatchEnvironment environment, ulong seed, bool fullState)
    {
        EnvironmentSpec spec = environment.Spec;
        int agents = environment.Matches * spec.Agents;
        _environment = environment;
        _choice = new FastRandomChoice(spec);
        _seed = seed;
        _rng = new Rng(Seeds.Derive(seed, "bench"));
        Observations = new byte[agents * spec.ObservationBytes];
        Masks = new byte[agents * spec.MaskBytes];
        _fullState = fullState ? new byte[environment.Matches * spec.Teams * spec.FullStateBytes] : [];
        _actions = new short[agents * spec.Heads.Count];
        _rewards = new float[agents * spec.Rewards.Count];
        _status = new MatchStatus[environment.Matches];
        Spread();
    }

    public EnvironmentSpec Spec => _environment.Spec;

    /// <summary>[matches, agents, bytes] of the last <see cref="Observe"/>.</summary>
    public byte[] Observations { get; }

    /// <summary>[matches, agents, bytes] of the last <see cref="Observe"/>.</summary>
    public byte[] Masks { get; }

    public long MatchesFinished { get; private set; }

    public void Observe()
    {
        for (int m = 0; m < _environment.Matches; m++)
            Observe(m);
    }

    public void Choose()
    {
        int agents = _environment.Matches * Spec.Agents, mask = Spec.MaskBytes, heads = Spec.Heads.Count;
        for (int a = 0; a < agents; a++)
            _choice.Act(Masks.AsSpan(a * mask, mask), _actions.AsSpan(a * heads, heads), ref _rng);
    }

    /// <summary>Steps every match and starts those anew that ended.</summary>
    public void Step()
    {
        _environment.Step(_actions, _rewards, _status);
        for (int m = 0; m < _status.Length; m++)
        {
            if (_status[m] == MatchStatus.Running)
                continue;
            MatchesFinished++;
            _environment.Reset(m, Seeds.Derive(_seed, "match", ++_started));
        }
    }

    public void Dispose() => (_environment as IDisposable)?.Dispose();

    private void Observe(int m)
    {
        int o = Spec.Agents * Spec.ObservationBytes, k = Spec.Agents * Spec.MaskBytes, f = Spec.Teams * Spec.FullStateBytes;
        _environment.Observe(m, Observations.AsSpan(m * o, o), Masks.AsSpan(m * k, k), _fullState.Length == 0 ? default : _fullState.AsSpan(m * f, f));
    }

    /// <summary>Plays one match twice, first to learn its length, then to copy its states at even distances into the others.</summary>
    private void Spread()
    {
        int length = PlayThrough(static _ => { });
        var state = new byte[_environment.SnapshotBytes];
        int last = _environment.Matches - 1;
        int copied = 0;
        PlayThrough(decision =>
        {
            while (copied < last && decision >= (long)copied * length / (last + 1))
            {
                _environment.Snapshot(last, state);
                _environment.Restore(copied++, state);
            }
        });
        _environment.Reset(last, Seeds.Derive(_seed, "match", ++_started));
    }

    private int PlayThrough(Action<int> before)
    {
        const int longest = 1_000_000;
        int m = _environment.Matches - 1;
        var rng = new Rng(Seeds.Derive(_seed, "spread"));
        int k = Spec.Agents * Spec.MaskBytes, heads = Spec.Heads.Count;
        Span<short> actions = _actions.AsSpan(0, Spec.Agents * heads);
        _environment.Reset(m, Seeds.Derive(_seed, "match"));
        for (int decision = 0; decision < longest; decision++)
        {
            before(decision);
            Observe(m);
            for (int a = 0; a < Spec.Agents; a++)
                _choice.Act(Masks.AsSpan(m * k + a * Spec.MaskBytes, Spec.MaskBytes), actions.Slice(a * heads, heads), ref rng);
            if (_environment.StepOnly(m, actions) != MatchStatus.Running)
                return decision + 1;
        }
        return longest;
    }
}
