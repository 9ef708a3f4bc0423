using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.League;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Rollout;

/// <summary>Lets others' hosts play for a run, in this process or elsewhere.</summary>
/// <param name="Open">Opens the door when the run starts; disposed, on the run's thread, before the run saves for the last time.</param>
/// <param name="Only">The run plays no matches itself.</param>
/// <param name="Expected">Hosts that will play in this process (<see cref="ILocalRunPort.Enlist"/>), for the run's health.</param>
public sealed record RemoteHosts(Func<ILocalRunPort, IDisposable> Open, bool Only = false, int Expected = 0);

/// <summary>What the learner published last. The weights are never written again.</summary>
public sealed record PublishedWeights(int Version, Weights Weights);

/// <summary>Everything that a host needs of a run, wherever it plays. Thread-safe.</summary>
public interface IRunPort
{
    EnvironmentSpec Spec { get; }

    /// <summary>How the environment is made again.</summary>
    EnvironmentRecipe Recipe { get; }

    /// <summary>The network that learns.</summary>
    NetworkPlan Plan { get; }

    TrajectoryLayout Layout { get; }

    HostOptions Options { get; }

    /// <summary>Matches that a host should play at a time.</summary>
    int MatchesPerHost { get; }

    /// <summary>Hosts' own randomness derives from it.</summary>
    ulong Seed { get; }

    /// <summary>Where chunks go.</summary>
    ITrajectorySink Sink { get; }

    /// <summary>Chunks that should wait on the way from one place at most: what waits grows old.</summary>
    int MostWaiting { get; }

    PublishedWeights Latest { get; }

    /// <summary>A frozen version's bundle, as in its file.</summary>
    /// <exception cref="FileNotFoundException">There is no such version.</exception>
    byte[] Bundle(PlayerId player);

    /// <summary>Registers one more host; returns its number.</summary>
    int Join();

    void Leave(int host);

    /// <summary>The next match of a host.</summary>
    Assignment Next(int host);

    void Ended(int host, Assignment assignment);

    /// <summary>Counts a result under the id it bears; false if that id was counted before.</summary>
    /// <exception cref="InvalidDataException">The result does not fit the league; it is not counted.</exception>
    bool Report(MatchResult result);

    /// <summary>Results and other events counted so far.</summary>
    long Position { get; }

    /// <summary>Those of them that a crash can no longer take.</summary>
    long DurablePosition { get; }

    /// <summary>Writes results that have waited long enough, or all of them.</summary>
    void Flush(bool all);

    /// <summary>Adds what hosts did since they last said.</summary>
    void Count(HostCounters done);
}

/// <summary>What a run gives, besides, to hosts that live in its own process: everything by reference. Thread-safe.</summary>
public interface ILocalRunPort : IRunPort
{
    IEnvironmentFactory Factory { get; }

    IPolicySource Policies { get; }

    /// <summary>Where the experience of hosts of this process goes; null where nothing is learnt from what they play.</summary>
    ITrajectorySink? Experience { get; }

    /// <summary>Gets every match offered for recording; null to record none.</summary>
    IMatchRecorder? Recorder { get; }

    /// <summary>Paces hosts of this process; null where nothing does.</summary>
    TrainingPace? Pace => null;

    /// <summary>Makes what evaluates policies for one host of this process.</summary>
    IPolicyActor CreateActor() => new InterpreterActor();

    /// <summary>Counts a host among the run's own until the returned seat is disposed; what it did by then stays counted.</summary>
    IDisposable Enlist(MatchHost host);

    /// <summary>A host of this process cannot go on: the run saves and ends with this as the reason.</summary>
    void HostFailed(Exception reason);
}

/// <summary>The port of a run in this process.</summary>
internal sealed class RunPort(
    IEnvironmentFactory factory, NetworkPlan plan, TrajectoryLayout layout, HostOptions options, int matchesPerHost, ulong seed,
    ITrajectorySink sink, int mostWaiting, LeagueDirector director, ILeague league, ModelPool pool, Func<PublishedWeights> latest,
    IMatchRecorder? recorder, TrainingPace pace, Func<IPolicyActor> createActor, Func<MatchHost, IDisposable> enlist, Action<Exception> hostFailed) : ILocalRunPort
{
    private readonly Lock _gate = new();
    private HostCounters _played = new(0, 0, 0, TimeSpan.Zero);
    private int _hosts;

    public EnvironmentSpec Spec => factory.Spec;
    public EnvironmentRecipe Recipe => factory.Recipe;
    public NetworkPlan Plan => plan;
    public TrajectoryLayout Layout => layout;
    public HostOptions Options => options;
    public int MatchesPerHost => matchesPerHost;
    public ulong Seed => seed;
    public ITrajectorySink Sink => sink;
    public int MostWaiting => mostWaiting;
    public PublishedWeights Latest => latest();
    public IEnvironmentFactory Factory => factory;
    public IPolicySource Policies => pool;
    public ITrajectorySink? Experience => sink;
    public IMatchRecorder? Recorder => recorder;
    public TrainingPace? Pace => pace;
    public long Position => league.Position;
    public long DurablePosition => league.DurablePosition;

    /// <summary>What remote hosts have done so far.</summary>
    public HostCounters Played
    {
        get
        {
            lock (_gate)
                return _played;
        }
    }

    /// <summary>Remote hosts that are registered now.</summary>
    public int Hosts => Volatile.Read(ref _hosts);

    public IPolicyActor CreateActor() => createActor();

    public IDisposable Enlist(MatchHost host) => enlist(host);

    public void HostFailed(Exception reason) => hostFailed(reason);

    public byte[] Bundle(PlayerId player) => pool.Bundle(player);

    public int Join()
    {
        Interlocked.Increment(ref _hosts);
        return director.Join();
    }

    public void Leave(int host)
    {
        director.Leave(host);
        Interlocked.Decrement(ref _hosts);
    }

    public Assignment Next(int host) => director.Next(host)!;

    public void Ended(int host, Assignment assignment) => director.Ended(host, assignment);

    public bool Report(MatchResult result) => league.Report(result);

    public void Flush(bool all)
    {
        if (all)
            league.Flush();
        else
            league.FlushIfDue();
    }

    public void Count(HostCounters done)
    {
        lock (_gate)
            _played += done;
    }
}
