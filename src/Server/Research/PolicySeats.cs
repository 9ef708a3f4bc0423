using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Server.Research;

/// <summary>All agents of some matches that one network plays: their rows go through it together.</summary>
internal sealed class PolicySeats
{
    private readonly EnvironmentSpec _spec;
    private readonly int[] _agents;
    private readonly int _hidden;
    private readonly PolicyRunner _runner;
    private readonly float[] _recurrent, _logProbabilities;
    private readonly byte[] _observations, _masks;
    private readonly short[] _actions;
    private readonly Rng[] _rngs;

    /// <param name="agents">Rows among [matches, agents], ascending.</param>
    public PolicySeats(EnvironmentSpec spec, PolicyNetwork network, int[] agents)
    {
        _spec = spec;
        _agents = agents;
        _runner = new PolicyRunner(network);
        _hidden = network.Plan.RecurrentSize;
        _recurrent = new float[agents.Length * _hidden];
        _logProbabilities = new float[agents.Length * spec.Heads.Count];
        _observations = new byte[agents.Length * spec.ObservationBytes];
        _masks = new byte[agents.Length * spec.MaskBytes];
        _actions = new short[agents.Length * spec.Heads.Count];
        _rngs = new Rng[agents.Length];
    }

    /// <summary>Forgets what was seen of a match; its agents draw anew from its seed.</summary>
    public void Begin(int match, ulong seed)
    {
        int first = Array.BinarySearch(_agents, match * _spec.Agents);
        for (int i = first < 0 ? ~first : first; i < _agents.Length && _agents[i] / _spec.Agents == match; i++)
        {
            Array.Clear(_recurrent, i * _hidden, _hidden);
            _rngs[i] = Shard.Chance(seed, _agents[i] % _spec.Agents);
        }
    }

    /// <param name="observations">[matches, agents, observation bytes].</param>
    /// <param name="masks">[matches, agents, mask bytes].</param>
    /// <param name="actions">[matches, agents, heads]; those of its agents are written.</param>
    public void Act(ReadOnlySpan<byte> observations, ReadOnlySpan<byte> masks, Span<short> actions, float temperature)
    {
        int ob = _spec.ObservationBytes, mb = _spec.MaskBytes, heads = _spec.Heads.Count;
        for (int i = 0; i < _agents.Length; i++)
        {
            observations.Slice(_agents[i] * ob, ob).CopyTo(_observations.AsSpan(i * ob));
            masks.Slice(_agents[i] * mb, mb).CopyTo(_masks.AsSpan(i * mb));
        }
        _runner.Forward(_agents.Length, _observations, _recurrent);
        _runner.Sample(_masks, _rngs, _actions, _logProbabilities, temperature: temperature);
        for (int i = 0; i < _agents.Length; i++)
            _actions.AsSpan(i * heads, heads).CopyTo(actions[(_agents[i] * heads)..]);
    }
}
