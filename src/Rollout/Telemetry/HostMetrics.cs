using Prometheus;

namespace SelfPlayArena.Rollout.Telemetry;

/// <summary>What match hosts do. Read from their own counters when somebody looks, so that playing pays nothing.</summary>
internal sealed class HostMetrics
{
    private readonly HostRoster _hosts;
    private readonly RunPort? _port;
    private readonly string _environment;
    private readonly long _stepsBefore, _decisionsBefore;
    private readonly Counter _steps, _decisions, _finished, _waiting;
    private readonly Gauge _running, _remote;

    public HostMetrics(MetricSheet sheet, HostRoster hosts, RunPort? port, string environment)
    {
        (_hosts, _port, _environment) = (hosts, port, environment);
        // Hosts that go on exactly where they were go on counting, too.
        (_stepsBefore, _decisionsBefore) = (hosts.Played.AgentSteps, hosts.Played.Decisions);
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
        HostCounters played = _port is null ? _hosts.Played : _hosts.Played + _port.Played;
        var ended = new Dictionary<MatchEnding, long>();
        _hosts.AddEndings(ended);
        _steps.IncTo(played.AgentSteps - _stepsBefore);
        _decisions.IncTo(played.Decisions - _decisionsBefore);
        _waiting.IncTo(played.SinkWait.TotalSeconds);
        _remote.Set(_port?.Hosts ?? 0);
        _running.WithLabels(_environment).Set(_hosts.Running);
        foreach ((MatchEnding ending, long count) in ended)
            _finished.WithLabels(_environment, ending.Opponent, ending.Result, ending.Reason).IncTo(count);
    }
}
