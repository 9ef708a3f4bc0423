using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Learning.Tests;

/// <summary>
/// The smallest actor loop there can be: one policy plays all sides, in lockstep with the learner. With groups, so many matches at a time begin alike
/// and the next ones wait for the last of them, the first of a group without chance if asked for.
/// </summary>
internal sealed class SelfPlay
{
    private readonly IBatchEnvironment _environment;
    private readonly EnvironmentSpec _spec;
    private readonly TrajectoryLayout _layout;
    private readonly TrajectoryChunk?[] _open;
    private readonly byte[] _observations, _masks, _full, _applied;
    private readonly float[] _state, _logProbabilities, _rewards, _values;
    private readonly short[] _actions;
    private readonly MatchStatus[] _status;
    private readonly ulong _seed;
    private readonly int _group;
    private readonly bool _greedyFirst;
    private readonly long[] _matchup;
    private readonly int[] _decision;
    private ulong _started;
    private Rng _rng;

    public SelfPlay(IBatchEnvironment environment, int recurrent, int steps, ulong seed, int group = 1, bool greedyFirst = false)
    {
        _group = group;
        _greedyFirst = greedyFirst;
        _environment = environment;
        _spec = environment.Spec;
        _layout = new TrajectoryLayout(_spec, steps, recurrent);
        _seed = seed;
        _rng = new Rng(seed);
        int matches = environment.Matches;
        int rows = matches * _spec.Agents;
        _open = new TrajectoryChunk?[matches * _spec.Teams];
        _observations = new byte[rows * _spec.ObservationBytes];
        _masks = new byte[rows * _spec.MaskBytes];
        _full = new byte[matches * _spec.Teams * _spec.FullStateBytes];
        _applied = new byte[rows * _spec.OptionCount];
        _state = new float[rows * recurrent];
        _logProbabilities = new float[rows * _spec.Heads.Count];
        _rewards = new float[rows * _spec.Rewards.Count];
        _values = new float[rows * _spec.ValueHeads.Count];
        _actions = new short[rows * _spec.Heads.Count];
        _status = new MatchStatus[matches];
        _matchup = new long[matches];
        _decision = new int[matches];
        for (int m = 0; m < matches; m += group)
            Begin(m);
    }

    private void Begin(int first)
    {
        for (int m = first; m < first + _group; m++)
        {
            _environment.Reset(m, Seeds.Derive(_seed, "match", _started));
            (_matchup[m], _decision[m], _status[m]) = ((long)_started, 0, MatchStatus.Running);
        }
        _started++;
    }

    /// <summary>Sum of all rewards and number of agent-steps since the start.</summary>
    public double Reward { get; private set; }

    public long AgentSteps { get; private set; }

    /// <summary>Plays until the finished chunks hold at least so many agent-steps.</summary>
    public List<TrajectoryChunk> Collect(PolicyRunner runner, int version, int agentSteps)
    {
        var done = new List<TrajectoryChunk>();
        int steps = 0;
        while (steps < agentSteps)
        {
            int before = done.Count;
            Decide(runner, version, done);
            for (int i = before; i < done.Count; i++)
                steps += done[i].AgentSteps;
        }
        return done;
    }

    private void Decide(PolicyRunner runner, int version, List<TrajectoryChunk> done)
    {
        int matches = _environment.Matches, agents = _spec.Agents, teams = _spec.Teams, each = _spec.AgentsPerTeam;
        int recurrent = _layout.RecurrentSize, heads = _spec.Heads.Count, values = _spec.ValueHeads.Count, terms = _spec.Rewards.Count;
        int rows = matches * agents;
        for (int m = 0; m < matches; m++)
            _environment.Observe(m, _observations.AsSpan(m * agents * _spec.ObservationBytes), _masks.AsSpan(m * agents * _spec.MaskBytes), _full.AsSpan(m * teams * _spec.FullStateBytes));
        float[] stateBefore = [.. _state];
        runner.Forward(rows, _observations, _state);
        runner.Values(matches * teams, _full, _values);
        runner.Sample(_masks, ref _rng, _actions, _logProbabilities, _applied);
        if (_greedyFirst)
        {
            (short[] actions, float[] logs) = ((short[])_actions.Clone(), (float[])_logProbabilities.Clone());
            byte[] applied = (byte[])_applied.Clone();
            runner.Sample(_masks, ref _rng, actions, logs, applied, temperature: 0);
            for (int m = 0; m < matches; m += _group)
            {
                actions.AsSpan(m * agents * heads, agents * heads).CopyTo(_actions.AsSpan(m * agents * heads));
                logs.AsSpan(m * agents * heads, agents * heads).CopyTo(_logProbabilities.AsSpan(m * agents * heads));
                applied.AsSpan(m * agents * _spec.OptionCount, agents * _spec.OptionCount).CopyTo(_applied.AsSpan(m * agents * _spec.OptionCount));
            }
        }
        for (int k = 0; k < _open.Length; k++)
        {
            int first = k * each;
            if (_status[k / teams] == MatchStatus.Terminated)
                continue;
            if (_open[k] is { } full && full.Length == _layout.Steps)
            {
                _values.AsSpan(first * values, each * values).CopyTo(full.Bootstrap);
                done.Add(full);
                _open[k] = null;
            }
            if (_open[k] is null)
            {
                _open[k] = new TrajectoryChunk(_layout)
                {
                    Team = k % teams,
                    MatchupId = _matchup[k / teams],
                    MatchId = $"{_matchup[k / teams]}#{k / teams % _group}",
                    FirstDecision = _decision[k / teams],
                };
                stateBefore.AsSpan(first * recurrent, each * recurrent).CopyTo(_open[k]!.InitialState);
            }
            TrajectoryChunk chunk = _open[k]!;
            int t = chunk.Length++;
            int at = t * each;
            _observations.AsSpan(first * _spec.ObservationBytes, each * _spec.ObservationBytes).CopyTo(chunk.Observations[(at * _spec.ObservationBytes)..]);
            _full.AsSpan(k * _spec.FullStateBytes, _spec.FullStateBytes).CopyTo(chunk.FullState[(t * _spec.FullStateBytes)..]);
            _applied.AsSpan(first * _spec.OptionCount, each * _spec.OptionCount).CopyTo(chunk.Masks[(at * _spec.OptionCount)..]);
            _actions.AsSpan(first * heads, each * heads).CopyTo(chunk.Actions[(at * heads)..]);
            _logProbabilities.AsSpan(first * heads, each * heads).CopyTo(chunk.LogProbabilities[(at * heads)..]);
            _values.AsSpan(first * values, each * values).CopyTo(chunk.Values[(at * values)..]);
            chunk.Versions[t] = version;
        }
        _environment.Step(_actions, _rewards, _status);
        for (int k = 0; k < _open.Length; k++)
        {
            if (_open[k] is not { } chunk)
                continue;
            AgentSteps += each;
            foreach (float r in _rewards.AsSpan(k * each * terms, each * terms))
                Reward += r;
            _rewards.AsSpan(k * each * terms, each * terms).CopyTo(chunk.Rewards[((chunk.Length - 1) * each * terms)..]);
            if (_status[k / teams] != MatchStatus.Terminated)
                continue;
            chunk.Terminated = true;
            done.Add(chunk);
            _open[k] = null;
        }
        for (int m = 0; m < matches; m++)
            _decision[m]++;
        for (int m = 0; m < matches; m += _group)
        {
            if (_status.AsSpan(m, _group).IndexOf(MatchStatus.Running) >= 0)
                continue;
            Begin(m);
            _state.AsSpan(m * agents * recurrent, _group * agents * recurrent).Clear();
        }
    }
}
