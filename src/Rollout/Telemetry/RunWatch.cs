namespace SelfPlayArena.Rollout.Telemetry;

/// <summary>How a run is, for whoever must decide whether to wake somebody.</summary>
/// <param name="State"><c>starting</c> until the first update, <c>running</c>, <c>paused</c>, <c>stalled</c> (no update for too long), <c>faulted</c>, <c>ended</c>.</param>
/// <param name="Healthy">False when stalled or faulted.</param>
/// <param name="UpdateAgeSeconds">Since the last update, or since the start.</param>
/// <param name="Fault">What went wrong, null if nothing did.</param>
public sealed record RunHealth(
    string Run, string State, bool Healthy, long Updates, long TrainedSteps, double UpdateAgeSeconds, bool LearnerAlive, int Hosts, int HostsAlive, string? Fault) : IHealth;

/// <summary>Follows whether a run lives. Thread-safe.</summary>
/// <param name="stall">How long a learner may go without an update.</param>
internal sealed class RunWatch(string run, int hosts, TimeSpan stall, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _at = time.GetTimestamp();
    private bool _begun, _alive, _paused;
    private int _hostsAlive;
    private long _updates, _trainedSteps, _updatesHere;
    private string? _fault, _failure;

    public void Begin()
    {
        lock (_gate)
            (_begun, _alive, _at) = (true, true, time.GetTimestamp());
    }

    public void Updated(RunProgress progress)
    {
        lock (_gate)
        {
            _fault = progress.Fault;
            // An update that was undone, or had nothing fresh enough to learn from, is no sign of life.
            if (progress.Updates > _updates)
                _at = time.GetTimestamp();
            _updatesHere++;
            (_updates, _trainedSteps) = (progress.Updates, progress.TrainedSteps);
        }
    }

    /// <summary>A run that stands still because it was told to is not stalled.</summary>
    public void Paused(bool paused)
    {
        lock (_gate)
            (_paused, _at) = (paused, time.GetTimestamp());
    }

    public void Failed(Exception e)
    {
        lock (_gate)
            _failure ??= e.Message;
    }

    public void HostBegan()
    {
        lock (_gate)
            _hostsAlive++;
    }

    public void HostEnded()
    {
        lock (_gate)
            _hostsAlive--;
    }

    public void End()
    {
        lock (_gate)
            _alive = false;
    }

    public RunHealth Health()
    {
        lock (_gate)
        {
            TimeSpan age = time.GetElapsedTime(_at);
            string? fault = _failure ?? _fault;
            string state = fault is not null ? "faulted"
                : _begun && !_alive ? "ended"
                : _paused ? "paused"
                : age > stall ? "stalled"
                : _updatesHere == 0 ? "starting"
                : "running";
            return new RunHealth(run, state, state is not ("faulted" or "stalled"), _updates, _trainedSteps, age.TotalSeconds, _alive, hosts, _hostsAlive, fault);
        }
    }
}
