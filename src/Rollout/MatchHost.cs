using System.Diagnostics;
using System.Runtime.InteropServices;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Rollout;

/// <summary>
/// Plays a batch of matches on one thread: observes, lets each policy act on all its rows at once, steps the batch, and cuts the
/// experience of learning teams into chunks. Opponents are fixed for a whole match; only <see cref="PlayerId.Latest"/> moves, and each step
/// bears the version that made it.
/// </summary>
public sealed partial class MatchHost : IDisposable
{
    /// <summary>Teams whose rows go through a network at once, at most.</summary>
    private const int TeamsTogether = 128;

    private readonly int _host;
    private readonly IBatchEnvironment _environment;
    private readonly EnvironmentSpec _spec;
    private readonly IMatchDirector _director;
    private readonly IPolicySource _policies;
    private readonly ITrajectorySink? _sink;
    private readonly TrajectoryLayout? _layout;
    private readonly RewardShaping _shaping;
    private readonly HostOptions _options;
    private readonly IMatchRecorder? _recorder;
    private readonly Slot[] _slots;
    private readonly List<PolicyGroup> _groups = [];
    private readonly ActorRows _rows;
    private readonly IPolicyActor _actor;
    private readonly byte[] _observations, _masks, _fullState;
    private readonly short[] _actions;
    private readonly float[] _rewards;
    private readonly MatchStatus[] _status;
    private Rng _rng;
    private bool _started;
    private long _decisions, _agentSteps, _matches, _sinkWait;
    private long _inference, _simulation, _observation, _scripted, _pausing, _all, _waitSince, _stepSince;

    /// <param name="host">Number of this host; seeds derive from it.</param>
    /// <param name="sink">Where experience goes; null to play without learning.</param>
    /// <param name="layout">Layout of chunks; needed with a sink.</param>
    /// <param name="recorder">Gets every match offered for recording; null to record none.</param>
    /// <param name="actor">Evaluates policies; the host's from now on. Null for the interpreter, on the host's own thread.</param>
    public MatchHost(
        int host, IBatchEnvironment environment, IMatchDirector director, IPolicySource policies,
        ITrajectorySink? sink, TrajectoryLayout? layout, HostOptions options, ulong seed, IMatchRecorder? recorder = null, IPolicyActor? actor = null)
    {
        if (sink is not null && layout is null)
            throw new ArgumentException("a host with a sink needs a chunk layout", nameof(layout));
        _host = host;
        _environment = environment;
        _spec = environment.Spec;
        _director = director;
        _policies = policies;
        _sink = sink;
        _layout = layout;
        _options = options;
        _recorder = recorder;
        _shaping = new RewardShaping(_spec, options.TeamSpirit, options.ZeroSum);
        int matches = environment.Matches;
        int agents = matches * _spec.Agents;
        _rows = new ActorRows(_spec) { DrawUnused = options.DrawUnused };
        _actor = actor ?? new InterpreterActor();
        _slots = new Slot[matches];
        for (int m = 0; m < matches; m++)
            _slots[m] = new Slot(_spec);
        _observations = new byte[agents * _spec.ObservationBytes];
        _masks = new byte[agents * _spec.MaskBytes];
        _fullState = new byte[sink is null ? 0 : matches * _spec.Teams * _spec.FullStateBytes];
        _actions = new short[agents * _spec.Heads.Count];
        _rewards = new float[agents * _spec.Rewards.Count];
        _status = new MatchStatus[matches];
        _rng = new Rng(Seeds.Derive(seed, "host", (ulong)host));
    }

    public HostCounters Counters => new(
        Interlocked.Read(ref _decisions), Interlocked.Read(ref _agentSteps), Interlocked.Read(ref _matches),
        Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _sinkWait)));

    /// <summary>Where the time of this host's thread went.</summary>
    public HostTimes Times => new(
        Span(ref _inference), Span(ref _simulation), Span(ref _observation), Span(ref _scripted), Span(ref _sinkWait) + Since(ref _waitSince), Span(ref _pausing),
        Span(ref _all) + Since(ref _stepSince));

    /// <summary>How the matches ended.</summary>
    internal MatchEndings Endings { get; } = new();

    /// <summary>Says when the host is to stand still or give way; null for never.</summary>
    public TrainingPace? Pace { get; init; }

    /// <summary>Matches that are being played.</summary>
    public int Running => _slots.Count(s => s.Assignment is not null);

    /// <summary>Plays one decision of every running match. False when there is nothing left to play.</summary>
    public bool Step(CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        Volatile.Write(ref _stepSince, start);
        bool any = Play(cancellation);
        Volatile.Write(ref _stepSince, 0);
        Count(ref _all, start);
        return any;
    }

    private bool Play(CancellationToken cancellation)
    {
        if (!_started)
        {
            _started = true;
            for (int m = 0; m < _slots.Length; m++)
                Begin(m, stagger: _sink is not null);
        }
        if (Running == 0)
            return false;

        long pause = Stopwatch.GetTimestamp();
        Pace?.Breathe(cancellation);
        Count(ref _pausing, pause);
        FormGroups();
        foreach (PolicyGroup group in _groups)
            Act(group, cancellation);
        long scripted = Stopwatch.GetTimestamp();
        ActScripted();
        long step = Count(ref _scripted, scripted);
        _environment.Step(_actions, _rewards, _status);
        Count(ref _simulation, step);
        for (int m = 0; m < _slots.Length; m++)
        {
            if (_slots[m].Assignment is not null)
                AfterStep(m, cancellation);
        }
        return true;
    }

    /// <summary>Gives open chunks' buffers back and abandons recordings.</summary>
    public void Dispose()
    {
        _actor.Dispose();
        foreach (Slot slot in _slots)
        {
            slot.Recording?.Abandon();
            slot.Recording = null;
            foreach (TeamSeat seat in slot.Teams)
                seat.Chunk?.Dispose();
        }
    }

    private void Observe(int match)
    {
        int ob = _spec.Agents * _spec.ObservationBytes, mb = _spec.Agents * _spec.MaskBytes, fb = _spec.Teams * _spec.FullStateBytes;
        long start = Stopwatch.GetTimestamp();
        _environment.Observe(
            match,
            _observations.AsSpan(match * ob, ob),
            _masks.AsSpan(match * mb, mb),
            _sink is null ? default : _fullState.AsSpan(match * fb, fb));
        Count(ref _observation, start);
    }

    /// <summary>Adds the time since a moment; returns the present one. The host's thread alone writes.</summary>
    private static long Count(ref long ticks, long since)
    {
        long now = Stopwatch.GetTimestamp();
        Volatile.Write(ref ticks, ticks + now - since);
        return now;
    }

    /// <summary>What has lasted since then; nothing if nothing is under way. A wait for the learner lasts for seconds, and is told of before it is over.</summary>
    private static TimeSpan Since(ref long start) => Interlocked.Read(ref start) is > 0 and long since ? Stopwatch.GetElapsedTime(since) : default;

    private static TimeSpan Span(ref long ticks) => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref ticks));

    /// <summary>Collects the teams that one network plays; learning teams come first in their group, so that the critic runs on a prefix.</summary>
    private void FormGroups()
    {
        foreach (PolicyGroup group in _groups)
            group.Teams.Clear();
        PolicyVersion? latest = null;
        for (int learning = 1; learning >= 0; learning--)
        {
            for (int m = 0; m < _slots.Length; m++)
            {
                if (_slots[m].Assignment is null)
                    continue;
                for (int team = 0; team < _spec.Teams; team++)
                {
                    TeamSeat seat = _slots[m].Teams[team];
                    if (seat.Scripted != TeamSeat.Policy || seat.Learns != (learning == 1))
                        continue;
                    PolicyVersion policy = seat.Pinned ?? (latest ??= _policies.Get(seat.Player));
                    GroupOf(policy, seat.Player.IsLatest, seat.Greedy).Teams.Add(new TeamRow(m, team));
                }
            }
        }
        _groups.RemoveAll(g => g.Teams.Count == 0);
    }

    private PolicyGroup GroupOf(PolicyVersion policy, bool moving, bool greedy)
    {
        foreach (PolicyGroup group in _groups)
        {
            if (!group.Takes(policy, moving, greedy))
                continue;
            group.Policy = policy;
            return group;
        }
        var added = new PolicyGroup(policy, moving, greedy);
        _groups.Add(added);
        return added;
    }

    /// <summary>Lets a group act, a part of it after the other: the buffers that rows go through then do not grow with the number of matches.</summary>
    private void Act(PolicyGroup group, CancellationToken cancellation)
    {
        for (int from = 0; from < group.Teams.Count; from += TeamsTogether)
            Act(group, CollectionsMarshal.AsSpan(group.Teams).Slice(from, Math.Min(TeamsTogether, group.Teams.Count - from)), cancellation);
    }

    private void Act(PolicyGroup group, ReadOnlySpan<TeamRow> teams, CancellationToken cancellation)
    {
        int perTeam = _spec.AgentsPerTeam, ob = _spec.ObservationBytes, mb = _spec.MaskBytes, fb = _spec.FullStateBytes;
        int heads = _spec.Heads.Count, hidden = group.Policy.Network.Plan.RecurrentSize;
        int rows = teams.Length * perTeam;
        _rows.Begin(rows, hidden);
        int learning = 0;
        for (int i = 0; i < teams.Length; i++)
        {
            (int m, int team) = teams[i];
            TeamSeat seat = _slots[m].Teams[team];
            if (seat.Recurrent.Length != perTeam * hidden)
                seat.Recurrent = new float[perTeam * hidden];
            int agent = m * _spec.Agents + team * perTeam;
            _observations.AsSpan(agent * ob, perTeam * ob).CopyTo(_rows.Observations.AsSpan(i * perTeam * ob));
            _masks.AsSpan(agent * mb, perTeam * mb).CopyTo(_rows.Masks.AsSpan(i * perTeam * mb));
            seat.Recurrent.CopyTo(_rows.Recurrent.AsSpan(i * perTeam * hidden));
            if (seat.Learns)
            {
                learning++;
                _fullState.AsSpan((m * _spec.Teams + team) * fb, fb).CopyTo(_rows.FullState.AsSpan(i * fb));
            }
        }

        _rows.LearningTeams = learning;
        _rows.Temperature = _sink is null ? _options.Temperature : group.Greedy ? 0f : 1f;
        long begin = Stopwatch.GetTimestamp();
        _actor.Act(group.Policy.Network, _rows, ref _rng);
        Count(ref _inference, begin);

        short[] played = _rows.Played;
        for (int i = 0; i < teams.Length; i++)
        {
            (int m, int team) = teams[i];
            int agent = m * _spec.Agents + team * perTeam;
            played.AsSpan(i * perTeam * heads, perTeam * heads).CopyTo(_actions.AsSpan(agent * heads));
        }
        for (int i = 0; i < teams.Length; i++)
        {
            (int m, int team) = teams[i];
            TeamSeat seat = _slots[m].Teams[team];
            if (seat.Learns)
                Record(group, i, _slots[m], seat, team, cancellation);
            _rows.Recurrent.AsSpan(i * perTeam * hidden, perTeam * hidden).CopyTo(seat.Recurrent);
        }
    }

    /// <summary>Writes a learning team's step into its open chunk; a full chunk first gets this step's values as its bootstrap and leaves.</summary>
    private void Record(PolicyGroup group, int i, Slot slot, TeamSeat seat, int team, CancellationToken cancellation)
    {
        int agents = _spec.AgentsPerTeam;
        int values = agents * _spec.ValueHeads.Count;
        ReadOnlySpan<float> now = _rows.Values.AsSpan(i * values, values);
        if (seat.Chunk is { } full && full.Length == _layout!.Steps)
        {
            now.CopyTo(full.Bootstrap);
            Send(seat, cancellation);
        }
        if (seat.Chunk is null)
        {
            seat.Chunk = new TrajectoryChunk(_layout!)
            {
                MatchupId = slot.Assignment!.Matchup.Id,
                MatchId = slot.Assignment.MatchId,
                Player = seat.Player,
                Team = team,
                FirstDecision = slot.Decision,
            };
            seat.Recurrent.CopyTo(seat.Chunk.InitialState);
        }
        TrajectoryChunk chunk = seat.Chunk;
        int t = chunk.Length++;
        Put(_rows.Observations, chunk.Observations, agents * _spec.ObservationBytes);
        Put(_rows.AppliedMasks, chunk.Masks, agents * _spec.OptionCount);
        Put(_rows.FullState, chunk.FullState, _spec.FullStateBytes);
        Put(_rows.Actions, chunk.Actions, agents * _spec.Heads.Count);
        Put(_rows.LogProbabilities, chunk.LogProbabilities, agents * _spec.Heads.Count);
        now.CopyTo(chunk.Values[(t * values)..]);
        chunk.Versions[t] = group.Policy.Version;

        void Put<T>(T[] source, Span<T> section, int width) => source.AsSpan(i * width, width).CopyTo(section[(t * width)..]);
    }

    private void Send(TeamSeat seat, CancellationToken cancellation)
    {
        TrajectoryChunk chunk = seat.Chunk!;
        seat.Chunk = null;
        long start = Stopwatch.GetTimestamp();
        Volatile.Write(ref _waitSince, start);
        _sink!.Write(chunk, cancellation);
        Volatile.Write(ref _waitSince, 0);
        Interlocked.Add(ref _sinkWait, Stopwatch.GetTimestamp() - start);
    }

    private void ActScripted()
    {
        int heads = _spec.Heads.Count;
        for (int m = 0; m < _slots.Length; m++)
        {
            if (_slots[m].Assignment is null)
                continue;
            for (int a = 0; a < _spec.Agents; a++)
            {
                int scripted = _slots[m].Teams[a / _spec.AgentsPerTeam].Scripted;
                if (scripted == TeamSeat.Policy)
                    continue;
                int row = m * _spec.Agents + a;
                Span<short> action = _actions.AsSpan(row * heads, heads);
                if (scripted == TeamSeat.Random)
                    RandomPlayer.Act(_spec, _masks.AsSpan(row * _spec.MaskBytes, _spec.MaskBytes), action, ref _rng);
                else
                    _environment.ActScripted(m, a, scripted, action, ref _rng);
            }
        }
    }

    private void AfterStep(int match, CancellationToken cancellation)
    {
        Slot slot = _slots[match];
        slot.Decision++;
        Interlocked.Increment(ref _decisions);
        Interlocked.Add(ref _agentSteps, _spec.Agents);
        int terms = _spec.Rewards.Count;
        Span<float> rewards = _rewards.AsSpan(match * _spec.Agents * terms, _spec.Agents * terms);
        if (_sink is not null)
            _shaping.Apply(rewards);
        bool over = _status[match] == MatchStatus.Terminated;
        int width = _spec.Agents * _spec.Heads.Count;
        slot.Recording?.Decided(_environment, match, _actions.AsSpan(match * width, width));
        for (int team = 0; team < _spec.Teams; team++)
        {
            TeamSeat seat = slot.Teams[team];
            if (seat.Chunk is not { } chunk)
                continue;
            int row = _spec.AgentsPerTeam * terms;
            rewards.Slice(team * row, row).CopyTo(chunk.Rewards[((chunk.Length - 1) * row)..]);
            if (over)
            {
                chunk.Terminated = true;
                Send(seat, cancellation);
            }
        }
        if (!over)
        {
            Observe(match);
            return;
        }
        Interlocked.Increment(ref _matches);
        slot.Recording?.Ended(_environment, match);
        slot.Recording = null;
        Assignment played = slot.Assignment!;
        _director.Ended(_host, played);
        MatchOutcome outcome = _environment.Outcome(match);
        Endings.Add(MatchEnding.Of(played, outcome));
        if (slot.Rated)
        {
            TeamSeat home = slot.Teams[played.HomeSide];
            int version = home.Player.IsLatest ? _policies.Get(home.Player).Version : home.Player.Version;
            _director.Report(_host, new MatchResult(played.MatchId, played.Matchup, played.HomeSide, version, outcome, played.Seed));
        }
        Begin(match, stagger: false);
    }
}
