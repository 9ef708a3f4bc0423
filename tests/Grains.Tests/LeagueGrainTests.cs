using Microsoft.Extensions.Hosting;
using SelfPlayArena.League;

namespace SelfPlayArena.Grains.Tests;

public sealed class LeagueGrainTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("arena-league-grain-").FullName;
    private readonly TestHome _home;

    public LeagueGrainTests()
    {
        _home = new TestHome(_root);
        Directory.CreateDirectory(_home.Folder("run").Path);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static ResultCard Won(MatchupCard matchup, string id) => new(id, matchup, 0, 1, 0, 5, "rule", [1, 0], 7);

    private static async Task<(ILeagueGrain League, MatchupCard[] Matchups, LeagueFacts Facts)> Open(IHost silo)
    {
        ILeagueGrain league = silo.Grain<ILeagueGrain>("run");
        await league.Claim();
        await league.Open(Given.Terms(Given.Small), 0);
        LeagueFacts facts = await league.Start(0, 1);
        return (league, await league.Next(new MatchupRequest([], 4)), facts);
    }

    [Fact]
    public async Task A_result_that_comes_twice_counts_once()
    {
        using IHost silo = await Given.Silo(_home);
        (ILeagueGrain league, MatchupCard[] matchups, LeagueFacts before) = await Open(silo);
        ResultCard[] results = [Won(matchups[0], "h/0"), Won(matchups[1], "h/1")];

        ResultsReceipt first = await league.Report(results, durable: true);
        ResultsReceipt second = await league.Report([.. results, Won(matchups[2], "h/2")], durable: true);

        Assert.Equal([ResultVerdict.Counted, ResultVerdict.Counted], first.Verdicts);
        Assert.Equal([ResultVerdict.Known, ResultVerdict.Known, ResultVerdict.Counted], second.Verdicts);
        Assert.Equal(before.Position + 3, second.Facts.Position);
        Assert.Equal(3, second.Facts.Matches);
        await silo.StopAsync();
        Assert.Equal(3, FileEventLog.Read(_home.Folder("run").Events).OfType<MatchFinished>().Count());
    }

    [Fact]
    public async Task What_was_acknowledged_outlives_a_grain_that_was_cut_off_and_what_does_not_fit_is_told()
    {
        using (IHost silo = await Given.Silo(_home))
        {
            (ILeagueGrain league, MatchupCard[] matchups, _) = await Open(silo);
            var stranger = new MatchupCard(99, "main@latest", "main@77", 4, 1);
            ResultsReceipt receipt = await league.Report([Won(matchups[0], "h/0"), Won(stranger, "h/1"), Won(matchups[1], "no id")], durable: true);
            Assert.Equal([ResultVerdict.Counted, ResultVerdict.Unfit, ResultVerdict.Unfit], receipt.Verdicts);
            Assert.Equal(2, receipt.Problems.Length);

            // The log as it is at this moment: whatever comes after it, a power cut would take.
            Assert.Equal(receipt.Facts.Durable, FileEventLog.Read(_home.Folder("run").Events).Count());
            await silo.StopAsync();
        }
        using IHost other = await Given.Silo(_home);
        ILeagueGrain again = other.Grain<ILeagueGrain>("run");
        LeagueFacts facts = await again.Facts();
        Assert.Equal(1, facts.Matches);
        Assert.True(facts.Running);
        Assert.Equal(1, facts.Session);
        MatchupCard next = (await again.Next(new MatchupRequest([], 1)))[0];
        ResultsReceipt late = await again.Report([Won(next, "h/0")], durable: true);
        Assert.Equal(ResultVerdict.Known, late.Verdicts[0]);
        await other.StopAsync();
    }

    [Fact]
    public async Task A_learner_that_another_took_over_from_is_refused()
    {
        using IHost silo = await Given.Silo(_home);
        (ILeagueGrain league, _, LeagueFacts first) = await Open(silo);
        LeagueFacts second = await league.Start(0, 2);
        Assert.Equal(first.Session + 1, second.Session);
        await Assert.ThrowsAsync<LeagueLogException>(() => league.RecordSnapshot(first.Session, 1, 100, "policies/main@1.bundle"));
        await Assert.ThrowsAsync<LeagueLogException>(() => league.Stop(first.Session, 0, "late"));
        LeagueFacts after = await league.RecordSnapshot(second.Session, 1, 100, "policies/main@1.bundle");
        Assert.Equal(1, after.Snapshots);

        // The answer was lost, and the same is asked for again.
        Assert.Equal(after.Position, (await league.RecordSnapshot(second.Session, 1, 100, "policies/main@1.bundle")).Position);
        await silo.StopAsync();
    }

    [Fact]
    public async Task A_creation_that_is_asked_for_again_is_the_same_and_another_one_is_refused_and_changes_nothing()
    {
        using IHost silo = await Given.Silo(_home);
        ILeagueGrain league = silo.Grain<ILeagueGrain>("run");
        LeagueFacts first = await league.Open(Given.Terms(Given.Small), 0);
        Assert.Equal(first.Position, (await league.Open(Given.Terms(Given.Small), 0)).Position);
        LeagueLogException other = await Assert.ThrowsAsync<LeagueLogException>(() => league.Open(Given.Terms(Given.Small with { Seed = 99 }), 0));
        Assert.False(Patience.MayPass(other));
        Assert.Equal(first, await league.Facts() with { Terms = first.Terms });
        await league.Start(0, 1);
        await Assert.ThrowsAsync<LeagueLogException>(() => league.Open(Given.Terms(Given.Small), 0));
        await silo.StopAsync();
    }

    [Fact]
    public async Task A_log_that_went_on_elsewhere_is_read_anew_by_the_next_call()
    {
        var log = new SharedLog();
        var home = new LogHome(_home, log);
        using IHost silo = ArenaSilo.Alone(home, Path.Combine(_root, "grains"), new GrainMeter());
        await silo.StartAsync();
        (ILeagueGrain league, MatchupCard[] matchups, LeagueFacts before) = await Open(silo);
        log.Append(before.Position, new RunStarted(2, DateTimeOffset.UnixEpoch, 0, 1));

        await Assert.ThrowsAsync<LogConflictException>(() => league.Report([Won(matchups[0], "h/0")], durable: true));
        ResultsReceipt receipt = await league.Report([Won(matchups[0], "h/0")], durable: true);
        Assert.Equal(2, receipt.Facts.Session);
        Assert.Equal(ResultVerdict.Counted, receipt.Verdicts[0]);
        Assert.Equal(before.Position + 2, log.NextPosition);
        await silo.StopAsync();
    }

    private sealed class SharedLog : IEventLog
    {
        private readonly MemoryEventLog _events = new();

        public long NextPosition => _events.NextPosition;

        public void Append(long expectedPosition, IReadOnlyList<LeagueEvent> events) => _events.Append(expectedPosition, events);

        public void Append(long expectedPosition, LeagueEvent e) => _events.Append(expectedPosition, [e]);

        public IEnumerable<LeagueEvent> ReadFrom(long position) => _events.ReadFrom(position);

        public void Dispose()
        {
        }
    }

    private sealed class LogHome(TestHome home, IEventLog log) : IRunHome
    {
        public IEventLog OpenLog(string run) => log;

        public Rollout.RunFolder Folder(string run) => home.Folder(run);

        public Rollout.IEnvironmentFactory Environment(Rollout.RunSettings settings) => home.Factory;

        public Rollout.IEnvironmentFactory Environment(Core.EnvironmentRecipe recipe) => home.Factory;

        public Core.ITrajectoryTransport Transport(int capacity) => home.Transport(capacity);

        public RunDoor? OpenDoor(string run, Rollout.ILocalRunPort port) => null;

        public Streaming.WorkerTarget Target(string endpoint) => home.Target(endpoint);
    }
}
