using Prometheus;

namespace SelfPlayArena.Rollout.Telemetry;

/// <summary>What match hosts do. Read from their own counters when somebody looks, so that playing pays nothing.</summary>
internal sealed class HostMetrics
{
    private readonly IReadOnlyList<MatchHost> _hosts;
    private readonly string _environment;
    private readonly long _stepsBefore, _decisionsBefore;
    private readonly Counter _steps, _decisions, _finished, _waiting;
    private readonly Gauge _running;

    public HostMetrics(MetricSheet sheet, IReadOnlyList<MatchHost> hosts, string environment)
    {
        (_hosts, _environment) = (hosts, environment);
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
        _waiting = sheet.Counter("arena_host_waiting_seconds_total", "Time that hosts, all together, stood at the full queue.");
    }

    public void Collect()
    {
        long steps = 0, decisions = 0, running = 0;
        TimeSpan waiting = TimeSpan.Zero;
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
        _running.WithLabels(_environment).Set(running);
        foreach ((MatchEnding ending, long count) in ended)
            _finished.WithLabels(_environment, ending.Opponent, ending.Result, ending.Reason).IncTo(count);
    }
}
