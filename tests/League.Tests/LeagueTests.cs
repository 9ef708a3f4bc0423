using SelfPlayArena.Core;

namespace SelfPlayArena.League.Tests;

public sealed class LeagueTests
{
    [Fact]
    public void The_state_rebuilt_from_the_log_is_the_one_kept_while_running()
    {
        var log = new MemoryEventLog();
        SelfPlayLeague league = Some.League(log);
        Play(league, 500, seed: 1);
        league.Stop(12_345, "done");
        Assert.Equal(league.Read(s => s.Describe()), LeagueState.Fold(log.ReadFrom(0)).Describe());
        Assert.Equal(12_345, LeagueState.Fold(log.ReadFrom(0)).TrainedSteps);
    }

    [Fact]
    public void A_resumed_league_goes_on_exactly_as_one_that_was_never_stopped()
    {
        var straight = new MemoryEventLog();
        SelfPlayLeague one = Some.League(straight);
        Play(one, 300, seed: 2);
        one.Flush();

        var log = new MemoryEventLog();
        log.Append(0, [.. straight.ReadFrom(0)]);
        SelfPlayLeague two = SelfPlayLeague.Resume(log, new LeagueOptions(), new StoppedClock(), one.NextMatchupId);
        Assert.Equal(one.Ratings().Ratings, two.Ratings().Ratings);
        for (int i = 0; i < 200; i++)
            Assert.Equal(one.NextMatchup([]), two.NextMatchup([]));
    }

    [Fact]
    public void A_killed_session_loses_no_acknowledged_result_and_its_ids_do_not_return()
    {
        using var directory = new TemporaryDirectory();
        var clock = new StoppedClock();
        long durable;
        using (FileEventLog log = FileEventLog.Open(directory.File()))
        {
            SelfPlayLeague league = Some.League(log, clock);
            Play(league, 45, seed: 3);
            durable = league.DurablePosition;
            Assert.InRange(league.Position - durable, 1, 31);
        }
        using FileEventLog again = FileEventLog.Open(directory.File());
        SelfPlayLeague resumed = SelfPlayLeague.Resume(again, new LeagueOptions(), clock);
        Assert.Equal(durable, resumed.Position);
        long matches = resumed.Read(s => s.Matches);
        Assert.Equal(2, resumed.Start(0, 9));
        Matchup m = resumed.NextMatchup();
        Assert.True(m.Id > resumed.Read(s => s.HighestMatchup));
        Assert.True(resumed.Report(Some.Result(resumed.MatchIdsOf("0").Next(), m, 1)));
        Assert.Equal(matches + 1, resumed.Read(s => s.Matches));
    }

    [Fact]
    public void Results_are_written_by_number_and_by_time()
    {
        var log = new MemoryEventLog();
        var clock = new StoppedClock();
        SelfPlayLeague league = Some.League(log, clock, new LeagueOptions { GroupSize = 3, GroupDelay = TimeSpan.FromSeconds(1) });
        league.Start(0, 1);
        MatchIds ids = league.MatchIdsOf("0");
        Matchup m = league.NextMatchup([]);
        long start = log.NextPosition;
        league.Report(Some.Result(ids.Next(), m, 1));
        league.Report(Some.Result(ids.Next(), m, 1));
        Assert.Equal(start, log.NextPosition);
        league.Report(Some.Result(ids.Next(), m, 1));
        Assert.Equal(start + 3, log.NextPosition);
        league.Report(Some.Result(ids.Next(), m, 1));
        clock.Ticks += TimeSpan.TicksPerSecond - 1;
        league.FlushIfDue();
        Assert.Equal(start + 3, league.DurablePosition);
        clock.Ticks++;
        league.FlushIfDue();
        Assert.Equal((start + 4, start + 4), (log.NextPosition, league.DurablePosition));
    }

    [Fact]
    public void A_log_that_fails_keeps_results_for_the_next_try_and_a_snapshot_that_failed_never_happened()
    {
        var log = new FailingLog();
        SelfPlayLeague league = Some.League(log);
        league.Start(0, 1);
        MatchIds ids = league.MatchIdsOf("0");
        MatchResult result = Some.Result(ids.Next(), league.NextMatchup([]), 1);
        league.Report(result);
        log.Failing = true;
        Assert.Throws<LeagueLogException>(league.Flush);
        Assert.Throws<LeagueLogException>(() => league.RecordSnapshot(1, 10, "b"));
        Assert.Equal(1, league.NextVersion);
        log.Failing = false;
        Assert.False(league.Report(result));
        league.RecordSnapshot(1, 10, "b");
        Assert.Equal(league.Read(s => s.Describe()), LeagueState.Fold(log.ReadFrom(0)).Describe());
    }

    [Fact]
    public void Snapshots_come_by_steps_or_by_beating_the_pool_but_not_too_soon()
    {
        var rule = new SnapshotRule { EverySteps = 1000, MinSteps = 100, WinRate = 0.7, MinMatches = 5 };
        SelfPlayLeague league = Some.League(new MemoryEventLog(), options: new LeagueOptions { Snapshots = rule });
        league.Start(0, 1);
        MatchIds ids = league.MatchIdsOf("0");
        Assert.False(league.ShouldSnapshot(999));
        Assert.True(league.ShouldSnapshot(1000));
        league.RecordSnapshot(1, 1000, "b");
        Assert.False(league.ShouldSnapshot(1999));

        PlayerId[] pool = [Some.Random, Some.Easy, Some.Frozen(1)];
        Wins(Some.Random, 6);
        Wins(Some.Easy, 6);
        Assert.False(league.ShouldSnapshot(1100));
        Wins(Some.Frozen(1), 6);
        Assert.False(league.ShouldSnapshot(1099));
        Assert.True(league.ShouldSnapshot(1100, out string reason));
        Assert.Contains("all 3 opponents", reason, StringComparison.Ordinal);
        for (int i = 0; i < 3; i++)
            league.Report(Some.Result(ids.Next(), new Matchup(0, Some.Latest, Some.Easy, 4, 1), 0));
        Assert.False(league.ShouldSnapshot(1100));
        Assert.Throws<ArgumentException>(() => league.RecordSnapshot(1, 1100, "b"));

        void Wins(PlayerId opponent, int n)
        {
            for (int i = 0; i < n; i++)
                league.Report(Some.Result(ids.Next(), new Matchup(0, Some.Latest, opponent, 4, 1), 1));
        }
    }

    [Fact]
    public void Threads_that_report_at_once_lose_and_double_nothing()
    {
        var log = new MemoryEventLog();
        SelfPlayLeague league = Some.League(log);
        league.Start(0, 1);
        const int Threads = 8, Each = 500;
        var threads = new List<Thread>();
        for (int t = 0; t < Threads; t++)
        {
            MatchIds ids = league.MatchIdsOf(FormattableString.Invariant($"{t}"));
            var thread = new Thread(() =>
            {
                for (int i = 0; i < Each; i++)
                {
                    MatchResult r = Some.Result(ids.Next(), league.NextMatchup([]), i % 2);
                    Assert.True(league.Report(r));
                    Assert.False(league.Report(r));
                }
            });
            threads.Add(thread);
            thread.Start();
        }
        threads.ForEach(t => t.Join());
        league.Flush();
        Assert.Equal(Threads * Each, league.Read(s => s.Matches));
        Assert.Equal(Threads * Each, league.NextMatchupId);
        Assert.Equal(Threads * Each, log.ReadFrom(0).OfType<MatchFinished>().Select(m => m.Match).Distinct().Count());
        Assert.Equal(league.Read(s => s.Describe()), LeagueState.Fold(log.ReadFrom(0)).Describe());
    }

    [Fact]
    public void Matches_of_unknown_players_are_refused_and_not_written()
    {
        var log = new MemoryEventLog();
        SelfPlayLeague league = Some.League(log);
        Assert.Throws<InvalidDataException>(() => league.Report(Some.Result("1.0/0", new Matchup(0, Some.Latest, Some.Frozen(5), 1, 1), 1)));
        league.Flush();
        Assert.Equal(4, log.NextPosition);
        Assert.Throws<InvalidOperationException>(() => league.MatchIdsOf("0"));
        Assert.Throws<ArgumentException>(() => league.AddMember(new MemberId("scripted:x"), MemberRole.Main));
    }

    private static void Play(SelfPlayLeague league, int matches, ulong seed)
    {
        league.Start(0, 1);
        MatchIds ids = league.MatchIdsOf("0");
        var rng = new Rng(seed);
        var running = new Dictionary<long, (Matchup Matchup, int Left)>();
        for (int i = 0; i < matches; i++)
        {
            while (running.Count < 6)
            {
                Matchup next = league.NextMatchup();
                running.Add(next.Id, (next, next.Matches));
            }
            (Matchup m, int left) = running.Values.ElementAt(rng.Next(running.Count));
            league.Report(Some.Result(ids.Next(), m, rng.Next(3) * 0.5));
            if (left == 1)
                running.Remove(m.Id);
            else
                running[m.Id] = (m, left - 1);
            if (i % 100 == 99)
                league.RecordSnapshot(league.NextVersion, i, "b");
        }
    }

    private sealed class FailingLog : IEventLog
    {
        private readonly MemoryEventLog _log = new();

        public bool Failing { get; set; }

        public long NextPosition => _log.NextPosition;

        public void Append(long expectedPosition, IReadOnlyList<LeagueEvent> events)
        {
            if (Failing)
                throw new LeagueLogException("no room");
            _log.Append(expectedPosition, events);
        }

        public IEnumerable<LeagueEvent> ReadFrom(long position) => _log.ReadFrom(position);

        public void Dispose()
        {
        }
    }
}
