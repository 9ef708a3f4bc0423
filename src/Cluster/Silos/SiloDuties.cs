using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Core.Internal;
using Orleans.Metadata;
using Orleans.Runtime;
using SelfPlayArena.Grains;
using SelfPlayArena.League;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cluster.Silos;

/// <summary>
/// What a silo does besides hosting grains: it sees that the run's learner is there (whichever silo has it), lets go of match hosts that belong on
/// another silo since one came or went, and tells the database how it fares.
/// </summary>
internal sealed class SiloDuties(
    ClusterDatabase database, SelfPlayArena.Cluster.SiloOptions options, IGrainFactory grains, ILocalSiloDetails own, IClusterManifestProvider manifest,
    Draining draining, GrainMeter meter, TimeProvider time) : BackgroundService, IRunWatcher
{
    private static readonly TimeSpan Reporting = TimeSpan.FromSeconds(2), Keeping = TimeSpan.FromSeconds(1), Balancing = TimeSpan.FromSeconds(5), LeaveTime = TimeSpan.FromSeconds(25);

    /// <summary>Looks in a row that must agree before a host is moved: a silo that comes up is not there at once for everybody.</summary>
    private const int SureAfter = 2;

    private readonly SiloReports _reports = new(database, options.Cluster);
    private readonly ConcurrentDictionary<string, RunProgress?> _learning = new();
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private readonly Dictionary<string, int> _misplaced = [];
    private readonly SemaphoreSlim _writing = new(1);
    private long _stepsBefore, _reportedAt = time.GetTimestamp();
    private volatile bool _stopping;

    public void Opened(string name, SelfPlayRun run)
    {
        _learning[name] = null;
        options.Log($"{name}: the learner is here, after {run.TrainedSteps} trained hero-steps");
        foreach (string notice in run.Notices)
            options.Log($"{name}: {notice}");
    }

    public void Updated(string name, RunProgress progress) => _learning[name] = progress;

    public void Ended(string name, Exception? failure)
    {
        _learning.TryRemove(name, out _);
        options.Log(failure is null ? $"{name}: the learner saved and ended here" : $"{name}: the learner ended here: {failure.Message}");
    }

    /// <summary>Before the silo goes: its grains save and go first, in an order in which each still finds those that it needs.</summary>
    public async Task LeaveAsync()
    {
        _stopping = true;
        await Try("telling that it goes", ReportAsync);
        long start = time.GetTimestamp();
        string[] learning = [.. _learning.Keys];
        foreach (string run in learning)
            await Try("handing the learner over", () => Deactivate(grains.GetGrain<ILearnerGrain>(run)));
        await Until(() => _learning.IsEmpty);
        foreach (string host in meter.Hosts.Keys)
            await Try("ending a match host", () => Deactivate(grains.GetGrain<IMatchHostGrain>(host)));
        await Until(() => meter.Hosts.Count == 0);
        foreach (string run in learning)
        {
            // Wherever they are: whoever needs them next makes them anew.
            await Try("letting go of the league", () => Deactivate(grains.GetGrain<ILeagueGrain>(run)));
        }

        async Task Until(Func<bool> done)
        {
            while (!done() && time.GetElapsedTime(start) < LeaveTime)
                await Task.Delay(50);
        }
    }

    /// <summary>After the silo went.</summary>
    public Task ForgetAsync() => Try("taking its report away", () => _reports.RemoveAsync(options.Name));

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var duties = new List<Task> { Every(Reporting, "telling how it fares", ReportAsync, stoppingToken), Every(Balancing, "spreading hosts", BalanceAsync, stoppingToken) };
        if (options.Run is { } run)
            duties.Add(KeepAsync(run, stoppingToken));
        return Task.WhenAll(duties);
    }

    private async Task KeepAsync(SiloRun run, CancellationToken stop)
    {
        TimeSpan pause = Keeping;
        string told = "";
        while (!stop.IsCancellationRequested && !_stopping)
        {
            try
            {
                LearnerStatus status = await Learner(run.Name).Status();
                if (status.State is LearnerState.Idle or LearnerState.Failed)
                    status = await Learner(run.Name).Start(Order(run));
                if (status.State == LearnerState.Ended)
                {
                    options.Log($"{run.Name}: the run has ended, after {status.TrainedSteps} trained hero-steps");
                    return;
                }
                (pause, told) = (Keeping, "");
            }
            catch (Exception e)
            {
                if (e.Message != told)
                    options.Log($"{run.Name}: the learner cannot be started and will be tried again: {e.Message}");
                told = e.Message;
                pause = pause * 2 < TimeSpan.FromSeconds(15) ? pause * 2 : TimeSpan.FromSeconds(15);
            }
            await Pause(pause, stop);
        }
    }

    /// <summary>A run that is there goes on with the settings that it was made with.</summary>
    private LearnerOrder Order(SiloRun run)
    {
        bool there = PostgresEventLog.Read(database, run.Name, 0, 1).Any();
        return new LearnerOrder(JsonSerializer.Serialize(there ? Kept(run.Name) : run.Settings, RunFolder.Json), run.Preset, there, run.Hosts, null, run.Steps);
    }

    private RunSettings Kept(string run)
    {
        string folder = Path.Combine(options.Scratch, $".settings-{Guid.NewGuid():N}");
        var copy = new RunFolder(folder);
        try
        {
            return new RunFiles(database, run).Fetch("run.json", copy.Settings)
                ? copy.ReadSettings()
                : throw new LeagueLogException($"run '{run}' has a log in {database.Address} but no settings: it was not made by a cluster");
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private async Task BalanceAsync()
    {
        if (_stopping)
            return;
        HashSet<string> leaving = await draining.ReadAsync();
        string[] here = [.. meter.Hosts.Keys];
        foreach (string gone in _misplaced.Keys.Except(here).ToArray())
            _misplaced.Remove(gone);
        foreach (string key in here)
        {
            IMatchHostGrain host = grains.GetGrain<IMatchHostGrain>(key);
            GrainType type = host.GetGrainId().Type;
            SiloAddress? belongs = Spread.Choose(key, manifest.Current.Silos.Where(s => s.Value.Grains.ContainsKey(type)).Select(s => s.Key).Where(s => !leaving.Contains(s.Endpoint.ToString())));
            if (belongs is null || belongs.Equals(own.SiloAddress))
                _misplaced.Remove(key);
            else if ((_misplaced[key] = _misplaced.GetValueOrDefault(key) + 1) >= SureAfter)
            {
                options.Log($"match host {key} moves to {belongs.Endpoint}");
                await Deactivate(host);
            }
        }
    }

    private async Task ReportAsync()
    {
        IReadOnlyDictionary<string, HostStatus> hosts = meter.Hosts;
        long steps = hosts.Values.Sum(h => h.HeroSteps), at = time.GetTimestamp();
        // A host that was made anew counts from 0: then the rate is not known this time.
        double rate = steps >= _stepsBefore ? (steps - _stepsBefore) / Math.Max(time.GetElapsedTime(_reportedAt, at).TotalSeconds, 1e-3) : 0;
        (_stepsBefore, _reportedAt) = (steps, at);
        var learners = new List<LearnerReport>();
        foreach (string run in _learning.Keys)
            learners.Add(SiloReport.Of(run, await Learner(run).Status()));
        // One after another: a report that was begun before must not take back that the silo goes.
        await _writing.WaitAsync();
        try
        {
            await _reports.WriteAsync(new SiloReport(
                options.Name, options.Roles.ToString().ToLowerInvariant(), own.SiloAddress.Endpoint.ToString(), Environment.MachineName, Environment.ProcessId, meter.Activations,
                [.. hosts.OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => SiloReport.Of(h.Key, h.Value))], learners, rate, _stopping), _started);
        }
        finally
        {
            _writing.Release();
        }
    }

    private ILearnerGrain Learner(string run) => grains.GetGrain<ILearnerGrain>(run);

    private static Task Deactivate(IAddressable grain) => grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle().AsTask();

    private async Task Every(TimeSpan period, string what, Func<Task> duty, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Try(what, duty);
            await Pause(period, stop);
        }
    }

    private async Task Try(string what, Func<Task> duty)
    {
        try
        {
            await duty();
        }
        catch (Exception e)
        {
            // A call that was cancelled on its way, too: a duty that ends must not end for ever.
            options.Log($"{what} failed: {e.Message}");
        }
    }

    private static async Task Pause(TimeSpan period, CancellationToken stop)
    {
        try
        {
            await Task.Delay(period, stop);
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }
}
