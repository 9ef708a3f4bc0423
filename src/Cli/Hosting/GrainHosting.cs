using System.Runtime.ExceptionServices;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using SelfPlayArena.Core;
using SelfPlayArena.Grains;
using SelfPlayArena.League;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Cli.Hosting;

/// <summary>One run whose league, learner and match hosts are grains of a silo in this process. Its log and its files are those of any run.</summary>
internal sealed class GrainHosting : IRunHome, IRunWatcher, IDisposable
{
    private const int ThreadsWithWorkers = 32;
    private readonly RunFolder _folder;
    private readonly RunSettings _settings;
    private readonly IEnvironmentFactory _factory;
    private readonly RemoteHosts? _remote;
    private readonly string _name;
    private readonly IHost _silo;
    private readonly ILearnerGrain _learner;
    private readonly TaskCompletionSource<SelfPlayRun> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _go = new();
    private Action<RunProgress> _progress = static _ => { };
    private bool _begun;

    /// <param name="remote">Lets workers of other processes play as well; null for none.</param>
    /// <param name="sheet">Where the grains' metrics are kept.</param>
    public GrainHosting(RunFolder folder, RunSettings settings, IEnvironmentFactory factory, RemoteHosts? remote, MetricSheet sheet, TimeProvider time)
    {
        (_folder, _settings, _factory, _remote) = (folder, settings, factory, remote);
        _name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder.Path));
        // Workers' connections wait for grains, whose turns need threads of the same pool.
        ThreadPool.GetMinThreads(out int threads, out int ports);
        if (remote is not null && threads < ThreadsWithWorkers)
            ThreadPool.SetMinThreads(ThreadsWithWorkers, ports);
        _silo = ArenaSilo.Alone(this, folder.Grains, new GrainMeter(sheet), this, time);
        _silo.Start();
        _learner = _silo.Services.GetRequiredService<IGrainFactory>().GetGrain<ILearnerGrain>(_name);
    }

    /// <summary>Opens the run; it begins with <see cref="Run"/>.</summary>
    /// <param name="preset">Name of the preset of a new run.</param>
    public SelfPlayRun Open(bool resume, string preset, RunLimits limits)
    {
        int hosts = _remote is { Only: true } ? 0 : _settings.Actors;
        var order = new LearnerOrder(JsonSerializer.Serialize(_settings, RunFolder.Json), preset, resume, hosts, limits.Minutes, limits.Steps);
        _begun = true;
        Task<LearnerStatus> start = Task.Run(() => _learner.Start(order));
        // A start that answers before the run is open, as one that takes long does, is no failure.
        var failed = new TaskCompletionSource();
        _ = start.ContinueWith(_ => failed.TrySetResult(), CancellationToken.None, TaskContinuationOptions.NotOnRanToCompletion, TaskScheduler.Default);
        Task.WaitAny(_opened.Task, _ended.Task, failed.Task);
        if (_opened.Task.IsCompleted)
            return _opened.Task.Result;
        if (!_ended.Task.IsCompleted)
            _begun = false;
        ExceptionDispatchInfo.Throw((_ended.Task.IsCompleted ? _ended.Task.Result : start.Exception?.InnerException) ?? new InvalidOperationException("the run ended before it was open"));
        throw null!;
    }

    /// <summary>Lets the run go, and waits until it has ended.</summary>
    /// <param name="progress">Called after every update, on the learner's thread.</param>
    public void Run(Action<RunProgress> progress, CancellationToken cancellation)
    {
        _progress = progress;
        using CancellationTokenRegistration stopping = cancellation.Register(() => _ = _learner.Stop());
        _go.Set();
        if (_ended.Task.GetAwaiter().GetResult() is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <inheritdoc cref="ILearnerGrain.Pause"/>
    public Task Pause() => _learner.Pause();

    /// <inheritdoc cref="ILearnerGrain.Resume"/>
    public Task Resume() => _learner.Resume();

    /// <inheritdoc cref="ILearnerGrain.Snapshot"/>
    public Task Snapshot() => _learner.Snapshot();

    public IEventLog OpenLog(string run) => FileEventLog.Open(Folder(run).Events);

    public RunFolder Folder(string run) => run == _name ? _folder : throw new InvalidOperationException($"the run '{run}' is not this process's, which is '{_name}'");

    public IEnvironmentFactory Environment(RunSettings settings) => _factory;

    public IEnvironmentFactory Environment(EnvironmentRecipe recipe) => Environments.Create(recipe);

    public ITrajectoryTransport Transport(int capacity) => new TrajectoryQueue(capacity);

    /// <summary>Workers come by it; the run's own hosts are in this process and have no need of it.</summary>
    public RunDoor? OpenDoor(string run, ILocalRunPort port) => _remote is null ? null : new RunDoor(null, _remote.Open(port));

    public WorkerTarget Target(string endpoint) => throw new InvalidOperationException("a process that is alone has no learner elsewhere");

    public void Opened(string name, SelfPlayRun run)
    {
        _opened.SetResult(run);
        // Whoever watches gets ready first: no update may be missed.
        _go.Wait();
    }

    public void Updated(string name, RunProgress progress) => _progress(progress);

    public void Ended(string name, Exception? failure) => _ended.TrySetResult(failure);

    /// <summary>Ends the run if it is still going, and the silo.</summary>
    public void Dispose()
    {
        if (_begun && !_ended.Task.IsCompleted)
        {
            _ = _learner.Stop();
            _go.Set();
            _ended.Task.Wait();
        }
        // Also where the run was given up before it was open: its thread would wait for ever to be let go.
        _go.Set();
        _silo.StopAsync().GetAwaiter().GetResult();
        _silo.Dispose();
        _go.Dispose();
    }
}
