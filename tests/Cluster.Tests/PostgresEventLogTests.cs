using SelfPlayArena.League;
using SelfPlayArena.Testing;

namespace SelfPlayArena.Cluster.Tests;

[Collection(OneServer.Name)]
public sealed class PostgresEventLogTests(Server server)
{
    [PostgresFact]
    public void Events_come_back_in_order_and_a_later_holder_goes_on_where_the_last_one_was()
    {
        using ClusterDatabase database = server.Cluster();
        LeagueEvent[] events = [.. Enumerable.Range(0, 10_000).Select(Server.Event)];
        using (PostgresEventLog log = Server.Log(database))
        {
            Assert.Equal(0, log.NextPosition);
            Assert.Empty(log.ReadFrom(0));
            log.Append(0, events[..9_999]);
            ((IEventLog)log).Append(9_999, events[9_999]);
            Assert.Equal(10_000, log.NextPosition);
        }
        using ClusterDatabase elsewhere = ClusterDatabase.Open(database.Address);
        using PostgresEventLog next = Server.Log(elsewhere);
        Assert.Equal(10_000, next.NextPosition);
        Assert.Equal(events, next.ReadFrom(0));
        Assert.Equal(events[9_998..], next.ReadFrom(9_998));
        Assert.Empty(PostgresEventLog.Read(elsewhere, "another run"));
    }

    [PostgresFact]
    public void Of_two_who_append_at_one_position_one_wins_and_nothing_of_the_other_is_there()
    {
        using ClusterDatabase database = server.Cluster();
        using PostgresEventLog log = Server.Log(database);
        int won = 0, lost = 0;
        // The log itself says no to a stale position; to reach the database's own answer, both go through one holder with their own idea of where it is.
        Parallel.For(0, 8, writer =>
        {
            for (int i = 0; i < 100; i++)
            {
                long at = log.NextPosition;
                try
                {
                    log.Append(at, [Server.Event(writer * 1000 + i), Server.Event(writer * 1000 + i + 500)]);
                    Interlocked.Increment(ref won);
                }
                catch (LogConflictException)
                {
                    Interlocked.Increment(ref lost);
                }
            }
        });
        Assert.Equal(800, won + lost);
        List<int> there = [.. log.ReadFrom(0).Cast<RunStarted>().Select(e => e.Session)];
        Assert.Equal(2 * won, there.Count);
        Assert.Equal(there.Count, there.Distinct().Count());
        Assert.All(there.Chunk(2), pair => Assert.Equal(pair[0] + 500, pair[1]));
    }

    [PostgresFact]
    public void Somebody_who_wrote_behind_the_holders_back_is_found_out_by_the_database()
    {
        using ClusterDatabase database = server.Cluster();
        using PostgresEventLog log = Server.Log(database);
        log.Append(0, [Server.Event(0)]);
        server.Postgres.Query(database.Address.Database, "UPDATE arena.run SET next_position = 2; INSERT INTO arena.event SELECT run, 1, line FROM arena.event");
        Assert.Throws<LogConflictException>(() => log.Append(1, [Server.Event(1)]));
        Assert.Equal("2", server.Postgres.Query(database.Address.Database, "SELECT count(*) FROM arena.event"));
    }

    [PostgresFact]
    public void A_log_that_somebody_holds_is_refused_with_his_name()
    {
        using ClusterDatabase database = server.Cluster();
        using PostgresEventLog log = Server.Log(database, who: "silo one");
        var refused = Assert.Throws<ClusterException>(() => Server.Log(database, patience: 0.2));
        Assert.Contains("silo one", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.MayPass);
        using PostgresEventLog other = Server.Log(database, run: "other", patience: 0.2);
        log.Append(0, [Server.Event(0)]);
        Assert.Equal(0, other.NextPosition);
    }

    [PostgresFact]
    public void A_holder_that_lost_its_connection_and_its_place_can_no_longer_write()
    {
        using ClusterDatabase database = server.Cluster();
        using PostgresEventLog first = Server.Log(database, who: "silo one", patience: 0.2);
        first.Append(0, [Server.Event(0)]);
        CutConnections(database);
        using (PostgresEventLog second = Server.Log(database, who: "silo two"))
        {
            second.Append(1, [Server.Event(1)]);
            Assert.ThrowsAny<LeagueLogException>(() => first.Append(1, [Server.Event(99)]));
        }
        var conflict = Assert.Throws<LogConflictException>(() => first.Append(1, [Server.Event(99)]));
        Assert.Contains("silo two", conflict.Message, StringComparison.Ordinal);
        Assert.Equal([Server.Event(0), Server.Event(1)], PostgresEventLog.Read(database, "run"));
    }

    [PostgresFact]
    public void A_cut_connection_is_made_anew_and_a_group_is_written_once()
    {
        using ClusterDatabase database = server.Cluster();
        using PostgresEventLog log = Server.Log(database);
        for (int i = 0; i < 30; i++)
        {
            if (i % 3 == 0)
                CutConnections(database);
            log.Append(i * 2, [Server.Event(i * 2), Server.Event(i * 2 + 1)]);
        }
        Assert.Equal(Enumerable.Range(0, 60).Select(Server.Event), log.ReadFrom(0));
    }

    [PostgresFact]
    public void A_group_whose_answer_was_lost_is_found_and_not_written_twice()
    {
        using ClusterDatabase database = server.Cluster();
        using PostgresEventLog log = Server.Log(database, patience: 0);
        log.Append(0, [Server.Event(0)]);
        // A deferred trigger breaks the connection in the middle of the commit: from here nobody can tell whether it went through.
        server.Postgres.Query(database.Address.Database, """
            CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON arena.event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut();
            """);
        Assert.True(Assert.ThrowsAny<ClusterException>(() => log.Append(1, [Server.Event(1), Server.Event(2)])).MayPass);
        server.Postgres.Query(database.Address.Database, "DROP TRIGGER cut ON arena.event");
        Assert.Equal("1", server.Postgres.Query(database.Address.Database, "SELECT next_position FROM arena.run"));
        // It did not. Now as if a part of it had, and a third event joined the group while it waited.
        using (var line = new MemoryStream())
        {
            EventLine.Write(line, 1, Server.Event(1));
            string text = System.Text.Encoding.UTF8.GetString(line.ToArray()).TrimEnd('\n').Replace("'", "''", StringComparison.Ordinal);
            server.Postgres.Query(database.Address.Database, $"UPDATE arena.run SET next_position = 2; INSERT INTO arena.event (run, position, line) VALUES ('run', 1, '{text}')");
        }
        log.Append(1, [Server.Event(1), Server.Event(2), Server.Event(3)]);
        Assert.Equal(Enumerable.Range(0, 4).Select(Server.Event), log.ReadFrom(0));
    }

    [PostgresFact]
    public void A_damaged_or_missing_event_is_told_with_its_place()
    {
        using ClusterDatabase database = server.Cluster();
        using PostgresEventLog log = Server.Log(database);
        log.Append(0, [.. Enumerable.Range(0, 5).Select(Server.Event)]);
        server.Postgres.Query(database.Address.Database, "UPDATE arena.event SET line = replace(line, '300', '301') WHERE position = 3");
        Assert.Equal(4, Assert.Throws<LogCorruptException>(() => log.ReadFrom(0).Count()).Line);
        server.Postgres.Query(database.Address.Database, "DELETE FROM arena.event WHERE position = 1");
        Assert.Equal(2, Assert.Throws<LogCorruptException>(() => log.ReadFrom(0).Count()).Line);
    }

    [PostgresFact]
    public void A_whole_league_lives_in_it_and_is_the_same_elsewhere()
    {
        using ClusterDatabase database = server.Cluster();
        var created = new LeagueCreated("run", "preset", "matching", "hash", 7, "{}", new FoldRules());
        var random = new Core.MemberId("scripted:random");
        long position;
        using (PostgresEventLog log = Server.Log(database))
        {
            var league = SelfPlayLeague.Create(log, created, [random], new LeagueOptions { GroupSize = 3 }, TimeProvider.System);
            league.Start(0, 1);
            MatchIds ids = league.MatchIdsOf("0");
            for (int i = 0; i < 10; i++)
            {
                Core.Matchup matchup = league.NextMatchup([]);
                league.Report(new Core.MatchResult(ids.Next(), matchup, 0, 1, new Core.MatchOutcome(i % 2, 100, "won", [1, 0]), 1));
            }
            // A tenth result waits for its group: it was never acknowledged, and goes with the process.
            position = league.DurablePosition;
            Assert.True(league.Position > position);
        }
        using ClusterDatabase elsewhere = ClusterDatabase.Open(database.Address);
        using PostgresEventLog again = Server.Log(elsewhere);
        var resumed = SelfPlayLeague.Resume(again, new LeagueOptions(), TimeProvider.System);
        Assert.Equal((position, 9L), (resumed.Position, resumed.Read(s => s.Matches)));
    }

    private void CutConnections(ClusterDatabase database) => server.Postgres.Query("postgres",
        $"SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = '{database.Address.Database}'");
}
