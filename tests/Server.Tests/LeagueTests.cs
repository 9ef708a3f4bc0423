using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.League;
using SelfPlayArena.Testing;

namespace SelfPlayArena.Server.Tests;

/// <summary>What is said of runs, held against a run on disk; and control of a run of this process.</summary>
public sealed class LeagueTests(RunOnDisk disk) : IClassFixture<RunOnDisk>
{
    [Fact]
    public async Task Runs_are_listed_with_what_they_are_and_how_far_they_came()
    {
        await using TestServer server = await disk.Serve();
        JsonElement run = Assert.Single((await server.Client.Json("/api/runs")).EnumerateArray());
        Assert.Equal(RunOnDisk.Name, run.GetProperty("name").GetString());
        Assert.Equal("matching", run.GetProperty("environment").GetString());
        Assert.Equal("stopped", run.GetProperty("state").GetString());
        Assert.Equal(disk.Progress[^1].TrainedSteps, run.GetProperty("trainedSteps").GetInt64());
        Assert.Equal(RunCatalog.Versions(disk.Folder).Count, run.GetProperty("members").GetInt32());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?run=small")]
    public async Task A_league_is_what_its_log_says(string query)
    {
        LeagueState state = LeagueState.Fold(FileEventLog.Read(disk.Folder.Events));
        RatingTable table = new RatingOptions().Rate(state);
        await using TestServer server = await disk.Serve();
        JsonElement league = await server.Client.Json("/api/league" + query);

        Assert.Equal("stopped", league.GetProperty("state").GetString());
        Assert.Equal(state.Matches, league.GetProperty("matches").GetInt64());
        Assert.Equal(disk.Progress[^1].TrainedSteps, league.GetProperty("trainedSteps").GetInt64());
        Assert.Equal(
            table.Ratings.Select(r => (r.Player.ToString(), r.Elo, r.Error95)),
            league.GetProperty("ratings").EnumerateArray().Select(r => (r.GetProperty("player").GetString()!, r.GetProperty("elo").GetDouble(), r.GetProperty("eloError").GetDouble())),
            new Near(0.01));

        JsonElement payoff = league.GetProperty("payoff");
        string[] players = [.. payoff.GetProperty("players").EnumerateArray().Select(p => p.GetString()!)];
        var latest = new PlayerId(new MemberId("main"), PlayerId.Latest);
        var random = new PlayerId(new MemberId("scripted:random"), 0);
        int home = Array.IndexOf(players, latest.ToString()), away = Array.IndexOf(players, random.ToString());
        Tally evidence = state.Evidence(latest, random);
        Assert.True(evidence.Matches > 0);
        Assert.Equal(evidence.Wins, Cell("wins", home, away), 0.011);
        Assert.Equal(evidence.Draws, Cell("draws", home, away), 0.011);
        Assert.Equal(evidence.Matches, Cell("games", home, away), 0.011);
        Assert.Equal(evidence.Losses, Cell("wins", away, home), 0.011);

        Dictionary<string, string?> parents = league.GetProperty("family").EnumerateArray().ToDictionary(m => m.GetProperty("player").GetString()!, m => m.GetProperty("parent").GetString());
        int versions = RunCatalog.Versions(disk.Folder).Count;
        Assert.True(versions >= 2);
        Assert.Null(parents["main@1"]);
        Assert.Equal("main@1", parents["main@2"]);
        Assert.Equal($"main@{versions}", parents["main@latest"]);
        Assert.Null(parents["scripted:random"]);

        double Cell(string what, int row, int column) => payoff.GetProperty(what)[row][column].GetDouble();
    }

    [Fact]
    public async Task Progress_comes_line_by_line_as_the_run_told_it_after_the_update_that_is_known()
    {
        await using TestServer server = await disk.Serve();
        JsonElement[] all = [.. (await server.Client.Json("/api/league/progress?run=small")).EnumerateArray()];
        Assert.Equal(disk.Progress.Select(p => p.Updates), all.Select(p => p.GetProperty("updates").GetInt64()));
        Assert.Equal(disk.Progress[3].PolicyLoss, all[3].GetProperty("policyLoss").GetDouble());
        // Names of heads are not the interface's words and stay as they are.
        Assert.Equal(disk.Progress[3].EntropyByHead.Keys, all[3].GetProperty("entropyByHead").EnumerateObject().Select(h => h.Name));
        Assert.All(all[..^1], line => Assert.All(line.GetProperty("ratings").EnumerateArray(), r => Assert.Equal("main@latest", r.GetProperty("player").GetString())));
        Assert.Equal(disk.Progress[^1].Ratings.Count, all[^1].GetProperty("ratings").GetArrayLength());
        Assert.True(all[^1].GetProperty("ratings")[0].TryGetProperty("eloError", out _));

        long known = disk.Progress[^3].Updates;
        JsonElement[] rest = [.. (await server.Client.Json($"/api/league/progress?run=small&after={known}")).EnumerateArray()];
        Assert.Equal([known + 1, known + 2], rest.Select(p => p.GetProperty("updates").GetInt64()));
        Assert.Empty((await server.Client.Json($"/api/league/progress?after={known + 2}")).EnumerateArray());
    }

    [Fact]
    public async Task Progress_follows_a_file_that_grows_passes_over_half_a_line_and_is_thinned_to_two_thousand_lines_with_the_last()
    {
        string folder = Path.Combine(disk.Root, "grows");
        Directory.CreateDirectory(folder);
        try
        {
            new RunFolder(folder).WriteSettings(SmallLeague.Settings);
            string file = new RunFolder(folder).Progress;
            File.WriteAllText(file, string.Concat(Enumerable.Range(1, 5_000).Select(Line)) + "{\"seconds\": 1, \"upd");
            await using TestServer server = await disk.Serve();
            long[] thinned = await Updates("/api/league/progress?run=grows");
            Assert.Equal(2_000, thinned.Length);
            Assert.Equal((1, 5_000), (thinned[0], thinned[^1]));
            Assert.Equal(thinned.Order().Distinct(), thinned);

            File.AppendAllText(file, "\n" + Line(5_001) + "{\"updates\": \"NaN\", \"kl\": 1}\n" + "{\"updates\": 5002, \"kl\": \"NaN\"}\n");
            JsonElement[] more = [.. (await server.Client.Json("/api/league/progress?run=grows&after=5000")).EnumerateArray()];
            Assert.Equal([5_001, 5_002], more.Select(l => l.GetProperty("updates").GetInt64()));
            Assert.Equal(JsonValueKind.Null, more[1].GetProperty("kl").ValueKind);

            File.WriteAllText(file, Line(1));
            Assert.Equal(1, Assert.Single(await Updates("/api/league/progress?run=grows")));

            async Task<long[]> Updates(string path) => [.. (await server.Client.Json(path)).EnumerateArray().Select(l => l.GetProperty("updates").GetInt64())];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static string Line(int update) => string.Create(CultureInfo.InvariantCulture, $"{{\"seconds\": {update}, \"trained_steps\": {update * 10}, \"updates\": {update}}}\n");
    }

    [Theory]
    [InlineData("/api/league?run=nobody")]
    [InlineData("/api/league?run=..")]
    [InlineData("/api/league?run=..%2F..%2Fetc")]
    [InlineData("/api/league/progress?run=%2Fetc%2Fpasswd")]
    [InlineData("/api/league/progress?run=small%00")]
    public async Task A_run_that_is_not_there_is_refused_with_those_that_are(string path)
    {
        await using TestServer server = await disk.Serve();
        Assert.Contains("there are: small", await server.Client.Refused(path, HttpStatusCode.NotFound), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_log_is_told_of_by_line_and_does_not_end_the_server()
    {
        string folder = Path.Combine(disk.Root, "damaged");
        Directory.CreateDirectory(folder);
        try
        {
            new RunFolder(folder).WriteSettings(SmallLeague.Settings);
            string[] lines = File.ReadAllLines(disk.Folder.Events);
            File.WriteAllText(new RunFolder(folder).Events, $"{lines[0]}\n{lines[1].Replace("main", "mein", StringComparison.Ordinal)}\n");
            await using TestServer server = await disk.Serve();
            for (int i = 0; i < 2; i++)
            {
                string refused = await server.Client.Refused("/api/league?run=damaged", HttpStatusCode.InternalServerError);
                Assert.Contains("line 2", refused, StringComparison.Ordinal);
                Assert.DoesNotContain(disk.Root, refused, StringComparison.Ordinal);
            }
            Assert.Equal("small", (await server.Client.Json("/api/league?run=small")).GetProperty("run").GetString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_run_of_this_process_is_paused_resumed_frozen_and_stopped_by_its_own_pages_only()
    {
        string root = Directory.CreateTempSubdirectory("arena-live-").FullName;
        var folder = new RunFolder(Path.Combine(root, "live"));
        using SelfPlayRun run = RunOnDisk.Create(folder, SmallLeague.Settings with { SnapshotSteps = 1_000_000_000 });
        using var stop = new CancellationTokenSource();
        using var updates = new BlockingCollection<long>();
        await using TestServer server = await disk.Serve(o => o with { Runs = root });
        server.Server.Attach(new Attached(run, stop));
        var thread = new Thread(() => run.Run(new RunLimits(), p => updates.Add(p.Updates), stop.Token));
        thread.Start();
        Assert.True(updates.TryTake(out _, TestServer.Patience));

        JsonElement about = await server.Client.Json("/api/about");
        Assert.Equal("live", about.GetProperty("run").GetString());
        Assert.True(about.GetProperty("may").GetProperty("control").GetBoolean());
        Assert.Equal("live", (await server.Client.Json("/api/league")).GetProperty("run").GetString());

        Assert.Equal("paused", await Control("pause"));
        Assert.True(run.IsPaused);
        Assert.Equal("paused", (await server.Client.Json("/api/league")).GetProperty("state").GetString());
        Assert.Equal("paused", (await server.Client.Json("/health")).GetProperty("state").GetString());
        Assert.Equal("paused", await Control("snapshot"));
        Assert.True(SpinWait.SpinUntil(() => RunCatalog.Versions(folder).Count == 1, TestServer.Patience));
        Assert.Equal("running", await Control("resume"));
        while (updates.TryTake(out _))
        {
        }
        Assert.True(updates.TryTake(out _, TestServer.Patience));

        string refused = await server.Client.Refused(server.FromOwnPage("/api/league/control", new { action = "explode" }), HttpStatusCode.BadRequest);
        Assert.Contains("allowed: pause, resume, snapshot, stop", refused, StringComparison.Ordinal);
        HttpRequestMessage bare = server.FromOwnPage("/api/league/control", new { action = "stop" });
        bare.Headers.Remove("Origin");
        Assert.Contains("'Origin: http://127.0.0.1:", await server.Client.Refused(bare, HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.False(stop.IsCancellationRequested);

        Assert.Equal("stopping", await Control("stop"));
        Assert.True(thread.Join(TestServer.Patience));
        Assert.Equal("ended", (await server.Client.Json("/health")).GetProperty("state").GetString());
        Directory.Delete(root, recursive: true);

        async Task<string> Control(string action)
        {
            using HttpResponseMessage answer = await server.Client.SendAsync(server.FromOwnPage("/api/league/control", new { action }));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("state").GetString()!;
        }
    }

    [Fact]
    public async Task A_server_that_trains_nothing_has_nothing_to_control()
    {
        await using TestServer server = await disk.Serve();
        Assert.False((await server.Client.Json("/api/about")).GetProperty("may").GetProperty("control").GetBoolean());
        Assert.Contains("trains nothing", await server.Client.Refused(server.FromOwnPage("/api/league/control", new { action = "pause" }), HttpStatusCode.Conflict), StringComparison.Ordinal);
    }

    private sealed class Attached(SelfPlayRun run, CancellationTokenSource stop) : IServedRun
    {
        public string Name => "live";

        public RunHealth Health => run.Health;

        public RunProgress? Last => null;

        public bool Paused => run.IsPaused;

        public Task Pause() => Now(run.Pause);

        public Task Resume() => Now(run.Resume);

        public Task Snapshot() => Now(run.AskForSnapshot);

        public Task Stop() => Now(stop.Cancel);

        private static Task Now(Action what)
        {
            what();
            return Task.CompletedTask;
        }
    }

    private sealed class Near(double tolerance) : IEqualityComparer<(string Player, double Elo, double Error)>
    {
        public bool Equals((string Player, double Elo, double Error) a, (string Player, double Elo, double Error) b)
            => a.Player == b.Player && Math.Abs(a.Elo - b.Elo) < tolerance && Math.Abs(a.Error - b.Error) < tolerance;

        public int GetHashCode((string Player, double Elo, double Error) of) => of.Player.GetHashCode(StringComparison.Ordinal);
    }
}
