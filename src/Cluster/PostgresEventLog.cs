using System.Text;
using Npgsql;
using SelfPlayArena.League;

namespace SelfPlayArena.Cluster;

/// <summary>
/// A run's log in a cluster's database. One process holds it at a time (a lock of the database, gone with its connection), and each one that
/// takes hold of it shuts out those before: what they append is refused, whatever they still believe. A group is one statement, so it is there
/// whole or not at all; when a connection breaks in the middle, the log looks whether the group is there before it writes again.
/// </summary>
public sealed class PostgresEventLog : IEventLog
{
    private const int Page = 4096;

    private readonly Lock _gate = new();
    private readonly ClusterDatabase _database;
    private readonly string _run;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private NpgsqlConnection? _connection;
    private long _holder;
    private long _next;
    private bool _uncertain;
    private bool _closed;

    private PostgresEventLog(ClusterDatabase database, string run, TimeSpan patience, TimeProvider time)
        => (_database, _run, _patience, _time) = (database, run, patience, time);

    public long NextPosition
    {
        get
        {
            lock (_gate)
                return _next;
        }
    }

    /// <summary>Takes hold of a run's log, which need not be there yet.</summary>
    /// <param name="who">Whoever takes hold, for people.</param>
    /// <param name="patience">How long to wait for another holder to go, and later for a server that is away.</param>
    /// <exception cref="ClusterException">Somebody else holds it, or the database cannot be used.</exception>
    public static PostgresEventLog Open(ClusterDatabase database, string run, string who, TimeSpan patience, TimeProvider time)
    {
        var log = new PostgresEventLog(database, run, patience, time);
        try
        {
            log._connection = log.Connect();
            using var take = new NpgsqlCommand(
                "INSERT INTO arena.run (name, holder, held_by) VALUES ($1, 1, $2) ON CONFLICT (name) DO UPDATE SET holder = arena.run.holder + 1, held_by = $2 RETURNING holder, next_position",
                log._connection)
            {
                Parameters = { new() { Value = run }, new() { Value = who } },
            };
            using NpgsqlDataReader reader = take.ExecuteReader();
            reader.Read();
            (log._holder, log._next) = (reader.GetInt64(0), reader.GetInt64(1));
            return log;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            log.Dispose();
            throw ClusterException.Of(database.Address, e);
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Reads a run's log without holding it, also while another process writes to it. Empty if there is no such run.</summary>
    /// <exception cref="LogCorruptException">An event is damaged, missing or from a newer program.</exception>
    public static IEnumerable<LeagueEvent> Read(ClusterDatabase database, string run, long from = 0, long end = long.MaxValue)
    {
        for (long position = from; position < end;)
        {
            List<(long Position, string Line)> page = ReadPage(database, run, position, end);
            foreach ((long found, string line) in page)
            {
                yield return Decode(run, found, line, position);
                position++;
            }
            if (page.Count < Page)
                yield break;
        }
    }

    public void Append(long expectedPosition, IReadOnlyList<LeagueEvent> events)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (expectedPosition != _next)
                throw new LogConflictException(expectedPosition, _next);
            if (events.Count == 0)
                return;
            string[] lines = [.. events.Select((e, i) => Line(expectedPosition + i, e))];
            long deadline = _time.GetTimestamp() + (long)(_patience.TotalSeconds * _time.TimestampFrequency);
            for (int attempt = 0; ; attempt++)
            {
                try
                {
                    Write(expectedPosition, lines);
                    break;
                }
                catch (Exception e) when (e is NpgsqlException or TimeoutException or ClusterException { InnerException: NpgsqlException or TimeoutException })
                {
                    Exception cause = e is ClusterException ? e.InnerException! : e;
                    // Whether it was written is not known: the answer may have been lost.
                    _uncertain = true;
                    Drop();
                    if (!ClusterException.IsPassing(cause) || _time.GetTimestamp() >= deadline)
                        throw ClusterException.Of(_database.Address, cause);
                    Thread.Sleep(Math.Min(50 << Math.Min(attempt, 5), 1000));
                }
            }
            _next += lines.Length;
            _uncertain = false;
        }
    }

    public IEnumerable<LeagueEvent> ReadFrom(long position) => Read(_database, _run, position, NextPosition);

    /// <summary>Lets go of the log.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Drop();
        }
    }

    private void Write(long expected, string[] lines)
    {
        NpgsqlConnection connection = _connection ??= Reconnect();
        int there = _uncertain ? AlreadyThere(connection, expected, lines) : 0;
        if (there == lines.Length)
            return;
        using var append = new NpgsqlCommand(
            """
            WITH head AS (
                UPDATE arena.run SET next_position = next_position + cardinality($4::text[])
                WHERE name = $1 AND next_position = $2 AND holder = $3
                RETURNING name)
            INSERT INTO arena.event (run, position, line)
            SELECT head.name, $2 + new.number - 1, new.line FROM head, unnest($4::text[]) WITH ORDINALITY AS new (line, number)
            """, connection)
        {
            Parameters = { new() { Value = _run }, new() { Value = expected + there }, new() { Value = _holder }, new() { Value = lines[there..] } },
        };
        if (append.ExecuteNonQuery() != lines.Length - there)
            throw Conflict(connection, expected + there);
    }

    /// <summary>How many of the lines an earlier try wrote. All that is at these positions is this process' own: nobody else holds the log.</summary>
    private int AlreadyThere(NpgsqlConnection connection, long expected, string[] lines)
    {
        using var look = new NpgsqlCommand("SELECT line FROM arena.event WHERE run = $1 AND position >= $2 ORDER BY position LIMIT $3", connection)
        {
            Parameters = { new() { Value = _run }, new() { Value = expected }, new() { Value = lines.Length + 1 } },
        };
        using NpgsqlDataReader reader = look.ExecuteReader();
        int there = 0;
        while (reader.Read())
        {
            if (there == lines.Length || reader.GetString(0) != lines[there])
                throw new LogConflictException(expected, expected + there + 1);
            there++;
        }
        return there;
    }

    private Exception Conflict(NpgsqlConnection connection, long expected)
    {
        (long holder, string who, long next) = State(connection);
        return holder == _holder
            ? new LogConflictException(expected, next)
            : new LogConflictException($"the league of run '{_run}' was taken over by {who}; nothing more is written from here");
    }

    private NpgsqlConnection Reconnect()
    {
        NpgsqlConnection connection = Connect();
        if (State(connection) is var (holder, who, _) && holder != _holder)
        {
            connection.Dispose();
            throw new LogConflictException($"the league of run '{_run}' was taken over by {who}; nothing more is written from here");
        }
        return connection;
    }

    private (long Holder, string Who, long Next) State(NpgsqlConnection connection)
    {
        using var state = new NpgsqlCommand("SELECT holder, held_by, next_position FROM arena.run WHERE name = $1", connection) { Parameters = { new() { Value = _run } } };
        using NpgsqlDataReader reader = state.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2)) : (0, "nobody: the run was deleted", 0);
    }

    /// <summary>A connection that holds the run's lock.</summary>
    private NpgsqlConnection Connect()
    {
        NpgsqlConnection connection = _database.ConnectAlone();
        try
        {
            // A holder whose machine vanished is found out by the server's own probes; a commit is on the disk, whatever the server's default.
            using (var prepare = new NpgsqlCommand(
                """
                SELECT set_config('tcp_keepalives_idle', '5', false), set_config('tcp_keepalives_interval', '2', false), set_config('tcp_keepalives_count', '3', false),
                    set_config('lock_timeout', $1, false), set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)
                """, connection)
            { Parameters = { new() { Value = $"{Math.Max(1, (long)_patience.TotalMilliseconds)}ms" } } })
                prepare.ExecuteNonQuery();
            using var hold = new NpgsqlCommand("SELECT pg_advisory_lock(hashtextextended('arena run ' || $1, 0))", connection) { Parameters = { new() { Value = _run } } };
            try
            {
                hold.ExecuteNonQuery();
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                throw new ClusterException($"run '{_run}' in {_database.Address} is in use by {State(connection).Who}: stop it first, or choose another name", e);
            }
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Drop()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private static List<(long Position, string Line)> ReadPage(ClusterDatabase database, string run, long from, long end) => database.Use(connection =>
    {
        using var read = new NpgsqlCommand("SELECT position, line FROM arena.event WHERE run = $1 AND position >= $2 AND position < $3 ORDER BY position LIMIT $4", connection)
        {
            Parameters = { new() { Value = run }, new() { Value = from }, new() { Value = end }, new() { Value = Page } },
        };
        var page = new List<(long, string)>();
        using NpgsqlDataReader reader = read.ExecuteReader();
        while (reader.Read())
            page.Add((reader.GetInt64(0), reader.GetString(1)));
        return page;
    });

    private static LeagueEvent Decode(string run, long found, string line, long position)
    {
        if (found != position)
            throw new LogCorruptException($"the log of run '{run}'", position + 1, $"the event is missing; the next one there is at position {found}");
        try
        {
            return EventLine.Read(Encoding.UTF8.GetBytes(line), position);
        }
        catch (FormatException e)
        {
            throw new LogCorruptException($"the log of run '{run}'", position + 1, $"this event cannot be read, {e.Message}", e);
        }
    }

    private static string Line(long position, LeagueEvent e)
    {
        using var line = new MemoryStream();
        EventLine.Write(line, position, e);
        return Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length - 1);
    }
}
