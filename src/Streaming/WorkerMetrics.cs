using Prometheus;
using SelfPlayArena.Rollout.Telemetry;

namespace SelfPlayArena.Streaming;

/// <summary>How a worker is, for whoever must decide whether to start it again.</summary>
/// <param name="State"><c>connecting</c> until a learner accepted it, <c>playing</c>, <c>disconnected</c>, <c>failed</c>, <c>ended</c>.</param>
/// <param name="Healthy">False when it failed, or has had no connection for a minute.</param>
/// <param name="StateSeconds">How long the connection has been, or has not been.</param>
/// <param name="WeightsVersion">Of the newest weights, -1 for none yet.</param>
/// <param name="Fault">What went wrong, null if nothing did.</param>
public sealed record WorkerHealth(
    string State, bool Healthy, string Learner, bool Connected, double StateSeconds, int Reconnects, int WeightsVersion, double WeightsAgeSeconds, long UnacknowledgedChunks,
    long UnacknowledgedResults, string? Fault) : IHealth;

/// <summary>What a worker does, as metrics. Read from its counters when somebody looks, so that playing pays nothing.</summary>
public sealed class WorkerMetrics
{
    private readonly Gauge _connected, _chunksWaiting, _resultsWaiting, _version, _age, _hosts;
    private readonly Counter _reconnects, _chunks, _results, _steps, _matches, _waiting, _sent, _received;
    private readonly RemoteWorker _worker;

    public WorkerMetrics(MetricSheet sheet, RemoteWorker worker)
    {
        _worker = worker;
        sheet.Begin("Worker");
        _connected = sheet.Gauge("arena_worker_connected", "1 while the learner has accepted this worker, else 0.");
        _reconnects = sheet.Counter("arena_worker_reconnects_total", "Times that the worker came back after its connection broke.");
        _hosts = sheet.Gauge("arena_worker_hosts", "Match hosts of the worker.");
        _steps = sheet.Counter("arena_worker_hero_steps_total", "Hero-steps simulated: decisions of all heroes of all matches.");
        _matches = sheet.Counter("arena_worker_matches_total", "Matches played to their end.");
        _waiting = sheet.Counter("arena_worker_waiting_seconds_total", "Time that hosts, all together, stood waiting for the learner to take chunks.");
        _chunks = sheet.Counter("arena_worker_chunks_total", "Trajectory chunks that hosts handed over.");
        _chunksWaiting = sheet.Gauge("arena_worker_unacknowledged_chunks", "Chunks that the learner has not taken yet.");
        _results = sheet.Counter("arena_worker_results_total", "Results that hosts reported.");
        _resultsWaiting = sheet.Gauge("arena_worker_unacknowledged_results", "Results that are not on the learner's disk yet.");
        _version = sheet.Gauge("arena_worker_weights_version", "Version of the newest weights; -1 before the first came.");
        _age = sheet.Gauge("arena_worker_weights_age_seconds", "Time since the newest weights came.");
        _sent = sheet.Counter("arena_worker_sent_bytes_total", "Bytes of frames sent to the learner.");
        _received = sheet.Counter("arena_worker_received_bytes_total", "Bytes of frames received from the learner.");
        sheet.Registry.AddBeforeCollectCallback(Collect);
    }

    private void Collect()
    {
        WorkerProgress now = _worker.Progress;
        LinkCounters link = now.Link;
        _connected.Set(link.Connected ? 1 : 0);
        _reconnects.IncTo(Math.Max(0, link.Connections - 1));
        _hosts.Set(_worker.Hosts);
        _steps.IncTo(now.Played.AgentSteps);
        _matches.IncTo(now.Played.Matches);
        _waiting.IncTo(now.Played.SinkWait.TotalSeconds);
        _chunks.IncTo(link.Chunks);
        _chunksWaiting.Set(link.Chunks - link.AcknowledgedChunks);
        _results.IncTo(link.Results);
        _resultsWaiting.Set(link.Results - link.AcknowledgedResults);
        _version.Set(link.Version);
        _age.Set(link.VersionAge.TotalSeconds);
        _sent.IncTo(link.BytesSent);
        _received.IncTo(link.BytesReceived);
    }
}
