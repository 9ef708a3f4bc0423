using Prometheus;
using SelfPlayArena.Cli.Hosting;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;

namespace SelfPlayArena.Cli.Measuring;

/// <summary>A league that trains in this process while something else is measured, hosted as <c>arena league</c> hosts it. Its folder is the caller's to delete.</summary>
internal sealed class BackgroundRun : IDisposable
{
    /// <summary>Updates after which everything has been compiled and the queue has filled.</summary>
    private const int WarmUpdates = 3;

    private readonly GrainHosting _grains;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly List<(long When, long Steps)> _updates = [];
    private readonly TaskCompletionSource _warm = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="pressure">What it gives way to.</param>
    public BackgroundRun(RunSettings settings, string folder, IPlayPressure pressure)
    {
        IEnvironmentFactory factory = Environments.Create(settings);
        _grains = new GrainHosting(new RunFolder(folder), settings, factory, remote: null, new MetricSheet(Metrics.NewCustomRegistry()), TimeProvider.System);
        try
        {
            SelfPlayRun run = _grains.Open(resume: false, "bench", new RunLimits());
            run.GiveWayTo(pressure);
        }
        catch
        {
            _grains.Dispose();
            throw;
        }
        _thread = new Thread(Train) { IsBackground = true, Name = "background run" };
        _thread.Start();
    }

    /// <summary>Completes when its speed means something; fails as the run does.</summary>
    public Task Warm => _warm.Task;

    public Task Pause() => _grains.Pause();

    public Task Resume() => _grains.Resume();

    /// <summary>Trained hero-steps a second from a moment of <see cref="TimeProvider.GetTimestamp"/> until the last update that was made; 0 if there was none since.</summary>
    public double Rate(long since)
    {
        lock (_gate)
        {
            int next = _updates.FindIndex(u => u.When > since);
            if (next <= 0)
                return 0;
            ((long before, long stepsBefore), (long after, long stepsAfter), (long last, long steps)) = (_updates[next - 1], _updates[next], _updates[^1]);
            // An update counts as if it had come on evenly since the one before.
            double then = stepsBefore + (double)(since - before) / (after - before) * (stepsAfter - stepsBefore);
            return (steps - then) / TimeProvider.System.GetElapsedTime(since, last).TotalSeconds;
        }
    }

    /// <summary>Saves and ends the run.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _grains.Dispose();
        _stop.Dispose();
    }

    private void Train()
    {
        try
        {
            _grains.Run(Updated, _stop.Token);
            _warm.TrySetCanceled();
        }
        catch (Exception e)
        {
            _warm.TrySetException(e);
        }
    }

    private void Updated(RunProgress now)
    {
        lock (_gate)
        {
            _updates.Add((TimeProvider.System.GetTimestamp(), now.TrainedSteps));
            if (_updates.Count == WarmUpdates)
                _warm.TrySetResult();
        }
    }
}
