using SelfPlayArena.Rollout;
using SelfPlayArena.Streaming;
using SelfPlayArena.Testing;

namespace SelfPlayArena.Server.Tests;

/// <summary>A folder of runs with one small real run in it, trained once for all tests that look at it.</summary>
public sealed class RunOnDisk : IDisposable
{
    public const string Name = "small";

    public RunOnDisk()
    {
        Folder = new RunFolder(Path.Combine(Root, Name));
        using SelfPlayRun run = Create(Folder, SmallLeague.Settings with { Lockstep = true, Record = 50 });
        run.Run(new RunLimits(Steps: 9_000), Progress.Add, default);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("arena-server-").FullName;

    public RunFolder Folder { get; }

    /// <summary>What the run told of, update by update.</summary>
    public List<RunProgress> Progress { get; } = [];

    internal Task<TestServer> Serve(Func<Hosting.ServerOptions, Hosting.ServerOptions>? change = null)
    {
        Hosting.ServerOptions options = TestServer.Options with { Runs = Root };
        return TestServer.Start(change is null ? options : change(options));
    }

    internal static SelfPlayRun Create(RunFolder folder, RunSettings settings)
        => SelfPlayRun.Create(folder, settings, "test", new MatchingFactory(), n => new TrajectoryQueue(n), TimeProvider.System);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
