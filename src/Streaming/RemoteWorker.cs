using System.Diagnostics;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming;

/// <summary>How a worker fares.</summary>
/// <param name="WaitingShare">Share of the hosts' time that they stood waiting for the learner to take chunks.</param>
public sealed record WorkerProgress(double Seconds, HostCounters Played, double WaitingShare, LinkCounters Link);

/// <summary>Hosts that play for a learner in another process, each on its thread.</summary>
public sealed class RemoteWorker(WorkerTarget target, int actors, int matches, FactoryOf factoryOf, Action<string> log, TimeProvider time)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500), LastChance = TimeSpan.FromSeconds(10), Unconnected = TimeSpan.FromMinutes(1);
    private readonly long _start = time.GetTimestamp();
    private volatile WorkerLink? _link;
    private volatile MatchHost[] _hosts = [];
    private volatile string? _fault;
    private volatile bool _ended;

    public int Hosts => actors;

    /// <summary>How the worker fares now. From any thread.</summary>
    public WorkerProgress Progress
    {
        get
        {
            HostCounters played = Sum(_hosts);
            double seconds = time.GetElapsedTime(_start).TotalSeconds;
            return new WorkerProgress(seconds, played, played.SinkWait.TotalSeconds / Math.Max(seconds * actors, 1e-9), _link?.Counters ?? LinkCounters.None);
        }
    }

    /// <summary>How the worker is now. From any thread.</summary>
    public WorkerHealth Health
    {
        get
        {
            LinkCounters link = _link?.Counters ?? LinkCounters.None;
            string state = _fault is not null ? "failed" : _ended ? "ended" : link.Connected ? "playing" : link.Connections == 0 ? "connecting" : "disconnected";
            bool healthy = _fault is null && (_ended || link.Connected || link.StateAge < Unconnected);
            return new WorkerHealth(
                state, healthy, $"{target.Host}:{target.Port}", link.Connected, link.StateAge.TotalSeconds, Math.Max(0, link.Connections - 1), link.Version, link.VersionAge.TotalSeconds,
                link.Chunks - link.AcknowledgedChunks, link.Results - link.AcknowledgedResults, _fault);
        }
    }

    /// <summary>Plays until cancelled, or until the learner's run is over; then brings what was reported to the learner before it ends.</summary>
    /// <param name="progress">Called twice a second, and at the end, on the calling thread.</param>
    /// <returns>The last progress.</returns>
    /// <exception cref="RefusedException">The learner refused this worker for good.</exception>
    /// <exception cref="IOException">No learner could be reached.</exception>
    public WorkerProgress Run(Action<WorkerProgress> progress, CancellationToken cancellation)
    {
        try
        {
            return Play(progress, cancellation);
        }
        catch (Exception e)
        {
            _fault = e.Message;
            throw;
        }
        finally
        {
            _ended = true;
        }
    }

    private WorkerProgress Play(Action<WorkerProgress> progress, CancellationToken cancellation)
    {
        using var link = new WorkerLink(target, actors, matches, factoryOf, log, time);
        _link = link;
        WorkerTerms terms;
        try
        {
            terms = link.Terms(cancellation);
        }
        catch (OperationCanceledException)
        {
            return Progress;
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using CancellationTokenRegistration closing = stop.Token.Register(link.CloseHosts);
        ulong seed = Seeds.Derive(terms.Seed, "worker " + link.Session);
        IBatchEnvironment[] environments = [.. Enumerable.Range(0, actors).Select(_ => terms.Factory.Create(matches > 0 ? matches : terms.MatchesPerHost))];
        MatchHost[] hosts = [.. environments.Select((e, h) => new MatchHost(h, e, link, link, link, terms.Layout, terms.Options, seed))];
        _hosts = hosts;
        Exception? failure = null;
        Thread[] threads = [.. hosts.Select((host, h) => Start(host, h, stop, e => Interlocked.CompareExchange(ref failure, e, null)))];
        HostCounters told = new(0, 0, 0, TimeSpan.Zero);
        WorkerProgress last;
        try
        {
            do
            {
                foreach (Thread thread in threads)
                {
                    if (!thread.Join(Beat / threads.Length) && (link.Failure is not null || link.RunOver))
                        stop.Cancel();
                }
                HostCounters now = Sum(hosts);
                link.Count(new HostCounters(now.Decisions - told.Decisions, now.AgentSteps - told.AgentSteps, now.Matches - told.Matches, now.SinkWait - told.SinkWait));
                told = now;
                last = Progress;
                progress(last);
            }
            while (threads.Any(t => t.IsAlive));
            if (failure is null && link.Failure is null && !link.Drain(LastChance) && !link.RunOver)
                log($"{link.Counters.Results - link.Counters.AcknowledgedResults} result(s) could not be brought to the learner");
            last = Progress;
        }
        finally
        {
            stop.Cancel();
            foreach (Thread thread in threads)
                thread.Join();
            foreach (MatchHost host in hosts)
                host.Dispose();
            foreach (IBatchEnvironment environment in environments)
                (environment as IDisposable)?.Dispose();
        }
        if (failure is not null)
            throw new InvalidOperationException($"a match host stopped: {failure.Message}", failure);
        return link.Failure is { } broken ? throw Told(broken) : last;
    }

    /// <summary>The same again, thrown from here.</summary>
    private static Exception Told(Exception e) => e switch
    {
        RefusedException refused => new RefusedException(refused.Refusal, refused.Message, refused),
        IOException => new IOException(e.Message, e),
        _ => new InvalidOperationException(e.Message, e),
    };

    private static HostCounters Sum(MatchHost[] hosts)
    {
        HostCounters[] counters = [.. hosts.Select(h => h.Counters)];
        return new HostCounters(
            counters.Sum(c => c.Decisions), counters.Sum(c => c.AgentSteps), counters.Sum(c => c.Matches), TimeSpan.FromTicks(counters.Sum(c => c.SinkWait.Ticks)));
    }

    private static Thread Start(MatchHost host, int number, CancellationTokenSource stop, Action<Exception> fail)
    {
        var thread = new Thread(() =>
        {
            try
            {
                while (!stop.IsCancellationRequested && host.Step(stop.Token))
                {
                }
            }
            catch (OperationCanceledException)
            {
                // The worker is ending, and a policy never came.
            }
            catch (Exception e)
            {
                fail(e);
                stop.Cancel();
            }
        })
        { IsBackground = true, Name = $"match host {number}" };
        thread.Start();
        return thread;
    }
}
