using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Grains;

/// <summary>
/// The one connection of this process to a learner in another, shared by all hosts that play for it here: trajectories go out over it, the newest
/// weights come in. Frozen policies come from the model pool, which all of them share too.
/// </summary>
internal sealed class StreamLine : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500), LastChance = TimeSpan.FromSeconds(3);
    private readonly Lock _gate = new();
    private readonly WorkerLink _link;
    private readonly CancellationTokenSource _closed = new();
    private readonly List<MatchHost> _hosts = [];
    private readonly Timer _beat;
    private readonly string _endpoint;
    private readonly Lazy<(WorkerTerms Learner, SiloModels Frozen)> _terms;
    private readonly Action<StreamLine> _ended;
    private HostCounters _told = new(0, 0, 0, TimeSpan.Zero), _gone = new(0, 0, 0, TimeSpan.Zero);
    private int _lines;
    private bool _disposed;

    /// <param name="frozen">Makes this process's cache of frozen policies for the learner's network.</param>
    /// <param name="ended">Told, perhaps more than once and from any thread, when it leads nowhere any more.</param>
    public StreamLine(
        WorkerTarget target, string endpoint, FactoryOf factoryOf, Func<NetworkPlan, SiloModels> frozen, Action<StreamLine> ended, Action<string> log, TimeProvider time)
    {
        (_endpoint, _ended) = (endpoint, ended);
        _link = new WorkerLink(target, hosts: 1, matches: 1, factoryOf, log, time);
        _terms = new Lazy<(WorkerTerms, SiloModels)>(() =>
        {
            WorkerTerms terms = _link.Terms(_closed.Token);
            return (terms, frozen(terms.Plan));
        });
        _beat = new Timer(_ => Look(), null, Beat, Beat);
    }

    /// <summary>A line for one host; null when the connection has ended for good.</summary>
    /// <exception cref="RefusedException">The learner refused this process.</exception>
    public ILearnerLine? Line()
    {
        lock (_gate)
        {
            if (_closed.IsCancellationRequested)
                return null;
            _lines++;
        }
        var line = new HostLine(this);
        try
        {
            _ = _terms.Value;
            return line;
        }
        catch (Exception e)
        {
            line.Dispose();
            End();
            if (e is IOException or OperationCanceledException)
                return null;
            throw;
        }
    }

    /// <summary>Whether it can still be used.</summary>
    public bool Lives => !_closed.IsCancellationRequested;

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        _beat.Dispose();
        _link.CloseHosts();
        if (_link.Failure is null && !_link.RunOver)
            _link.Drain(LastChance);
        _link.Dispose();
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
        }
        if (_link.Failure is not null || _link.RunOver)
            End();
        HostCounters done;
        lock (_gate)
        {
            HostCounters now = _hosts.Aggregate(_gone, static (sum, host) => sum + host.Counters);
            done = now - _told;
            _told = now;
        }
        if (done.Decisions > 0)
            _link.Count(done);
    }

    private void End()
    {
        _link.CloseHosts();
        _closed.Cancel();
        _ended(this);
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_lines > 0)
                return;
        }
        // The last host is gone: so is the need for a connection.
        End();
        _ = Task.Run(Dispose);
    }

    private sealed class HostLine(StreamLine of) : ILearnerLine
    {
        private bool _disposed;

        public string Name => of._endpoint;

        public CancellationToken Closed => of._closed.Token;

        public HostTerms Terms(CancellationToken stop)
        {
            (WorkerTerms learner, SiloModels frozen) = of._terms.Value;
            ulong seed = Seeds.Derive(learner.Seed, "worker " + of._link.Session);
            return new HostTerms(learner.Factory, learner.Layout, learner.Options, learner.MatchesPerHost, seed, new LatestOver(of, frozen, stop), of._link, null);
        }

        public IDisposable Enlist(MatchHost host)
        {
            lock (of._gate)
                of._hosts.Add(host);
            return new Seat(of, host);
        }

        /// <summary>A host's failure is its own here: the learner makes it anew.</summary>
        public void HostFailed(Exception reason)
        {
        }

        public void Dispose()
        {
            if (_disposed)
                return;
            _disposed = true;
            of.Leave();
        }
    }

    private sealed class Seat(StreamLine of, MatchHost host) : IDisposable
    {
        public void Dispose()
        {
            lock (of._gate)
            {
                if (of._hosts.Remove(host))
                    of._gone += host.Counters;
            }
        }
    }

    /// <summary>The latest policy as the stream brings it, the frozen ones from the cache.</summary>
    private sealed class LatestOver(StreamLine of, SiloModels frozen, CancellationToken stop) : IPolicySource
    {
        public PolicyVersion Get(PlayerId player)
        {
            if (!player.IsLatest)
                return frozen.Get(player, stop);
            try
            {
                return of._link.Get(player);
            }
            catch (OperationCanceledException)
            {
                // The learner went before its first weights came, and the next beat would have told that the line leads nowhere.
                of.End();
                throw;
            }
        }
    }
}
