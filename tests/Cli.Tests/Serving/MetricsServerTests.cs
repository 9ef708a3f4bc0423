using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Prometheus;
using SelfPlayArena.Cli.Serving;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;

namespace SelfPlayArena.Cli.Tests.Serving;

/// <summary>Where metrics are served, and what <c>/health</c> answers.</summary>
public sealed class MetricsServerTests : IDisposable
{
    private static readonly MetricsAddress AnyPort = new(new IPEndPoint(IPAddress.Loopback, 0), Insisted: true);
    private readonly string _root = Directory.CreateTempSubdirectory("arena-health-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("127.0.0.1:5081", "127.0.0.1:5081")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData("[::1]:9100", "[::1]:9100")]
    [InlineData("0.0.0.0:9100", "0.0.0.0:9100")]
    [InlineData("off", "")]
    public void An_address_is_a_host_and_a_port(string text, string endpoint) => Assert.Equal(endpoint, MetricsAddress.Parse(text)!.Endpoint?.ToString() ?? "");

    [Theory]
    [InlineData("5081")]
    [InlineData(":5081")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("::1:5081")]
    [InlineData("example.org:80")]
    [InlineData("")]
    public void Anything_else_is_refused(string text) => Assert.Null(MetricsAddress.Parse(text));

    [Fact]
    public void A_taken_port_is_left_for_a_free_one_unless_it_was_asked_for()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var endpoint = (IPEndPoint)taken.LocalEndpoint;
        CollectorRegistry registry = Metrics.NewCustomRegistry();
        using (MetricsServer other = MetricsServer.Start(new MetricsAddress(endpoint, Insisted: false), registry, () => null))
        {
            var address = new Uri(other.Address());
            Assert.Equal("127.0.0.1", address.Host);
            Assert.NotEqual(endpoint.Port, address.Port);
        }
        using MetricsServer refused = MetricsServer.Start(new MetricsAddress(endpoint, Insisted: true), registry, () => null);
        UserError error = Assert.Throws<UserError>(refused.Address);
        Assert.Contains(endpoint.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("--metrics HOST:PORT", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_league_says_where_its_metrics_are_and_which_port_was_taken()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        string config = Path.Combine(_root, "small.yaml");
        File.WriteAllText(config, $"environment: matching\ndevice: cpu\nmatches_per_actor: 8\nbatch_steps: 128\nchunk_steps: 4\nanchors: [random]\nmetrics_port: {port}\n");
        string name = "served-" + Path.GetFileName(_root), folder = Path.Combine(RunCatalog.Default.Root, name);
        using StringWriter output = new(), error = new();
        try
        {
            Assert.Equal(2, ArenaCommand.Run(["league", "--config", config, "--name", name, "--steps", "100", "--metrics", $"127.0.0.1:{port}"], output, error));
            Assert.False(Directory.Exists(folder));
            Assert.Equal(0, ArenaCommand.Run(["league", "--config", config, "--name", name, "--steps", "100", "--no-serve"], output, error));
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        Assert.Contains($"metrics cannot be served at 127.0.0.1:{port}", error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"port {port} is taken; metrics are at http://127.0.0.1:", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(" · http://127.0.0.1:", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_stops_at_once_although_a_scraper_keeps_its_connection()
    {
        MetricsServer server = MetricsServer.Start(AnyPort, Metrics.NewCustomRegistry(), () => null);
        using var client = new HttpClient { BaseAddress = new Uri(server.Address()) };
        Assert.Equal("starting", (await Health(client)).Body.GetProperty("state").GetString());
        var watch = Stopwatch.StartNew();
        server.Dispose();
        // A web server left to itself waits half a minute for such a connection.
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public async Task Health_answers_200_while_updates_come_and_503_when_none_came_for_too_long()
    {
        var time = new SetTime();
        RunSettings settings = ServedRun.Settings with { Lockstep = true, HealthSeconds = 30 };
        using SelfPlayRun run = ServedRun.Create(new RunFolder(Path.Combine(_root, "stalled")), settings, time);
        using MetricsServer server = MetricsServer.Start(AnyPort, Metrics.NewCustomRegistry(), () => run.Health);
        using var client = new HttpClient { BaseAddress = new Uri(server.Address()) };
        (int Status, JsonElement Body) fresh = await Health(client), running = default, stalled = default;
        run.Run(
            new RunLimits(Steps: 600),
            _ =>
            {
                time.Seconds += 29;
                running = Health(client).GetAwaiter().GetResult();
                time.Seconds += 2;
                stalled = Health(client).GetAwaiter().GetResult();
            },
            default);
        Assert.Equal((200, "starting"), (fresh.Status, fresh.Body.GetProperty("state").GetString()));
        Assert.Equal((200, "running"), (running.Status, running.Body.GetProperty("state").GetString()));
        Assert.Equal(29, running.Body.GetProperty("update_age_seconds").GetDouble(), 1e-3);
        Assert.True(running.Body.GetProperty("learner_alive").GetBoolean());
        Assert.Equal(1, running.Body.GetProperty("hosts_alive").GetInt32());
        Assert.Equal((503, "stalled"), (stalled.Status, stalled.Body.GetProperty("state").GetString()));
        (int status, JsonElement body) = await Health(client);
        Assert.Equal((200, "ended", 0), (status, body.GetProperty("state").GetString(), body.GetProperty("hosts_alive").GetInt32()));
    }

    [Fact]
    public async Task Health_answers_503_and_says_why_when_an_update_was_undone()
    {
        // Rewards whose sum no float can hold.
        RunSettings settings = ServedRun.Settings with { Lockstep = true, RewardWeights = new Dictionary<string, double> { ["pick"] = 3e38, ["answer"] = 3e38 } };
        using SelfPlayRun run = ServedRun.Create(new RunFolder(Path.Combine(_root, "faulted")), settings, TimeProvider.System);
        var sheet = new MetricSheet(Metrics.NewCustomRegistry());
        run.Observe(sheet);
        using MetricsServer server = MetricsServer.Start(AnyPort, sheet.Registry, () => run.Health);
        using var client = new HttpClient { BaseAddress = new Uri(server.Address()) };
        using var stop = new CancellationTokenSource();
        run.Run(new RunLimits(), _ => stop.Cancel(), stop.Token);
        (int status, JsonElement body) = await Health(client);
        Assert.Equal((503, "faulted"), (status, body.GetProperty("state").GetString()));
        Assert.NotEqual("", body.GetProperty("fault").GetString());
        string page = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Equal(1, ServedRun.Sum(page, "arena_update_faults_total"));
        Assert.Equal(0, ServedRun.Sum(page, "arena_run_healthy"));
        Assert.Equal(0, ServedRun.Sum(page, "arena_trained_hero_steps_total"));
    }

    [Fact]
    public async Task Health_answers_503_when_a_match_host_stopped()
    {
        RunSettings settings = ServedRun.Settings with { Anchors = ["nobody"], AnchorShare = 1, SelfPlayShare = 0 };
        using SelfPlayRun run = ServedRun.Create(new RunFolder(Path.Combine(_root, "dead")), settings, TimeProvider.System);
        using MetricsServer server = MetricsServer.Start(AnyPort, Metrics.NewCustomRegistry(), () => run.Health);
        using var client = new HttpClient { BaseAddress = new Uri(server.Address()) };
        Assert.Throws<InvalidOperationException>(() => run.Run(new RunLimits(Minutes: 1), _ => { }, default));
        (int status, JsonElement body) = await Health(client);
        Assert.Equal((503, "faulted"), (status, body.GetProperty("state").GetString()));
        Assert.Contains("nobody", body.GetProperty("fault").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, body.GetProperty("hosts_alive").GetInt32());
    }

    [Fact]
    public async Task Counters_of_a_resumed_run_begin_at_nought_and_its_totals_do_not()
    {
        RunSettings settings = ServedRun.Settings with { Lockstep = true, Record = 0 };
        var folder = new RunFolder(Path.Combine(_root, "resumed"));
        using (SelfPlayRun first = ServedRun.Create(folder, settings, TimeProvider.System))
            first.Run(new RunLimits(Steps: 2_500), _ => { }, default);
        var sheet = new MetricSheet(Metrics.NewCustomRegistry());
        using SelfPlayRun run = SelfPlayRun.Resume(folder, settings, Environments.Create(settings), n => new Streaming.TrajectoryQueue(n), TimeProvider.System);
        long before = run.TrainedSteps;
        run.Observe(sheet);
        run.Run(new RunLimits(Steps: before + 1), _ => { }, default);
        using var stream = new MemoryStream();
        await sheet.Registry.CollectAndExportAsTextAsync(stream);
        string page = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        Assert.Equal(1, ServedRun.Sum(page, "arena_updates_total"));
        Assert.Equal(run.TrainedSteps - before, ServedRun.Sum(page, "arena_trained_hero_steps_total"));
        Assert.Equal(run.TrainedSteps, ServedRun.Sum(page, "arena_run_trained_hero_steps"));
        Assert.InRange(ServedRun.Sum(page, "arena_simulated_hero_steps_total"), 1, before);
        Assert.True(ServedRun.Sum(page, "arena_matches_rated_total") < ServedRun.Sum(page, "arena_run_matches_rated"));
    }

    private static async Task<(int Status, JsonElement Body)> Health(HttpClient client)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri("/health", UriKind.Relative));
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    /// <summary>A clock that stands until it is put forward.</summary>
    private sealed class SetTime : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => (long)(Seconds * 1e6);
    }
}
