using System.Net;
using System.Runtime.InteropServices;
using SelfPlayArena.Core;
using SelfPlayArena.Matching;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming.Tests;

/// <summary>The small environment, with another content where a test wants one.</summary>
internal sealed class MatchingFactory(EnvironmentSpec? spec = null) : IEnvironmentFactory
{
    public static EnvironmentSpec Layout { get; } = new MatchingEnvironment(1).Spec;

    public static NetworkPlan Plan { get; } = new(
        new NetworkSize("mini", Entity: 8, Queries: 1, Trunk: 16, Core: 8, Head: 8, Critic: 8).Describe(Layout), Layout);

    public EnvironmentSpec Spec => spec ?? Layout;

    public EnvironmentRecipe Recipe { get; } = EnvironmentRecipe.Plain("matching");

    public IBatchEnvironment Create(int matches) => new MatchingEnvironment(matches);

    public static EnvironmentSpec With(string content, float? weight = null) => new()
    {
        Name = Layout.Name,
        ContentHash = content,
        Teams = Layout.Teams,
        AgentsPerTeam = Layout.AgentsPerTeam,
        SecondsPerDecision = Layout.SecondsPerDecision,
        TicksPerDecision = Layout.TicksPerDecision,
        Observation = Layout.Observation,
        FullState = Layout.FullState,
        Heads = Layout.Heads,
        ValueHeads = Layout.ValueHeads,
        Rewards = weight is { } w ? [.. Layout.Rewards.Select(r => r with { Weight = w })] : Layout.Rewards,
        ScriptedPlayers = Layout.ScriptedPlayers,
    };
}

/// <summary>A learner that takes chunks and counts results by their ids, without learning.</summary>
internal sealed class TestPort(ITrajectorySink sink) : IRunPort
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MatchResult> _results = [];
    private readonly Dictionary<int, int> _left = [];
    private int _hosts, _matches;

    public EnvironmentSpec Spec => MatchingFactory.Layout;
    public EnvironmentRecipe Recipe { get; } = EnvironmentRecipe.Plain("matching");
    public NetworkPlan Plan => MatchingFactory.Plan;
    public TrajectoryLayout Layout { get; } = new(MatchingFactory.Layout, 4, MatchingFactory.Plan.RecurrentSize);
    public HostOptions Options { get; } = new();
    public int MatchesPerHost => 4;
    public ulong Seed => 1;
    public ITrajectorySink Sink => sink;
    public int MostWaiting { get; init; } = int.MaxValue;
    public PublishedWeights Latest { get; set; } = new(0, WeightInitializer.Create(MatchingFactory.Plan, 1));

    /// <summary>Whether counted results are on the disk.</summary>
    public bool Durable { get; set; } = true;

    public long Position => Results.Count;
    public long DurablePosition => Durable ? Position : 0;

    public int Repeated { get; private set; }

    public IReadOnlyDictionary<string, MatchResult> Results
    {
        get
        {
            lock (_gate)
                return new Dictionary<string, MatchResult>(_results);
        }
    }

    public HostCounters Played { get; private set; } = new(0, 0, 0, TimeSpan.Zero);

    public IReadOnlyCollection<int> Hosts
    {
        get
        {
            lock (_gate)
                return [.. _left.Keys];
        }
    }

    public byte[] Bundle(PlayerId player)
    {
        if (player.Version is < 1 or > 5)
            throw new FileNotFoundException();
        using var stream = new MemoryStream();
        new PolicyBundle(Plan, WeightInitializer.Create(Plan, (ulong)player.Version), new PolicyCard { Member = "main", Version = player.Version }).Write(stream);
        return stream.ToArray();
    }

    public int Join()
    {
        lock (_gate)
        {
            _left.Add(_hosts, 0);
            return _hosts++;
        }
    }

    public void Leave(int host)
    {
        lock (_gate)
            _left.Remove(host);
    }

    public Assignment Next(int host)
    {
        lock (_gate)
        {
            int number = _matches++;
            return new Assignment(new Matchup(number, Latest0, Latest0, 1, 1), $"{number}#0", 0, (ulong)number);
        }
    }

    public void Ended(int host, Assignment assignment)
    {
    }

    public bool Report(MatchResult result)
    {
        lock (_gate)
        {
            if (result.Matchup.Home.Member.Value == "unknown")
                throw new InvalidDataException("no such player");
            bool counted = _results.TryAdd(result.MatchId, result);
            Repeated += counted ? 0 : 1;
            return counted;
        }
    }

    public void Flush(bool all)
    {
    }

    /// <summary>Figures of hosts are not taken while it is not set: a learner that is busy.</summary>
    public ManualResetEventSlim Counts { get; } = new(initialState: true);

    /// <summary>Figures of hosts have come.</summary>
    public ManualResetEventSlim Told { get; } = new();

    public void Count(HostCounters done)
    {
        Told.Set();
        Counts.Wait();
        lock (_gate)
            Played = new HostCounters(Played.Decisions + done.Decisions, Played.AgentSteps + done.AgentSteps, Played.Matches + done.Matches, Played.SinkWait + done.SinkWait);
    }

    public static PlayerId Latest0 { get; } = new(new MemberId("main"), PlayerId.Latest);
}

/// <summary>A listener on a port, and workers for it.</summary>
internal sealed class Stage : IDisposable
{
    /// <summary>How long to wait for what must happen, on a machine that has much else to do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<string> _log = [];

    public Stage(ITrajectorySink sink, StreamLimits? limits = null, string? secret = null)
    {
        Port = new TestPort(sink);
        Secret = secret is null ? SharedSecret.None : SharedSecret.Of(secret);
        Listener = new LearnerListener(LearnerListener.Bind(new IPEndPoint(IPAddress.Loopback, 0)), Port, Secret, limits ?? new StreamLimits(), Say, TimeProvider.System);
    }

    public TestPort Port { get; }

    public SharedSecret Secret { get; }

    public LearnerListener Listener { get; }

    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_log)
                return [.. _log];
        }
    }

    public WorkerLink Worker(SharedSecret? secret = null, int? port = null, EnvironmentSpec? spec = null)
        => new(
            new WorkerTarget("127.0.0.1", port ?? Listener.EndPoint.Port, secret ?? Secret, Patience), 1, 2, _ => new MatchingFactory(spec), _ => { }, TimeProvider.System);

    /// <summary>A chunk that could have been played, with a number in it.</summary>
    public static TrajectoryChunk Chunk(TrajectoryLayout layout, int number, int version = 0)
    {
        var chunk = new TrajectoryChunk(layout) { MatchupId = number, MatchId = "m", Player = TestPort.Latest0, FirstDecision = number, Length = layout.Steps };
        chunk.Masks.Fill(1);
        chunk.Versions.Fill(version);
        MemoryMarshal.Cast<byte, int>(chunk.Observations)[0] = number;
        return chunk;
    }

    public static MatchResult Result(int number, string member = "main")
    {
        var player = new PlayerId(new MemberId(member), PlayerId.Latest);
        return new MatchResult("", new Matchup(number, player, player, 1, 1), 0, 0, new MatchOutcome(number % 3 - 1, 10, "test", [1, 2]), (ulong)number);
    }

    /// <summary>Waits for what other threads bring about.</summary>
    public static void Until(Func<bool> holds, string what)
        => Assert.True(SpinWait.SpinUntil(holds, Patience), $"in vain waited for: {what}");

    public void Dispose() => Listener.Dispose();

    private void Say(string line)
    {
        lock (_log)
            _log.Add(line);
    }
}

/// <summary>Keeps what it gets, when its gate is open.</summary>
internal sealed class GatedSink(bool open = true) : ITrajectorySink, IDisposable
{
    private readonly ManualResetEventSlim _open = new(open);
    private readonly List<int> _seen = [];
    private readonly List<bool> _sound = [];

    public IReadOnlyList<int> Seen
    {
        get
        {
            lock (_seen)
                return [.. _seen];
        }
    }

    public bool AllSound
    {
        get
        {
            lock (_seen)
                return _sound.All(s => s);
        }
    }

    public void Open() => _open.Set();

    public bool Write(TrajectoryChunk chunk, CancellationToken cancellation)
    {
        _open.Wait(cancellation);
        lock (_seen)
        {
            _seen.Add(chunk.FirstDecision);
            _sound.Add(MemoryMarshal.Cast<byte, int>(chunk.Observations)[0] == chunk.FirstDecision && chunk.MatchupId == chunk.FirstDecision);
        }
        chunk.Dispose();
        return true;
    }

    public void Dispose() => _open.Dispose();
}
