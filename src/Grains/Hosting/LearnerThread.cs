using System.Text.Json;
using Orleans;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Grains;

/// <summary>A run's learning loop on its thread, and the door by which hosts come to it.</summary>
internal sealed class LearnerThread
{
    private static readonly TimeSpan LastChance = TimeSpan.FromSeconds(20);
    private readonly string _run;
    private readonly LearnerOrder _order;
    private readonly bool _remembered;
    private readonly IRunHome _home;
    private readonly SiloRuns _runs;
    private readonly IRunWatcher? _watcher;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile LearnerPlace _place;
    private volatile RunProgress? _last;
    private volatile SelfPlayRun? _selfPlay;
    private volatile Exception? _failure;
    private int _session, _asked;
    private volatile bool _handedOver;

    /// <param name="remembered">The order is what an earlier activation left: the run goes on, if it had come as far as being there.</param>
    public LearnerThread(string run, LearnerOrder order, bool remembered, IRunHome home, SiloRuns runs, IRunWatcher? watcher, TimeProvider time)
    {
        (_run, _order, _remembered, _home, _runs, _watcher, _time) = (run, order, remembered, home, runs, watcher, time);
        _place = new LearnerPlace(Open: false, Over: false, null);
        runs.Learning(this);
        new Thread(Work) { IsBackground = true, Name = $"learner {run}" }.Start();
    }

    public LearnerOrder Order => _order;

    /// <summary>Completes when the run is open; faults when it cannot be opened.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Completes when hosts may come.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes, with what went wrong or null, when the run is saved and closed.</summary>
    public Task<Exception?> Ended => _ended.Task;

    public LearnerPlace Place => _place;

    /// <summary>Lets the run save and end.</summary>
    /// <param name="handOver">It is to go on elsewhere: hosts stay, and look for it.</param>
    public void Stop(bool handOver)
    {
        // Who comes first decides.
        if (Interlocked.Exchange(ref _asked, 1) != 0)
            return;
        _handedOver = handOver;
        _stop.Cancel();
    }

    public void Snapshot() => _selfPlay?.AskForSnapshot();

    public void Pause() => _selfPlay?.Pause();

    public void Resume() => _selfPlay?.Resume();

    public LearnerStatus Status
    {
        get
        {
            RunProgress? last = _last;
            LearnerState state = _ended.Task.IsCompleted ? _failure is null ? LearnerState.Ended : LearnerState.Failed
                : _stop.IsCancellationRequested ? LearnerState.Ending
                : _selfPlay is null ? LearnerState.Opening
                : _selfPlay is { IsPaused: true } ? LearnerState.Paused
                : LearnerState.Learning;
            return new LearnerStatus(
                state, _session, last?.Updates ?? 0, last?.TrainedSteps ?? 0, last?.HeroStepsPerSecond ?? 0, last?.MatchesFinished ?? 0, _order.Hosts, _place.Endpoint,
                Environment.MachineName, Environment.ProcessId, _failure?.Message ?? last?.Fault);
        }
    }

    private void Work()
    {
        Exception? failure = null;
        try
        {
            RunSettings settings = JsonSerializer.Deserialize<RunSettings>(_order.Settings, RunFolder.Json) ?? throw new InvalidDataException("the order holds no settings");
            if (settings.Lockstep)
                throw new ArgumentException("a run in lockstep mode plays on the thread that learns: it is not hosted by grains");
            var remote = new RemoteHosts(OpenDoor, Only: true, Expected: _order.Hosts);
            var league = new LeagueProxy(_runs.Grains, _run, _runs.Meter);
            IEnvironmentFactory factory = _home.Environment(settings);
            RunFolder folder = _home.Folder(_run);
            using SelfPlayRun run = (_remembered ? File.Exists(folder.Settings) : _order.Resume)
                ? SelfPlayRun.Resume(folder, settings, factory, _home.Transport, _time, remote, league)
                : SelfPlayRun.Create(folder, settings, _order.Preset, factory, _home.Transport, _time, remote, league);
            try
            {
                _session = league.Session;
                _selfPlay = run;
                _opened.SetResult();
                _watcher?.Opened(_run, run);
                run.Run(
                    new RunLimits(_order.Minutes, _order.Steps),
                    now =>
                    {
                        _last = now;
                        _watcher?.Updated(_run, now);
                    },
                    _stop.Token);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }
        catch (Exception e)
        {
            // What goes wrong while a run that failed is closed comes of that.
            failure ??= e;
        }
        _selfPlay = null;
        _failure = failure;
        _place = new LearnerPlace(Open: false, Over: !_handedOver, null);
        if (failure is not null)
            _opened.TrySetException(failure);
        _ready.TrySetCanceled();
        try
        {
            _watcher?.Ended(_run, failure);
        }
        catch (Exception e)
        {
            _runs.Log($"{_run}: who watched it could not be told of its end: {e}");
            _failure = failure ??= e;
        }
        _ended.SetResult(failure);
    }

    private Doors OpenDoor(ILocalRunPort port)
    {
        LocalRun local = _runs.Open(_run, port);
        RunDoor? door;
        try
        {
            door = _home.OpenDoor(_run, port);
        }
        catch
        {
            // Hosts that stayed here from before may have found the run already.
            local.Dispose();
            throw;
        }
        _place = new LearnerPlace(Open: true, Over: false, door?.Endpoint);
        _ready.TrySetResult();
        return new Doors(this, local, door?.Opened);
    }

    /// <summary>Closes in this order: nobody new comes, hosts of this process end and their results are brought home, the others are told, and no host is left behind.</summary>
    private void CloseDoor(LocalRun local, IDisposable? door)
    {
        _place = new LearnerPlace(Open: false, Over: !_handedOver, null);
        local.Dispose();
        door?.Dispose();
        if (!_handedOver)
        {
            Task<HostStatus>[] stopping =
            [
                .. Enumerable.Range(0, _order.Hosts).Select(h =>
                    _runs.Meter.Call("match-host", "stop", () => _runs.Grains.GetGrain<IMatchHostGrain>(HostOrder.KeyOf(_run, h)).Stop())),
            ];
            try
            {
                Task.WaitAll(stopping, LastChance);
            }
            catch (AggregateException e)
            {
                _runs.Log($"{_run}: a match host could not be stopped: {e.InnerException?.Message}");
            }
        }
        if (!_runs.Outbox(_run).DrainAsync(LastChance).GetAwaiter().GetResult())
            _runs.Log($"{_run}: {_runs.Outbox(_run).Waiting} result(s) could not be brought to the league");
    }

    private sealed class Doors(LearnerThread of, LocalRun local, IDisposable? door) : IDisposable
    {
        public void Dispose() => of.CloseDoor(local, door);
    }
}
