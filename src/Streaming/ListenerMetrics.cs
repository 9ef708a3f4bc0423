using Prometheus;
using SelfPlayArena.Rollout.Telemetry;

namespace SelfPlayArena.Streaming;

/// <summary>What a listener has seen, as metrics. Read from its counters when somebody looks.</summary>
public sealed class ListenerMetrics
{
    private readonly Counter _connections, _resumed, _lost, _refusals, _received, _sent, _framesReceived, _framesSent;
    private readonly Counter _chunks, _steps, _repeatedChunks, _strayChunks, _results, _repeatedResults, _unfitResults, _creditWaits, _creditWait;
    private readonly Gauge _workers, _waiting;
    private volatile LearnerListener? _listener;

    public ListenerMetrics(MetricSheet sheet)
    {
        sheet.Begin("Workers' connections");
        _connections = sheet.Counter("arena_stream_connections_total", "Connections accepted from the network, whoever they were.");
        _workers = sheet.Gauge("arena_stream_workers", "Workers that are connected.");
        _resumed = sheet.Counter("arena_stream_workers_resumed_total", "Times that a worker came back after its connection broke.");
        _lost = sheet.Counter("arena_stream_workers_lost_total", "Connections to workers that broke.");
        _refusals = sheet.Counter("arena_stream_refusals_total", "Connections refused by reason; each is one line in the run's workers.log.", "reason");
        _received = sheet.Counter("arena_stream_received_bytes_total", "Bytes of frames received.");
        _sent = sheet.Counter("arena_stream_sent_bytes_total", "Bytes of frames sent.");
        _framesReceived = sheet.Counter("arena_stream_received_frames_total", "Frames received, refused ones included.");
        _framesSent = sheet.Counter("arena_stream_sent_frames_total", "Frames sent.");
        _chunks = sheet.Counter("arena_stream_chunks_total", "Trajectory chunks received from workers, each once.");
        _steps = sheet.Counter("arena_stream_hero_steps_total", "Hero-steps in them.");
        _repeatedChunks = sheet.Counter("arena_stream_repeated_chunks_total", "Chunks that came again after a broken connection and were not taken again.");
        _strayChunks = sheet.Counter("arena_stream_stray_chunks_total", "Chunks made with versions that this learner never published; thrown away.");
        _results = sheet.Counter("arena_stream_results_total", "Results of matches received from workers and counted, each once.");
        _repeatedResults = sheet.Counter("arena_stream_repeated_results_total", "Results that came again and were not counted again.");
        _unfitResults = sheet.Counter("arena_stream_unfit_results_total", "Results that did not fit the league and were not counted.");
        _creditWaits = sheet.Counter("arena_stream_credit_waits_total", "Times that a worker had used up its credit.");
        _creditWait = sheet.Counter("arena_stream_credit_wait_seconds_total", "Time that workers, all together, were without credit.");
        _waiting = sheet.Gauge("arena_stream_waiting_chunks", "Chunks from workers that wait for a place in the queue.");
        // A reason that never occurred is served as nought, so that its first occurrence is an increase.
        foreach (Refusal refusal in Enum.GetValues<Refusal>())
            _refusals.WithLabels(refusal.ToString());
        sheet.Registry.AddBeforeCollectCallback(Collect);
    }

    /// <summary>From now on these are the listener's.</summary>
    public void Watch(LearnerListener listener) => _listener = listener;

    private void Collect()
    {
        if (_listener is not { } listener)
            return;
        ListenerCounters now = listener.Counters;
        _connections.IncTo(now.Connections);
        _workers.Set(now.Workers);
        _resumed.IncTo(now.Resumed);
        _lost.IncTo(now.Lost);
        foreach (Refusal refusal in Enum.GetValues<Refusal>())
            _refusals.WithLabels(refusal.ToString()).IncTo(now.Refused(refusal));
        _received.IncTo(now.BytesReceived);
        _sent.IncTo(now.BytesSent);
        _framesReceived.IncTo(now.FramesReceived);
        _framesSent.IncTo(now.FramesSent);
        _chunks.IncTo(now.Chunks);
        _steps.IncTo(now.AgentSteps);
        _repeatedChunks.IncTo(now.RepeatedChunks);
        _strayChunks.IncTo(now.StrayChunks);
        _results.IncTo(now.Results);
        _repeatedResults.IncTo(now.RepeatedResults);
        _unfitResults.IncTo(now.UnfitResults);
        _creditWaits.IncTo(now.CreditWaits);
        _creditWait.IncTo(now.CreditWait.TotalSeconds);
        _waiting.Set(listener.Waiting);
    }
}
