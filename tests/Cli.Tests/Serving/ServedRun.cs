using System.Net;
using System.Net.Sockets;
using Prometheus;
using SelfPlayArena.Cli.Hosting;
using SelfPlayArena.Cli.Serving;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Streaming;
using SelfPlayArena.Testing;

namespace SelfPlayArena.Cli.Tests.Serving;

/// <summary>A small league of the matching environment, played to its end once for all tests that read what it served.</summary>
public sealed class ServedRun : IDisposable
{
    internal static readonly RunSettings Settings = SmallLeague.Settings with { CheckpointSeconds = 1, Record = 20, SelfPlayShare = 0.5, Seed = 5 };

    private readonly string _root = Directory.CreateTempSubdirectory("arena-metrics-").FullName;

    public ServedRun()
    {
        Folder = new RunFolder(Path.Combine(_root, "served"));
        var sheet = new MetricSheet(Metrics.NewCustomRegistry());
        _ = new ProcessMetrics(sheet, BuildInfo.Version, BuildInfo.Packages);
        var door = new ListenerMetrics(sheet);
        Socket socket = LearnerListener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var remote = new RemoteHosts(port =>
        {
            var listener = new LearnerListener(socket, port, SharedSecret.None, new StreamLimits(), Refusals.Add, TimeProvider.System);
            door.Watch(listener);
            Knock(listener);
            return listener;
        });
        using var grains = new GrainHosting(Folder, Settings, Environments.Create(Settings), remote, sheet, new HurriedTime());
        SelfPlayRun run = grains.Open(resume: false, "test", new RunLimits(Steps: 16_000));
        run.Observe(sheet);
        using MetricsServer server = MetricsServer.Start(new MetricsAddress(new IPEndPoint(IPAddress.Loopback, 0), Insisted: true), sheet.Registry, () => run.Health);
        using var client = new HttpClient { BaseAddress = new Uri(server.Address()) };
        grains.Run(
            now =>
            {
                During ??= client.GetStringAsync(new Uri("/metrics", UriKind.Relative)).GetAwaiter().GetResult();
                HealthDuring ??= client.GetStringAsync(new Uri("/health", UriKind.Relative)).GetAwaiter().GetResult();
                Last = now;
            },
            default);
        Evaluation.Play(
            Environments.Create(Settings), new Contestant("perfect", "perfect@1", null), new Contestant("random", "random", null), 12, 1, 1,
            progress: new EvaluationMetrics(sheet, 12).Finished);
        Page = client.GetStringAsync(new Uri("/metrics", UriKind.Relative)).GetAwaiter().GetResult();
        var worker = new MetricSheet(Metrics.NewCustomRegistry());
        _ = new WorkerMetrics(worker, new RemoteWorker(new WorkerTarget("127.0.0.1", 1, SharedSecret.None, TimeSpan.Zero), 1, 0, Environments.Create, _ => { }, TimeProvider.System));
        using var text = new MemoryStream();
        worker.Registry.CollectAndExportAsTextAsync(text).GetAwaiter().GetResult();
        WorkerPage = System.Text.Encoding.UTF8.GetString(text.ToArray());
        (MetricSheet arena, ArenaPage) = Serve().GetAwaiter().GetResult();
        Families = [.. sheet.Families.Select(f => (f, Page)), .. worker.Families.Select(f => (f, WorkerPage)), .. arena.Families.Select(f => (f, ArenaPage))];
    }

    /// <summary>What a server has on its page once each of its parts was asked for something.</summary>
    private async Task<(MetricSheet Sheet, string Page)> Serve()
    {
        var sheet = new MetricSheet(Metrics.NewCustomRegistry());
        await using ArenaServer server = await ArenaServer.StartAsync(ServeOptions.Plain(_root, null) with { Port = 0 }, sheet, new PlayPressure(), TimeProvider.System);
        using var client = new HttpClient { BaseAddress = new Uri(server.Url) };
        foreach (string path in (string[])["/api/matches", "/ws/env"])
            (await client.GetAsync(new Uri(path, UriKind.Relative))).Dispose();
        return (sheet, await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)));
    }

    /// <summary>Somebody who is no worker.</summary>
    private static void Knock(LearnerListener listener)
    {
        using var somebody = new Socket(SocketType.Stream, ProtocolType.Tcp);
        somebody.Connect(listener.EndPoint);
        somebody.Send(new byte[100]);
        Assert.True(SpinWait.SpinUntil(() => listener.Counters.Refused(Refusal.BadFrame) == 1, TimeSpan.FromMinutes(1)), "whoever sends noughts must be refused");
    }

    /// <summary>What the listener wrote into its log.</summary>
    internal List<string> Refusals { get; } = [];

    /// <summary>The page of a worker that did not begin yet.</summary>
    internal string WorkerPage { get; }

    /// <summary>The page of a server without a run.</summary>
    internal string ArenaPage { get; }

    internal RunFolder Folder { get; }

    /// <summary>The page after the first update and the one after the last.</summary>
    internal string During { get; private set; } = null!;

    internal string Page { get; }

    internal string HealthDuring { get; private set; } = null!;

    internal RunProgress Last { get; private set; } = null!;

    /// <summary>All metrics there are, with the page that shows them.</summary>
    internal IReadOnlyList<(MetricFamily Family, string Page)> Families { get; }

    internal static SelfPlayRun Create(RunFolder folder, RunSettings settings, TimeProvider time)
        => SelfPlayRun.Create(folder, settings, "test", Environments.Create(settings), n => new TrajectoryQueue(n), time);

    /// <summary>Sum of all series of a name on a page whose labels contain a text.</summary>
    internal static double Sum(string page, string name, string labels = "")
    {
        double[] values = [.. page.Split('\n')
            .Where(l => l.StartsWith(name + " ", StringComparison.Ordinal) || l.StartsWith(name + "{", StringComparison.Ordinal))
            .Where(l => l.Contains(labels, StringComparison.Ordinal))
            .Select(l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.True(values.Length > 0, $"{name} is not on the page");
        return values.Sum();
    }

    /// <summary>Twenty times as fast as the wall's, so that a second of playing shows what happens every few seconds.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private const int Haste = 20;
        private readonly long _start = System.GetTimestamp();

        public override long TimestampFrequency => System.TimestampFrequency;

        public override long GetTimestamp() => _start + (System.GetTimestamp() - _start) * Haste;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
