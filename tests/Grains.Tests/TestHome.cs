using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Storage;
using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Matching;
using SelfPlayArena.Rollout;
using SelfPlayArena.Streaming;
using SelfPlayArena.Testing;

namespace SelfPlayArena.Grains.Tests;

/// <summary>The small environment that stands for any in these tests; it can be told to break.</summary>
internal sealed class MatchingFactory : IEnvironmentFactory
{
    public EnvironmentSpec Spec { get; } = new MatchingEnvironment(1).Spec;

    public EnvironmentRecipe Recipe { get; } = EnvironmentRecipe.Plain("matching");

    public Exception? Broken { get; set; }

    public IBatchEnvironment Create(int matches) => Broken is null ? new MatchingEnvironment(matches) : throw Broken;
}

/// <summary>Runs in a temporary folder. Sees what becomes of them.</summary>
internal sealed class TestHome(string root) : IRunHome, IRunWatcher
{
    /// <summary>How long to wait for what must happen, on a machine that has much else to do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TaskCompletionSource<Exception?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _updated = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MatchingFactory Factory { get; } = new();

    /// <summary>Listens for hosts of other processes.</summary>
    public bool Listens { get; init; }

    /// <summary>Waits at every update while it is not set: a learner that has stopped reading.</summary>
    public ManualResetEventSlim Reading { get; } = new(initialState: true);

    /// <summary>Fails when it is told that the run ended.</summary>
    public bool EndFails { get; init; }

    public List<RunProgress> Progress { get; } = [];

    /// <summary>Where the grains of a silo that is alone remember.</summary>
    public string Memory { get; } = Path.Combine(root, "grains");

    /// <summary>Completes with what went wrong, or null.</summary>
    public Task<Exception?> RunEnded => _ended.Task.WaitAsync(Patience);

    public Task FirstUpdate => _updated.Task.WaitAsync(Patience);

    public IEventLog OpenLog(string run) => FileEventLog.Open(Folder(run).Events);

    public RunFolder Folder(string run) => new(Path.Combine(root, run));

    public IEnvironmentFactory Environment(RunSettings settings) => Factory;

    public IEnvironmentFactory Environment(EnvironmentRecipe recipe) => Factory;

    public ITrajectoryTransport Transport(int capacity) => new TrajectoryQueue(capacity);

    public RunDoor? OpenDoor(string run, ILocalRunPort port)
    {
        if (!Listens)
            return null;
        Socket socket = LearnerListener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var listener = new LearnerListener(socket, port, SharedSecret.None, new StreamLimits(), _ => { }, TimeProvider.System);
        return new RunDoor(listener.EndPoint.ToString(), listener);
    }

    public WorkerTarget Target(string endpoint)
    {
        IPEndPoint at = IPEndPoint.Parse(endpoint);
        return new WorkerTarget(at.Address.ToString(), at.Port, SharedSecret.None, TimeSpan.FromMinutes(1));
    }

    public void Opened(string name, SelfPlayRun run)
    {
    }

    public void Updated(string name, RunProgress progress)
    {
        Progress.Add(progress);
        _updated.TrySetResult();
        Reading.Wait();
    }

    public void Ended(string name, Exception? failure)
    {
        _ended.TrySetResult(failure);
        if (EndFails)
            throw new InvalidOperationException("the page cannot be closed");
    }
}

/// <summary>Silos and runs as these tests want them.</summary>
internal static class Given
{
    public static readonly RunSettings Small = SmallLeague.Settings with { RandomStarts = 0, RandomStartDecisions = 0 };

    public static LearnerOrder Order(RunSettings settings, long? steps, int hosts = 1, bool resume = false)
        => new(JsonSerializer.Serialize(settings, RunFolder.Json), "test", resume, hosts, null, steps);

    public static LeagueTerms Terms(RunSettings settings) => new(
        "run", "test", "matching", "content", settings.Seed, JsonSerializer.Serialize(settings, RunFolder.Json), 0.99, 0.5, ["scripted:random", "scripted:perfect@1"]);

    /// <summary>A silo as programs have it when they are alone.</summary>
    public static async Task<IHost> Silo(TestHome home)
    {
        IHost host = ArenaSilo.Alone(home, home.Memory, new GrainMeter(), home);
        await host.StartAsync();
        return host;
    }

    public static T Grain<T>(this IHost silo, string key)
        where T : IGrainWithStringKey
        => silo.Services.GetRequiredService<IGrainFactory>().GetGrain<T>(key);
}
