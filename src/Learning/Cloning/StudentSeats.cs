using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Learning.Cloning;

/// <summary>A student that plays a match in its teacher's place, with the memory that it has of that match.</summary>
internal sealed class StudentSeats
{
    private readonly PolicyRunner _student;
    private readonly IBatchEnvironment _environment;
    private readonly EnvironmentSpec _spec;
    private readonly byte[] _observations, _masks;
    private readonly short[] _chosen;
    private readonly float[] _logProbabilities;
    private readonly float[][] _memory;
    private readonly int[] _besides;
    private Rng _rng;

    public StudentSeats(PolicyRunner student, IBatchEnvironment environment, ulong seed)
    {
        (_student, _environment, _spec, _rng) = (student, environment, environment.Spec, new Rng(seed));
        _observations = new byte[_spec.Agents * _spec.ObservationBytes];
        _masks = new byte[_spec.Agents * _spec.MaskBytes];
        _chosen = new short[_spec.AgentsPerTeam * _spec.Heads.Count];
        _logProbabilities = new float[_chosen.Length];
        _memory = [.. Enumerable.Range(0, _spec.Teams).Select(_ => new float[_spec.AgentsPerTeam * student.Network.Plan.RecurrentSize])];
        _besides = [.. Enumerable.Range(1, _spec.Heads.Count - 1).Where(h => _spec.Heads[h].MaskRows.All(r => r == 0))];
    }

    /// <summary>
    /// Puts the student's actions in place of its teacher's. What every verb has besides, and the student has no say in, stays the teacher's: plans that
    /// it makes for itself alone.
    /// </summary>
    /// <param name="actions">[agents, heads].</param>
    /// <param name="plays">Whether the student plays a team.</param>
    public void Act(Span<short> actions, Func<int, bool> plays)
    {
        _environment.Observe(0, _observations, _masks, default);
        int agents = _spec.AgentsPerTeam, heads = _spec.Heads.Count;
        for (int team = 0; team < _spec.Teams; team++)
        {
            if (!plays(team))
                continue;
            ReadOnlySpan<byte> masks = _masks.AsSpan(team * agents * _spec.MaskBytes, agents * _spec.MaskBytes);
            _student.Forward(agents, _observations.AsSpan(team * agents * _spec.ObservationBytes, agents * _spec.ObservationBytes), _memory[team]);
            _student.Sample(masks, ref _rng, _chosen, _logProbabilities);
            for (int a = 0; a < agents; a++)
            {
                Span<short> action = actions.Slice((team * agents + a) * heads, heads);
                Span<short> chosen = _chosen.AsSpan(a * heads, heads);
                foreach (int h in _besides)
                {
                    if (masks.Slice(a * _spec.MaskBytes + _spec.MaskOffset(h, 0), _spec.Heads[h].Size).Count((byte)0) == _spec.Heads[h].Size - 1 && action[h] >= 0)
                        chosen[h] = action[h];
                }
                chosen.CopyTo(action);
            }
        }
    }
}
