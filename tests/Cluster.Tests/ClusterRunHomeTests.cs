using System.Net;
using SelfPlayArena.Core;
using SelfPlayArena.Grains;
using SelfPlayArena.League;
using SelfPlayArena.Matching;
using SelfPlayArena.Rollout;
using SelfPlayArena.Testing;

namespace SelfPlayArena.Cluster.Tests;

/// <summary>Runs whose only lasting place is the database.</summary>
[Collection(OneServer.Name)]
public sealed class ClusterRunHomeTests(Server server) : IDisposable
{
    private static readonly RunSettings Settings = new()
    {
        Environment = "matching",
        Anchors = ["random"],
        MatchesPerActor = 8,
        BatchSteps = 512,
        Minibatches = 1,
        SnapshotSteps = 1500,
        CheckpointSeconds = 0,
        QueueBatches = 1,
        Seed = 5,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("arena-home-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [PostgresFact]
    public void A_run_goes_on_where_it_was_on_a_machine_that_never_saw_it()
    {
        using ClusterDatabase database = server.Cluster();
        (long trained, long events, string[] kept) = Play(database, "first", resume: false, steps: 4000);
        Assert.Contains("run.json", kept);
        Assert.Contains("latest.bundle", kept);
        Assert.Contains("policies/main@1.bundle", kept);
        Assert.Equal(2, kept.Count(k => k.StartsWith("checkpoint-", StringComparison.Ordinal)));
        Directory.Delete(Path.Combine(_folder, "first"), recursive: true);

        using ClusterDatabase elsewhere = ClusterDatabase.Open(database.Address);
        (long after, long more, _) = Play(elsewhere, "second", resume: true, steps: trained + 1000, expected: trained);
        Assert.True(after >= trained + 1000 && more > events, $"{trained} steps and {events} events became {after} and {more}");
        var state = LeagueState.Fold(PostgresEventLog.Read(elsewhere, "run"));
        Assert.Equal(2, state.Session);
    }

    [PostgresFact]
    public void What_never_reached_the_database_is_no_part_of_the_run()
    {
        using ClusterDatabase database = server.Cluster();
        Play(database, "here", resume: false, steps: 1000);
        ClusterRunHome home = Home(database, "here");
        string stray = Path.Combine(_folder, "here", "run", "checkpoint-99999999.safetensors");
        File.WriteAllText(stray, "of a learner that was shut out before this was kept");
        RunFolder folder = home.Folder("run");
        Assert.False(File.Exists(stray));
        Assert.Equal(2, folder.Checkpoints().Count);
    }

    [PostgresFact]
    public void A_run_that_died_before_its_league_began_is_no_run()
    {
        using ClusterDatabase database = server.Cluster();
        ClusterRunHome home = Home(database, "here");
        using (home.OpenLog("run"))
        {
            string settings = Path.Combine(_folder, "settings");
            File.WriteAllText(settings, "{}");
            new RunFiles(database, "run").Keep("run.json", settings);
        }
        Assert.False(File.Exists(home.Folder("run").Settings));
    }

    [PostgresFact]
    public void A_file_is_kept_whole_when_the_connection_breaks_after_all_of_it_was_sent()
    {
        ClusterAddress address = server.Initialised();
        server.Postgres.Query(address.Database, """
            CREATE SEQUENCE public.times;
            CREATE FUNCTION public.break_once() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('public.times') = 1 THEN
                    PERFORM pg_terminate_backend(pg_backend_pid());
                    PERFORM pg_sleep(60);
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER breaks AFTER INSERT ON arena.file_part FOR EACH STATEMENT EXECUTE FUNCTION public.break_once();
            """);
        using ClusterDatabase database = ClusterDatabase.Open(address);
        using (Server.Log(database))
        {
        }
        var files = new RunFiles(database, "run");
        Directory.CreateDirectory(_folder);
        string file = Path.Combine(_folder, "checkpoint"), back = Path.Combine(_folder, "back");
        byte[] content = new byte[3_000_000];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(file, content);
        files.Keep("checkpoint-1", file);
        Assert.Equal("2", server.Postgres.Query(address.Database, "SELECT last_value FROM public.times"));
        Assert.True(files.Fetch("checkpoint-1", back));
        Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(back)));
    }

    [PostgresFact]
    public async Task What_silos_tell_of_themselves_is_read_back()
    {
        using ClusterDatabase database = server.Cluster();
        using (Server.Log(database, who: "silo one"))
        {
        }
        var reports = new SiloReports(database, "arena");
        var host = new HostReport("run/0", "playing", 8, 3, 1000, 0.5, 1, "in process", null);
        var learner = new LearnerReport("run", "learning", 1, 7, 3584, 100, 3, "127.0.0.1:7070", null);
        var report = new SiloReport("one", "learner, hosts", "127.0.0.1:11111", "machine", 42, new Dictionary<string, int> { ["learner"] = 1 }, [host], [learner], 123, Stopping: false);
        await reports.WriteAsync(report, DateTimeOffset.UnixEpoch);
        await reports.WriteAsync(report with { HeroStepsPerSecond = 456 }, DateTimeOffset.UnixEpoch);
        ClusterStatus status = reports.Read();
        SiloStanding silo = Assert.Single(status.Silos);
        Assert.Equal((456d, true, host, learner), (silo.Report.HeroStepsPerSecond, silo.Alive, silo.Report.Hosts[0], silo.Report.Learners[0]));
        Assert.Equal(("run", 0L, "silo one"), (status.Runs[0].Name, status.Runs[0].Events, status.Runs[0].HeldBy));
        Assert.Empty(new SiloReports(database, "another cluster").Read().Silos);
        await reports.RemoveAsync("one");
        Assert.Empty(reports.Read().Silos);
    }

    /// <summary>Plays with a scratch folder of its own; returns trained steps, events and what the database keeps.</summary>
    private (long Trained, long Events, string[] Kept) Play(ClusterDatabase database, string scratch, bool resume, long steps, long? expected = null)
    {
        ClusterRunHome home = Home(database, scratch);
        var league = new LeagueOf(home);
        var factory = new MatchingFactory();
        using (SelfPlayRun run = resume
            ? SelfPlayRun.Resume(home.Folder("run"), Settings, factory, home.Transport, TimeProvider.System, null, league)
            : SelfPlayRun.Create(home.Folder("run"), Settings, "test", factory, home.Transport, TimeProvider.System, null, league))
        {
            if (expected is not null)
                Assert.Equal(expected, run.TrainedSteps);
            run.Run(new RunLimits(Steps: steps), _ => { }, CancellationToken.None);
            long trained = run.TrainedSteps;
            home.Ended("run", null);
            return (trained, league.Events, [.. new RunFiles(database, "run").List().Select(f => f.Path)]);
        }
    }

    private ClusterRunHome Home(ClusterDatabase database, string scratch) => new(database, new SiloOptions
    {
        Name = scratch,
        Address = IPAddress.Loopback,
        SiloPort = 1,
        Scratch = Path.Combine(_folder, scratch),
        EnvironmentOf = _ => new MatchingFactory(),
        EnvironmentOfRecipe = _ => new MatchingFactory(),
        Log = _ => { },
    }, TimeProvider.System);

    private sealed class LeagueOf(ClusterRunHome home) : ILeagueAccess
    {
        private IEventLog? _log;

        public long Events => _log!.NextPosition;

        public void Claim() => _log = home.OpenLog("run");

        public ILeague Open(LeagueOpening opening) => SelfPlayLeague.Open(_log!, opening, TimeProvider.System);

        public void Dispose() => _log?.Dispose();
    }

    private sealed class MatchingFactory : IEnvironmentFactory
    {
        public EnvironmentSpec Spec { get; } = new MatchingEnvironment(1).Spec;

        public EnvironmentRecipe Recipe { get; } = EnvironmentRecipe.Plain("matching");

        public IBatchEnvironment Create(int matches) => new MatchingEnvironment(matches);
    }
}
