using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Grains;

/// <summary>
/// What this process has of runs: those that learn here, connections to those that learn elsewhere, and the results on their way to leagues. One
/// for all grains of a silo. Thread-safe.
/// </summary>
public sealed class SiloRuns(IRunHome home, IGrainFactory grains, GrainMeter meter, TimeProvider time, ILogger<SiloRuns> log) : IDisposable
{
    private static readonly TimeSpan LastChance = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, LocalRun> _local = new();
    private readonly ConcurrentDictionary<string, ResultOutbox> _outboxes = new();
    private readonly Dictionary<string, StreamLine> _streams = [];
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<HostThread, bool> _hosts = new();
    private readonly ConcurrentDictionary<LearnerThread, bool> _learners = new();
    private bool _leaving;

    /// <summary>This process is about to leave: nothing new begins in it.</summary>
    internal bool Leaving
    {
        get
        {
            lock (_gate)
                return _leaving;
        }
    }

    internal IGrainFactory Grains => grains;

    internal GrainMeter Meter => meter;

    internal void Log(string line) => log.LogInformation("{Line}", line);

    /// <exception cref="OrleansException">This process is about to leave.</exception>
    internal void Playing(HostThread host)
    {
        Enter(_hosts, host);
        _ = host.Ended.ContinueWith(_ => _hosts.TryRemove(host, out bool _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <inheritdoc cref="Playing"/>
    internal void Learning(LearnerThread learner)
    {
        Enter(_learners, learner);
        _ = learner.Ended.ContinueWith(_ => _learners.TryRemove(learner, out bool _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>
    /// Saves what learns here, to go on elsewhere, ends hosts and brings their results home. While the silo still stands: afterwards nobody is left to
    /// bring them to.
    /// </summary>
    internal async Task LeaveAsync()
    {
        LearnerThread[] learners;
        HostThread[] hosts;
        lock (_gate)
        {
            _leaving = true;
            (learners, hosts) = ([.. _learners.Keys], [.. _hosts.Keys]);
        }
        foreach (HostThread host in hosts)
            host.Stop();
        foreach (LearnerThread learner in learners)
            learner.Stop(handOver: true);
        await Task.WhenAll([.. hosts.Select(h => h.Ended), .. learners.Select(l => l.Ended)]).ConfigureAwait(false);
        await Task.WhenAll(_outboxes.Values.Select(o => o.DrainAsync(LastChance))).ConfigureAwait(false);
    }

    /// <summary>Lets hosts of this process play for what is played here, by reference, until the returned thing is disposed.</summary>
    public LocalRun Open(string run, ILocalRunPort port)
    {
        var local = new LocalRun(this, run, port);
        _local[run] = local;
        return local;
    }

    internal void Forget(LocalRun local) => _local.TryRemove(KeyValuePair.Create(local.Run, local));

    /// <summary>A line for one host to a run that is played here; null if it is not.</summary>
    internal ILearnerLine? LocalLine(string run) => _local.TryGetValue(run, out LocalRun? local) ? local.Line() : null;

    /// <summary>A line for one host to a learner elsewhere; null if it leads nowhere just now.</summary>
    internal ILearnerLine? Line(string run, LearnerPlace place)
    {
        if (place.Endpoint is not { } endpoint)
            return null;
        string key = run + " " + endpoint;
        StreamLine? stream;
        lock (_gate)
        {
            if (!_streams.TryGetValue(key, out stream) || !stream.Lives)
            {
                stream = new StreamLine(
                    home.Target(endpoint), endpoint, home.Environment, plan => new SiloModels(grains.GetGrain<IModelPoolGrain>(run), plan, meter, _stop.Token),
                    ended => Forget(key, ended), line => Log($"{run}: {line}"), time);
                _streams[key] = stream;
            }
        }
        return stream.Line();
    }

    /// <summary>Connections to learners elsewhere.</summary>
    internal int Streams
    {
        get
        {
            lock (_gate)
                return _streams.Count;
        }
    }

    /// <summary>What is about to begin either is among those that end when this process leaves, or does not begin: afterwards nobody would bring it to its end.</summary>
    private void Enter<T>(ConcurrentDictionary<T, bool> all, T one)
        where T : notnull
    {
        lock (_gate)
        {
            if (_leaving)
                throw new OrleansException("this silo is about to leave; ask again");
            all[one] = true;
        }
    }

    private void Forget(string key, StreamLine ended)
    {
        lock (_gate)
        {
            if (_streams.TryGetValue(key, out StreamLine? stream) && ReferenceEquals(stream, ended))
                _streams.Remove(key);
        }
    }

    /// <summary>The results of a run on their way from this process to the league.</summary>
    internal ResultOutbox Outbox(string run)
        => _outboxes.GetOrAdd(run, r => new ResultOutbox(grains.GetGrain<ILeagueGrain>(r), meter, line => Log($"{r}: {line}")));

    /// <summary>Ends connections. What results are still here are lost, and were never acknowledged.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        StreamLine[] streams;
        lock (_gate)
        {
            streams = [.. _streams.Values];
            _streams.Clear();
        }
        foreach (StreamLine stream in streams)
            stream.Dispose();
        foreach (ResultOutbox outbox in _outboxes.Values)
            outbox.Dispose();
    }
}
