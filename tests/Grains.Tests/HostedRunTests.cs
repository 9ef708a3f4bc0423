using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Runtime;
using SelfPlayArena.League;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Grains.Tests;

/// <summary>Whole runs whose learner, league and match hosts are grains.</summary>
public sealed class HostedRunTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("arena-hosted-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static List<MatchFinished> Results(RunFolder folder) => [.. FileEventLog.Read(folder.Events).OfType<MatchFinished>()];

    [Fact]
    public async Task A_run_hosted_by_grains_plays_match_for_match_what_a_direct_one_plays()
    {
        // A learner that moves nothing: then what is played depends on seeds alone, although learner and host take turns as they please.
        RunSettings still = Given.Small with { LearningRate = 0, LearningRateEnd = 0, SnapshotSteps = 1_000_000, Anchors = ["random"], SelfPlayShare = 0.5, AnchorShare = 0.5 };
        var direct = new RunFolder(Path.Combine(_root, "direct"));
        using (SelfPlayRun run = SelfPlayRun.Create(direct, still, "test", new MatchingFactory(), n => new TrajectoryQueue(n), TimeProvider.System))
            run.Run(new RunLimits(Steps: 20_000), _ => { }, default);
        // Named alike, because everything random begins with the name's seed alone.
        var home = new TestHome(_root);
        using (IHost silo = await Given.Silo(home))
        {
            await silo.Grain<ILearnerGrain>("hosted").Start(Given.Order(still, 20_000));
            Assert.Null(await home.RunEnded);
            await silo.StopAsync();
        }

        List<MatchFinished> a = Results(direct), b = Results(home.Folder("hosted"));
        int both = Math.Min(a.Count, b.Count);
        Assert.True(both > 100, $"{a.Count} and {b.Count} matches");
        for (int i = 0; i < both; i++)
            Assert.Equal(a[i] with { Match = "", HomeVersion = 0, Scores = [] }, b[i] with { Match = "", HomeVersion = 0, Scores = [] });
        Assert.Contains(a, m => m.Away.Member.IsScripted);
    }

    [Fact]
    public async Task A_run_hosted_by_grains_trains_counts_every_match_leaves_snapshots_and_goes_on()
    {
        var home = new TestHome(_root);
        RunFolder folder = home.Folder("run");
        long finished;
        using (IHost silo = await Given.Silo(home))
        {
            LearnerStatus started = await silo.Grain<ILearnerGrain>("run").Start(Given.Order(Given.Small, 12_000, hosts: 2));
            Assert.Equal(1, started.Session);
            Assert.Null(await home.RunEnded);
            HostStatus[] hosts = await Task.WhenAll(Enumerable.Range(0, 2).Select(h => silo.Grain<IMatchHostGrain>(HostOrder.KeyOf("run", h)).Status()));
            Assert.All(hosts, h => Assert.True(h is { State: HostState.Idle, Matches: 0, Unreported: 0, Finished: > 0 }, h.ToString()));
            finished = hosts.Sum(h => h.Finished);
            Assert.Equal(LearnerState.Ended, (await silo.Grain<ILearnerGrain>("run").Status()).State);
            await silo.StopAsync();
        }
        List<MatchFinished> results = Results(folder);
        Assert.Equal(finished, results.Count);
        Assert.Equal(results.Count, results.Select(r => r.Match).Distinct().Count());
        Assert.Equal(2, results.Select(r => r.Match.Split('/')[0]).Distinct().Count());
        Assert.True(Directory.GetFiles(folder.Policies).Length >= 2);
        Assert.True(PolicyBundle.Load(folder.Latest).Card.TrainedSteps >= 12_000);
        Assert.IsType<RunStopped>(FileEventLog.Read(folder.Events).Last());
        Assert.Equal(home.Progress.Count, File.ReadLines(folder.Progress).Count());

        var later = new TestHome(_root);
        using (IHost silo = await Given.Silo(later))
        {
            LearnerStatus again = await silo.Grain<ILearnerGrain>("run").Start(Given.Order(Given.Small, 20_000, resume: true));
            Assert.Equal(2, again.Session);
            Assert.Null(await later.RunEnded);
            await silo.StopAsync();
        }
        Assert.True(Results(folder).Count > results.Count);
        Assert.True(later.Progress[0].TrainedSteps > 12_000);
    }

    [Fact]
    public async Task A_run_hosted_by_grains_stands_still_when_told_to_leaves_the_snapshot_that_is_asked_for_and_goes_on()
    {
        var home = new TestHome(_root);
        using IHost silo = await Given.Silo(home);
        ILearnerGrain learner = silo.Grain<ILearnerGrain>("run");
        await learner.Start(Given.Order(Given.Small with { SnapshotSteps = 1_000_000_000 }, 1_000_000_000));
        Assert.True(SpinWait.SpinUntil(() => home.Progress.Count > 1, TestHome.Patience));
        Assert.Equal(LearnerState.Paused, (await learner.Pause()).State);
        string policies = home.Folder("run").Policies;
        // The first may be taken by the update that is under way, before it is told of; the second then comes from where the learner stands.
        for (int version = 1; version <= 2; version++)
        {
            await learner.Snapshot();
            Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(policies, $"main@{version}.bundle")), TestHome.Patience), $"snapshot {version}");
        }
        int updates = home.Progress.Count;
        IMatchHostGrain host = silo.Grain<IMatchHostGrain>("run/0");
        long finished, start = Environment.TickCount64;
        do
        {
            // Its last decision may be under way.
            finished = (await host.Status()).Finished;
            await Task.Delay(300);
        }
        while ((await host.Status()).Finished != finished && Environment.TickCount64 - start < TestHome.Patience.TotalMilliseconds);
        Assert.Equal((updates, finished), (home.Progress.Count, (await host.Status()).Finished));
        Assert.Equal(LearnerState.Learning, (await learner.Resume()).State);
        Assert.True(SpinWait.SpinUntil(() => home.Progress.Count > updates, TestHome.Patience));
        await learner.Pause();
        await learner.Stop();
        Assert.Null(await home.RunEnded);
        await silo.StopAsync();
    }

    [Fact]
    public async Task A_league_whose_grain_is_lost_again_and_again_misses_no_result()
    {
        var home = new TestHome(_root);
        using IHost silo = await Given.Silo(home);
        await silo.Grain<ILearnerGrain>("run").Start(Given.Order(Given.Small, 15_000));
        var losses = 0;
        while (!home.RunEnded.IsCompleted)
        {
            await silo.Grain<ILeagueGrain>("run").Close();
            losses++;
            await Task.WhenAny(home.RunEnded, Task.Delay(30));
        }
        Assert.Null(await home.RunEnded);
        HostStatus host = await silo.Grain<IMatchHostGrain>("run/0").Status();
        await silo.StopAsync();
        Assert.True(losses > 5, $"{losses} losses");
        List<MatchFinished> results = Results(home.Folder("run"));
        Assert.Equal(host.Finished, results.Count);
        Assert.Equal(results.Count, results.Select(r => r.Match).Distinct().Count());
    }

    [Fact]
    public async Task Grains_answer_while_more_hosts_than_there_are_threads_stand_at_a_full_queue()
    {
        const int hosts = 24;
        var home = new TestHome(_root);
        home.Reading.Reset();
        using IHost silo = await Given.Silo(home);
        ILearnerGrain learner = silo.Grain<ILearnerGrain>("run");
        await learner.Start(Given.Order(Given.Small with { MatchesPerActor = 4 }, 30_000, hosts));
        await home.FirstUpdate;
        IMatchHostGrain[] grains = [.. Enumerable.Range(0, hosts).Select(h => silo.Grain<IMatchHostGrain>(HostOrder.KeyOf("run", h)))];
        HostStatus[] all;
        long[] before = new long[hosts];
        do
        {
            await Task.Delay(50);
            all = await Task.WhenAll(grains.Select(g => g.Status())).WaitAsync(TestHome.Patience);
        }
        while (!Stand(all, before));
        Assert.All(all, h => Assert.Equal(HostState.Playing, h.State));
        Assert.Equal(LearnerState.Learning, (await learner.Status().WaitAsync(TestHome.Patience)).State);
        Assert.NotNull(await silo.Grain<ILeagueGrain>("run").Standing().WaitAsync(TestHome.Patience));

        home.Reading.Set();
        await learner.Stop();
        Assert.Null(await home.RunEnded);
        await silo.StopAsync();

        // All play, and none has moved since the last look: they wait for the learner.
        static bool Stand(HostStatus[] now, long[] before)
        {
            bool stand = true;
            for (int h = 0; h < now.Length; h++)
            {
                stand &= now[h].State == HostState.Playing && now[h].HeroSteps == before[h];
                before[h] = now[h].HeroSteps;
            }
            return stand;
        }
    }

    [Fact]
    public async Task A_host_that_breaks_ends_the_run_with_its_reason_and_what_was_learnt_is_saved()
    {
        var home = new TestHome(_root);
        home.Factory.Broken = new InvalidOperationException("the map is missing");
        using IHost silo = await Given.Silo(home);
        await silo.Grain<ILearnerGrain>("run").Start(Given.Order(Given.Small, 5_000));
        Exception? failure = await home.RunEnded;
        Assert.Contains("a match host stopped: the map is missing", failure!.Message, StringComparison.Ordinal);
        Assert.Equal(LearnerState.Failed, (await silo.Grain<ILearnerGrain>("run").Status()).State);
        await silo.StopAsync();
        Assert.True(File.Exists(home.Folder("run").Latest));
    }

    [Fact]
    public async Task A_run_that_cannot_be_opened_says_why_to_who_started_it()
    {
        var home = new TestHome(_root);
        Directory.CreateDirectory(home.Folder("run").Path);
        using (FileEventLog held = FileEventLog.Open(home.Folder("run").Events))
        {
            using IHost silo = await Given.Silo(home);
            await Assert.ThrowsAsync<RunInUseException>(() => silo.Grain<ILearnerGrain>("run").Start(Given.Order(Given.Small, 5_000)));
            await silo.StopAsync();
        }
    }

    [Fact]
    public async Task A_learner_whose_silo_went_away_goes_on_elsewhere_when_somebody_asks_where_it_is()
    {
        TestHome home = await LeftInTheMiddle();
        long trained = home.Progress[^1].TrainedSteps;
        Assert.True(trained < 40_000);

        var elsewhere = new TestHome(_root);
        using (IHost silo = await Given.Silo(elsewhere))
        {
            _ = await silo.Grain<ILearnerGrain>("run").Place();
            Assert.Null(await elsewhere.RunEnded);
            await silo.StopAsync();
        }
        Assert.True(elsewhere.Progress[0].TrainedSteps > trained);
        Assert.True(elsewhere.Progress[^1].TrainedSteps >= 40_000);

        // It did what it was told to: nobody goes on with it now.
        var third = new TestHome(_root);
        using IHost last = await Given.Silo(third);
        Assert.True((await last.Grain<ILearnerGrain>("run").Place()).Over);
        await last.StopAsync();
    }

    [Fact]
    public async Task A_learner_that_was_left_in_the_middle_follows_the_order_it_is_given_now()
    {
        long trained = (await LeftInTheMiddle()).Progress[^1].TrainedSteps;
        var home = new TestHome(_root);
        using IHost silo = await Given.Silo(home);
        await silo.Grain<ILearnerGrain>("run").Start(Given.Order(Given.Small, trained + 1, resume: true));
        Assert.Null(await home.RunEnded);
        await silo.StopAsync();
        Assert.Single(home.Progress);
    }

    [Fact]
    public async Task The_end_of_a_run_that_could_not_be_written_down_is_written_as_soon_as_it_can_be()
    {
        var home = new TestHome(_root);
        home.Reading.Reset();
        using (IHost silo = await Given.Silo(home))
        {
            ILearnerGrain learner = silo.Grain<ILearnerGrain>("run");
            await learner.Start(Given.Order(Given.Small, 1));
            await home.FirstUpdate;
            string file = Assert.Single(Directory.GetFiles(home.Memory, "*.state")), aside = home.Memory + " aside";
            // Where the folder should be is a file: nothing can be written.
            Directory.Move(home.Memory, aside);
            File.WriteAllText(home.Memory, "");
            home.Reading.Set();
            Assert.Null(await home.RunEnded);
            Assert.Equal(LearnerState.Ended, (await learner.Status()).State);
            File.Delete(home.Memory);
            Directory.Move(aside, home.Memory);
            string before = File.ReadAllText(file);
            Assert.True(SpinWait.SpinUntil(() => File.ReadAllText(file) != before, TestHome.Patience), "nothing was written");
            await silo.StopAsync();
        }
        using IHost later = await Given.Silo(new TestHome(_root));
        Assert.True((await later.Grain<ILearnerGrain>("run").Place()).Over);
        await later.StopAsync();
    }

    [Fact]
    public async Task What_goes_wrong_in_a_watcher_at_the_end_does_not_hide_why_the_run_ended()
    {
        var home = new TestHome(_root) { EndFails = true };
        home.Factory.Broken = new InvalidOperationException("the map is missing");
        using IHost silo = await Given.Silo(home);
        ILearnerGrain learner = silo.Grain<ILearnerGrain>("run");
        await learner.Start(Given.Order(Given.Small, 5_000));
        await home.RunEnded;
        LearnerStatus status;
        do
            status = await learner.Status();
        while (status.State is not LearnerState.Failed);
        Assert.Contains("the map is missing", status.Fault, StringComparison.Ordinal);
        await silo.StopAsync();
    }

    [Fact]
    public async Task A_learner_whose_memory_is_damaged_says_in_which_file()
    {
        await LeftInTheMiddle();
        var home = new TestHome(_root);
        string file = Assert.Single(Directory.GetFiles(home.Memory, "*.state"));
        File.WriteAllText(file, "{}");
        using IHost silo = await Given.Silo(home);
        OrleansException e = await Assert.ThrowsAsync<OrleansException>(() => silo.Grain<ILearnerGrain>("run").Start(Given.Order(Given.Small, 50_000, resume: true)));
        Assert.Contains(file, Assert.IsType<InvalidDataException>(e.InnerException).Message, StringComparison.Ordinal);
        await silo.StopAsync();
    }

    /// <summary>A run of 40,000 steps whose silo leaves after an update, and that another process meanwhile tried to start too.</summary>
    private async Task<TestHome> LeftInTheMiddle()
    {
        var home = new TestHome(_root);
        home.Reading.Reset();
        using (IHost silo = await Given.Silo(home))
        {
            await silo.Grain<ILearnerGrain>("run").Start(Given.Order(Given.Small, 40_000));
            await home.FirstUpdate;
            // The run stands at its first update, so that it cannot be over before the other has tried.
            var rival = new TestHome(_root);
            using (IHost other = await Given.Silo(rival))
            {
                await Assert.ThrowsAsync<RunInUseException>(() => other.Grain<ILearnerGrain>("run").Start(Given.Order(Given.Small, 5_000, resume: true)));
                await other.StopAsync();
            }
            Task stopping = silo.StopAsync();
            home.Reading.Set();
            await stopping;
        }
        Assert.Null(await home.RunEnded);
        return home;
    }

    [Fact]
    public async Task A_host_of_another_process_plays_for_the_learner_over_the_stream_and_reports_to_the_league()
    {
        var home = new TestHome(_root) { Listens = true };
        home.Reading.Reset();
        using IHost silo = await Given.Silo(home);
        ILearnerGrain learner = silo.Grain<ILearnerGrain>("run");
        await learner.Start(Given.Order(Given.Small, 20_000, hosts: 0));

        // Another process has registers of its own, in which the run is not; all else is the cluster's.
        using var elsewhere = new SiloRuns(home, silo.Services.GetRequiredService<IGrainFactory>(), new GrainMeter(), TimeProvider.System, NullLogger<SiloRuns>.Instance);
        HostThread[] hosts = [new(new HostOrder("run", 0, 0), elsewhere), new(new HostOrder("run", 1, 8), elsewhere)];
        await home.FirstUpdate;
        // The run stands at its first update, so that it is not over before both have come.
        Assert.True(SpinWait.SpinUntil(() => hosts.All(h => h.Status.Linked is not null), TestHome.Patience), "both hosts must find the learner");
        Assert.All(hosts, h => Assert.Contains("127.0.0.1", h.Status.Linked!, StringComparison.Ordinal));
        home.Reading.Set();
        Assert.Null(await home.RunEnded);
        await Task.WhenAll(hosts.Select(h => h.Ended)).WaitAsync(TestHome.Patience);
        Assert.All(hosts, h => Assert.True(h.Status.Fault is null && h.Status.Finished > 0, h.Status.ToString()));
        Assert.Equal(0, elsewhere.Streams);
        Assert.True(home.Progress[^1].SimulatedPerSecond > 0);

        List<MatchFinished> results = Results(home.Folder("run"));
        Assert.Equal(2, results.Select(r => r.Match.Split('/')[0]).Distinct().Count());
        Assert.Contains(results, r => !r.Away.IsLatest && !r.Away.Member.IsScripted);
        PoolStatus pool = await silo.Grain<IModelPoolGrain>("run").Status();
        Assert.True(pool.Asked > 0 && pool.Asked <= Directory.GetFiles(home.Folder("run").Policies).Length, pool.ToString());
        await silo.StopAsync();
    }
}
