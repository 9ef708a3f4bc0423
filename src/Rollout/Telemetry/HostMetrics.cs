using Prometheus;

namespace SelfPlayArena.Rollout.Telemetry;

/// <summary>What match hosts do. Read from their own counters when somebody looks, so that playing pays nothing.</summary>
internal sealed class HostMetrics
{
    private readonly IReadOnlyList<MatchHost> _hosts;
    private readonly RunPort? _port;
    private readonly string _environment;
    private readonly long _stepsBefore, _decisionsBefore;
    private readonly Counter _steps, _decisions, _finished, _waiting;
    private readonly Gauge _running, _remote;

    public HostMetrics(MetricSheet sheet, IReadOnlyList<MatchHost> hosts, RunPort? port, string environment)
    {
        (_hosts, _port, _environment) = (hosts, port, environment);
        // Hosts that go on exactly where they were go on counting, too.
        _stepsBefore = hosts.Sum(h => h.Counters.AgentSteps);
        _decisionsBefore = hosts.Sum(h => h.Counters.Decisions);
        sheet.Begin("Match hosts");
        _steps = sheet.Counter("arena_simulated_hero_steps_total", "Hero-steps simulated: decisions of all heroes of all matches.");
        _decisions = sheet.Counter("arena_match_decisions_total", "Decisions simulated, counted once for a match.");
        _running = sheet.Gauge("arena_matches_running", "Matches being played.", "environment");
        _finished = sheet.Counter(
            "arena_matches_finished_total", "Matches played to their end. opponent: self, snapshot, scripted; result: home, away, draw, home being the learner; reason: the rule that ended it.",
            "environment", "opponent", "result", "reason");
        _remote = sheet.Gauge("arena_remote_hosts", "Match hosts that play for the run in other processes; their steps and waiting are counted here, their matches there.");
        _waiting = sheet.Counter("arena_host_waiting_seconds_total", "Time that hosts, all together, stood at the full queue.");
    }

    public void Collect()
    {
        HostCounters remote = _port?.Played ?? new HostCounters(0, 0, 0, TimeSpan.Zero);
        long steps = remote.AgentSteps, decisions = remote.Decisions, running = 0;
        TimeSpan waiting = remote.SinkWait;
        var ended = new Dictionary<MatchEnding, long>();
        foreach (MatchHost host in _hosts)
        {
            HostCounters counters = host.Counters;
            steps += counters.AgentSteps;
            decisions += counters.Decisions;
            waiting += counters.SinkWait;
            running += host.Running;
            host.Endings.AddTo(ended);
        }
        _steps.IncTo(steps - _stepsBefore);
        _decisions.IncTo(decisions - _decisionsBefore);
        _waiting.IncTo(waiting.TotalSeconds);
        _remote.Set(_port?.Hosts ?? 0);
        _running.WithLabels(_environment).Set(running);
        foreach ((MatchEnding ending, long count) in ended)
            _finished.WithLabels(_environment, ending.Opponent, ending.Result, ending.Reason).IncTo(count);
    }
}
