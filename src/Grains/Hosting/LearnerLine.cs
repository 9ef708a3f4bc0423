using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Grains;

/// <summary>How a host plays for a learner: everything that it needs of one, wherever that is. Disposed when the host has ended.</summary>
internal interface ILearnerLine : IDisposable
{
    /// <summary>How trajectories go, for people.</summary>
    string Name { get; }

    /// <summary>Signalled when this line leads nowhere any more: the host ends, and asks where the learner is.</summary>
    CancellationToken Closed { get; }

    /// <summary>What the host is made with.</summary>
    /// <param name="stop">Signalled when the host is to end, which then waits for no policy any more.</param>
    HostTerms Terms(CancellationToken stop);

    /// <summary>Counts the host among those that play.</summary>
    IDisposable Enlist(MatchHost host);

    /// <summary>The host cannot go on.</summary>
    void HostFailed(Exception reason);
}

/// <summary>What a host is made with.</summary>
/// <param name="Matches">Matches that it should play at a time.</param>
/// <param name="Actor">Makes what evaluates its policies; null for the interpreter.</param>
internal sealed record HostTerms(
    IEnvironmentFactory Factory, TrajectoryLayout Layout, HostOptions Options, int Matches, ulong Seed, IPolicySource Policies, ITrajectorySink? Sink, IMatchRecorder? Recorder,
    TrainingPace? Pace = null, Func<IPolicyActor>? Actor = null)
{
    public MatchHost Make(int number, IBatchEnvironment environment, IMatchDirector director)
        => new(number, environment, director, Policies, Sink, Layout, Options, Seed, Recorder, Actor?.Invoke()) { Pace = Pace };
}

/// <summary>A run that learns in this process: its hosts here play for it by reference.</summary>
public sealed class LocalRun : IDisposable
{
    private readonly object _gate = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly SiloRuns _runs;
    private readonly ILocalRunPort _port;
    private int _lines;

    internal LocalRun(SiloRuns runs, string run, ILocalRunPort port) => (_runs, Run, _port) = (runs, run, port);

    /// <summary>Name of the run.</summary>
    public string Run { get; }

    /// <summary>A line for one host; null when the run is closing.</summary>
    internal ILearnerLine? Line()
    {
        lock (_gate)
        {
            if (_closed.IsCancellationRequested)
                return null;
            _lines++;
            return new LocalLine(this);
        }
    }

    /// <summary>No host finds the run any more; those that play end, and are waited for.</summary>
    public void Dispose()
    {
        _runs.Forget(this);
        lock (_gate)
        {
            _closed.Cancel();
            while (_lines > 0)
                Monitor.Wait(_gate);
        }
    }

    private sealed class LocalLine(LocalRun of) : ILearnerLine
    {
        private bool _disposed;

        public string Name => "in process";

        public CancellationToken Closed => of._closed.Token;

        public HostTerms Terms(CancellationToken stop) => of.Terms;

        public IDisposable Enlist(MatchHost host) => of._port.Enlist(host);

        public void HostFailed(Exception reason) => of._port.HostFailed(reason);

        public void Dispose()
        {
            lock (of._gate)
            {
                if (_disposed)
                    return;
                _disposed = true;
                of._lines--;
                Monitor.PulseAll(of._gate);
            }
        }
    }

    private HostTerms Terms => new(_port.Factory, _port.Layout, _port.Options, _port.MatchesPerHost, _port.Seed, _port.Policies, _port.Experience, _port.Recorder, _port.Pace, _port.CreateActor);
}
