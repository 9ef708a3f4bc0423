using System.Net;
using System.Net.Sockets;
using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Rollout;
using SelfPlayArena.Testing;

namespace SelfPlayArena.Streaming.Tests;

/// <summary>Whole runs whose matches are played by workers that reach the learner over loopback.</summary>
public sealed class RemoteRunTests : IDisposable
{
    private static readonly RunSettings Small = SmallLeague.Settings;

    private readonly string _root = Directory.CreateTempSubdirectory("arena-remote-").FullName;
    private readonly List<string> _said = [];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Say(string line)
    {
        lock (_said)
            _said.Add(line);
    }

    [Fact]
    public void A_run_without_hosts_of_its_own_trains_on_what_two_workers_play_and_counts_their_results()
    {
        var folder = new RunFolder(Path.Combine(_root, "run"));
        Socket socket = LearnerListener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        LearnerListener? listener = null;
        var remote = new RemoteHosts(p => listener = new LearnerListener(socket, p, SharedSecret.None, new StreamLimits(), Say, TimeProvider.System), Only: true);
        var target = new WorkerTarget("127.0.0.1", port, SharedSecret.None, Stage.Patience);
        var ends = new WorkerProgress?[2];
        var progress = new List<RunProgress>();
        Exception?[] failures = [null, null];
        using (SelfPlayRun run = SelfPlayRun.Create(folder, Small, "test", new MatchingFactory(), n => new TrajectoryQueue(n), TimeProvider.System, remote))
        {
            Thread[] workers = [.. Enumerable.Range(0, 2).Select(i => new Thread(() =>
            {
                try
                {
                    ends[i] = new RemoteWorker(target, i + 1, 0, _ => new MatchingFactory(), Say, TimeProvider.System).Run(_ => { }, default);
                }
                catch (Exception e)
                {
                    failures[i] = e;
                }
            }))];
            foreach (Thread worker in workers)
                worker.Start();
            run.Run(
                new RunLimits(Steps: 20_000, Minutes: 10),
                now =>
                {
                    progress.Add(now);
                    // One that begins early could otherwise play all of it alone.
                    Stage.Until(() => listener!.Counters.Workers == 2, "both workers");
                },
                default);
            foreach (Thread worker in workers)
                worker.Join();
            Assert.True(run.TrainedSteps >= 20_000, string.Join("\n", _said));
        }

        Assert.All(failures, Assert.Null);
        Assert.All(progress, p => Assert.Null(p.Fault));
        Assert.True(Directory.GetFiles(folder.Policies).Length >= 2);
        MatchFinished[] results = [.. FileEventLog.Read(folder.Events).OfType<MatchFinished>()];
        Assert.NotEmpty(results);
        Assert.All(results, r => Assert.StartsWith("w", r.Match, StringComparison.Ordinal));
        Assert.Equal(results.Length, results.Select(r => r.Match).Distinct().Count());
        Assert.Equal(2, results.Select(r => r.Match[..17]).Distinct().Count());
        Assert.Contains(results, r => !r.Away.IsLatest && !r.Away.Member.IsScripted);
        long acknowledged = ends.Sum(e => e!.Link.AcknowledgedResults);
        Assert.True(acknowledged <= results.Length, $"{acknowledged} acknowledged, {results.Length} in the log");
        Assert.Equal(listener!.Counters.Results, results.Length);
        Assert.True(progress[^1].SimulatedPerSecond > 0);
    }

    [Fact]
    public void A_worker_that_comes_goes_and_comes_back_leaves_a_run_with_hosts_of_its_own_in_peace()
    {
        var folder = new RunFolder(Path.Combine(_root, "mixed"));
        Socket socket = LearnerListener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        LearnerListener? listener = null;
        var remote = new RemoteHosts(p => listener = new LearnerListener(socket, p, SharedSecret.None, new StreamLimits(), Say, TimeProvider.System));
        var target = new WorkerTarget("127.0.0.1", port, SharedSecret.None, Stage.Patience);
        using var enough = new CancellationTokenSource();
        using (SelfPlayRun run = SelfPlayRun.Create(folder, Small, "test", new MatchingFactory(), n => new TrajectoryQueue(n), TimeProvider.System, remote))
        {
            var visits = new Thread(() =>
            {
                for (int i = 0; i < 3; i++)
                {
                    using var leave = new CancellationTokenSource();
                    new RemoteWorker(target, 1, 8, _ => new MatchingFactory(), Say, TimeProvider.System).Run(
                        now =>
                        {
                            if (now.Link.AcknowledgedChunks > 20)
                                leave.Cancel();
                        },
                        leave.Token);
                }
                enough.Cancel();
            });
            visits.Start();
            run.Run(new RunLimits(Minutes: 10), _ => { }, enough.Token);
            visits.Join();
        }
        string[] ids = [.. FileEventLog.Read(folder.Events).OfType<MatchFinished>().Select(r => r.Match)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Contains(ids, id => !id.StartsWith('w'));
        long refused = Enum.GetValues<Refusal>().Sum(listener!.Counters.Refused);
        Assert.True(refused == 0 && listener.Counters.Lost == 0, string.Join("\n", _said));
    }
}
