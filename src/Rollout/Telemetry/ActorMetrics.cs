using Prometheus;
using SelfPlayArena.Learning.Acting;

namespace SelfPlayArena.Rollout.Telemetry;

/// <summary>What the hosts' shared inference does, read from its counters when somebody looks; all nought where hosts use the interpreter.</summary>
internal sealed class ActorMetrics
{
    private readonly ActorInference? _inference;
    private readonly Counter _batches, _requests, _steps, _interpreted, _waiting, _computing;

    public ActorMetrics(MetricSheet sheet, ActorInference? inference)
    {
        _inference = inference;
        sheet.Begin("Actors' inference");
        _batches = sheet.Counter("arena_actor_batches_total", "Forward passes for match hosts together (setting actor_device); 0 where each host uses the interpreter.");
        _requests = sheet.Counter("arena_actor_requests_total", "Requests of match hosts that they answered.");
        _steps = sheet.Counter("arena_actor_batch_hero_steps_total", "Hero-steps in them; divided by the batches, the size of a batch.");
        _interpreted = sheet.Counter("arena_actor_interpreted_hero_steps_total", "Hero-steps that these hosts left to the interpreter: those of frozen policies.");
        _waiting = sheet.Counter("arena_actor_batch_waiting_seconds_total", "Time that requests, all together, waited for their batch to begin.");
        _computing = sheet.Counter("arena_actor_batch_seconds_total", "Time that batches took, sampling included.");
    }

    public void Collect()
    {
        if (_inference is null)
            return;
        ActorInferenceCounters now = _inference.Counters;
        _batches.IncTo(now.Batches);
        _requests.IncTo(now.Requests);
        _steps.IncTo(now.Rows);
        _interpreted.IncTo(now.InterpretedRows);
        _waiting.IncTo(now.Waiting.TotalSeconds);
        _computing.IncTo(now.Computing.TotalSeconds);
    }
}
