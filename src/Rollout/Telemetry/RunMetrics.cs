using Prometheus;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.League;
using SelfPlayArena.Learning;
using SelfPlayArena.Learning.Acting;

namespace SelfPlayArena.Rollout.Telemetry;

/// <summary>All metrics of a run. An update costs it a few dozen additions; everything else happens when somebody looks.</summary>
internal sealed class RunMetrics
{
    private readonly HostMetrics _hosts;
    private readonly ActorMetrics _actors;
    private readonly TransportMetrics _transport;
    private readonly LearnerMetrics _learner;
    private readonly LeagueMetrics _league;
    private readonly StorageMetrics _storage;
    private readonly RunWatch _watch;
    private readonly TimeProvider _time;
    private readonly Gauge _hostsAlive, _hostsWanted, _healthy;

    public RunMetrics(
        MetricSheet sheet, RunSettings settings, LeagueCreated run, HostRoster hosts, RunPort? port, ITrajectoryTransport transport, TrajectoryLayout layout, ILeague league,
        ModelPool pool, ActorInference? inference, ReplayFolder? replays, RunWatch watch, TimeProvider time)
    {
        (_watch, _time) = (watch, time);
        sheet.Begin("Run");
        sheet.Gauge("arena_run_info", "1; what is being trained.", "run", "environment", "rules", "network", "content")
            .WithLabels(run.Name, layout.Spec.Name, settings.Rules, settings.Network, run.ContentHash).Set(1);
        _healthy = sheet.Gauge("arena_run_healthy", "1 while /health answers 200, else 0.");
        _hostsWanted = sheet.Gauge("arena_hosts", "Match hosts of the run.");
        _hostsAlive = sheet.Gauge("arena_hosts_alive", "Match hosts that are playing.");
        _hosts = new HostMetrics(sheet, hosts, port, layout.Spec.Name);
        _actors = new ActorMetrics(sheet, inference);
        _transport = new TransportMetrics(sheet, transport, layout);
        _learner = new LearnerMetrics(sheet);
        _league = new LeagueMetrics(sheet, league);
        _storage = new StorageMetrics(sheet, pool, replays);
        sheet.Registry.AddBeforeCollectCallback(Collect);
    }

    public void Updated(UpdateReport report, RunProgress progress)
    {
        _learner.Updated(report, progress, _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        _league.Updated(progress);
    }

    public void CheckpointSaved(double seconds, long bytes) => _storage.CheckpointSaved(seconds, bytes);

    private void Collect()
    {
        RunHealth health = _watch.Health();
        _healthy.Set(health.Healthy ? 1 : 0);
        _hostsWanted.Set(health.Hosts);
        _hostsAlive.Set(health.HostsAlive);
        _hosts.Collect();
        _actors.Collect();
        _transport.Collect();
        _learner.Collect();
        _league.Collect();
        _storage.Collect();
    }
}
