using SelfPlayArena.Core;

namespace SelfPlayArena.Learning.Cloning;

/// <summary>
/// Shows many matches side by side, a stretch of decisions at a time: a network that learns from them meets each match in order, with its
/// memory, and yet many different situations at once.
/// </summary>
internal sealed class DemonstrationStreams : IDisposable
{
    private readonly IDemonstrations _demonstrations;
    private readonly IEnumerator<int> _order;
    private readonly TrajectoryLayout _layout;
    private readonly EnvironmentSpec _spec;
    private readonly ShownAction _shown;
    private readonly Stream?[] _streams;
    private readonly byte[] _observations, _masks;
    private readonly bool _toLearn;
    private Rng _rng;
    private bool _drained;

    /// <param name="order">Numbers of the matches to show, in this order; may never end.</param>
    /// <param name="streams">Matches side by side.</param>
    /// <param name="layout">Its steps are the length of a stretch.</param>
    /// <param name="scatter">To learn from: begins the first matches somewhere in their middle, so that not all are at the same stage. Null to measure.</param>
    public DemonstrationStreams(IDemonstrations demonstrations, IEnumerable<int> order, int streams, TrajectoryLayout layout, ulong? scatter = null)
    {
        _demonstrations = demonstrations;
        _order = order.GetEnumerator();
        (_layout, _spec) = (layout, layout.Spec);
        _shown = new ShownAction(_spec);
        _observations = new byte[_spec.Agents * _spec.ObservationBytes];
        _masks = new byte[_spec.Agents * _spec.MaskBytes];
        _toLearn = scatter is not null;
        _streams = new Stream?[streams];
        _rng = new Rng(Seeds.Derive(scatter ?? 0, "scatter"));
        for (int i = 0; i < streams && Begin(i); i++)
        {
            if (scatter is null)
                continue;
            IDemonstration match = _streams[i]!.Match;
            int skip = _rng.Next(Math.Max(match.Left, 1));
            for (int d = 0; d < skip; d++)
            {
                match.Decide();
                if (!match.Play())
                {
                    End(i);
                    Begin(i);
                    break;
                }
            }
        }
    }

    /// <summary>Matches begun.</summary>
    public int Begun { get; private set; }

    /// <summary>See <see cref="ShownAction.Forbidden"/>.</summary>
    public IReadOnlyList<long> Forbidden => _shown.Forbidden;

    /// <summary>Adds the next stretch of every match that still goes on. False when all are over. Stretches are valid until the next call.</summary>
    public bool Next(List<ShownSequence> sequences)
    {
        for (int i = 0; i < _streams.Length; i++)
        {
            if (_streams[i] is { Over: true })
            {
                End(i);
                Begin(i);
            }
            if (_streams[i] is not { } stream)
                continue;
            Show(stream);
            sequences.AddRange(stream.Sequences);
        }
        return sequences.Count > 0;
    }

    public void Dispose()
    {
        for (int i = 0; i < _streams.Length; i++)
            End(i);
        _order.Dispose();
    }

    private bool Begin(int i)
    {
        if (_drained || !_order.MoveNext())
        {
            _drained = true;
            return false;
        }
        IDemonstration match = _toLearn ? _demonstrations.BeginToLearn(_order.Current) : _demonstrations.Begin(_order.Current);
        Begun++;
        _streams[i] = new Stream(match, [.. Enumerable.Range(0, _spec.Teams).Where(match.Teaches)
            .Select(t => new ShownSequence(t, new float[_spec.AgentsPerTeam * _layout.RecurrentSize]))]);
        return true;
    }

    private void End(int i)
    {
        if (_streams[i] is not { } stream)
            return;
        foreach (ShownSequence sequence in stream.Sequences)
            sequence.Stretch?.Dispose();
        stream.Match.Dispose();
        _streams[i] = null;
    }

    private void Show(Stream stream)
    {
        foreach (ShownSequence s in stream.Sequences)
        {
            s.Stretch?.Dispose();
            s.Stretch = new TrajectoryChunk(_layout) { Team = s.Team };
            s.State.CopyTo(s.Stretch.InitialState);
        }
        int ob = _spec.ObservationBytes, mb = _spec.MaskBytes, heads = _spec.Heads.Count, options = _spec.OptionCount, each = _spec.AgentsPerTeam;
        for (int t = 0; t < _layout.Steps && !stream.Over; t++)
        {
            stream.Match.Environment.Observe(0, _observations, _masks, default);
            ReadOnlySpan<short> actions = stream.Match.Decide();
            foreach (ShownSequence s in stream.Sequences)
            {
                TrajectoryChunk chunk = s.Stretch!;
                chunk.Length = t + 1;
                int from = s.Team * each, to = t * each;
                _observations.AsSpan(from * ob, each * ob).CopyTo(chunk.Observations[(to * ob)..]);
                for (int a = 0; a < each; a++)
                {
                    _shown.Write(
                        actions.Slice((from + a) * heads, heads), _observations.AsSpan((from + a) * ob, ob), _masks.AsSpan((from + a) * mb, mb),
                        chunk.Masks.Slice((to + a) * options, options), chunk.Actions.Slice((to + a) * heads, heads));
                }
            }
            stream.Over = !stream.Match.Play();
        }
    }

    private sealed class Stream(IDemonstration match, ShownSequence[] sequences)
    {
        public IDemonstration Match => match;

        public ShownSequence[] Sequences => sequences;

        public bool Over { get; set; }
    }
}
