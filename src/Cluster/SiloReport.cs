using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using NpgsqlTypes;
using SelfPlayArena.Grains;

namespace SelfPlayArena.Cluster;

/// <summary>A match host as its silo tells of it.</summary>
/// <param name="Key"><c>run/number</c>.</param>
/// <param name="Linked">How its trajectories go to the learner: <c>in process</c>, an address, or null.</param>
public sealed record HostReport(string Key, string State, int Matches, long Finished, long HeroSteps, double WaitingSeconds, int Unreported, string? Linked, string? Fault);

/// <summary>A learner as its silo tells of it.</summary>
public sealed record LearnerReport(string Run, string State, int Session, long Updates, long TrainedSteps, double StepsPerSecond, long MatchesRated, string? Endpoint, string? Fault);

/// <summary>What a silo tells of itself.</summary>
/// <param name="Grains">Grains that live there, by kind.</param>
/// <param name="HeroStepsPerSecond">Hero-steps that its hosts simulated a second since its last report.</param>
/// <param name="Stopping">It is on its way down, in order.</param>
public sealed record SiloReport(
    string Name, string Roles, string Address, string Machine, int Process, IReadOnlyDictionary<string, int> Grains, IReadOnlyList<HostReport> Hosts,
    IReadOnlyList<LearnerReport> Learners, double HeroStepsPerSecond, bool Stopping)
{
    internal static HostReport Of(string key, HostStatus s) => new(key, s.State.ToString().ToLowerInvariant(), s.Matches, s.Finished, s.HeroSteps, s.WaitingSeconds, s.Unreported, s.Linked, s.Fault);

    internal static LearnerReport Of(string run, LearnerStatus s) => new(
        run, s.State.ToString().ToLowerInvariant(), s.Session, s.Updates, s.TrainedSteps, s.StepsPerSecond, s.MatchesRated, s.Endpoint, s.Fault);
}

/// <summary>A silo in a cluster's status.</summary>
/// <param name="Age">Seconds since its last report, by the database's clock.</param>
public sealed record SiloStanding(SiloReport Report, DateTimeOffset Started, double Age)
{
    /// <summary>Reports come every two seconds: one that is much older means that the silo is gone.</summary>
    public bool Alive => Age < 10;
}

/// <summary>A run in a cluster's status.</summary>
/// <param name="Files">Files that the database keeps of it, and their bytes.</param>
/// <param name="LastEventAge">Seconds since its last event, null without any.</param>
public sealed record RunStanding(string Name, long Events, string HeldBy, int Files, long Bytes, double? LastEventAge);

/// <summary>A cluster at a moment, as its database knows it.</summary>
public sealed record ClusterStatus(string Cluster, IReadOnlyList<SiloStanding> Silos, IReadOnlyList<RunStanding> Runs);

/// <summary>Writes and reads what silos tell of themselves.</summary>
public sealed class SiloReports(ClusterDatabase database, string cluster)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public Task WriteAsync(SiloReport report, DateTimeOffset started) => database.UseAsync(async connection =>
    {
        await using var write = new NpgsqlCommand(
            """
            INSERT INTO arena.silo_report (cluster, silo, started_at, report) VALUES ($1, $2, $3, $4)
            ON CONFLICT (cluster, silo) DO UPDATE SET started_at = excluded.started_at, report = excluded.report, reported_at = now()
            """, connection)
        {
            Parameters =
            {
                new() { Value = cluster }, new() { Value = report.Name }, new() { Value = started.ToUniversalTime() },
                new() { Value = JsonSerializer.Serialize(report, Json), NpgsqlDbType = NpgsqlDbType.Jsonb },
            },
        };
        return await write.ExecuteNonQueryAsync();
    });

    /// <summary>Removes a silo that went in order.</summary>
    public Task RemoveAsync(string silo) => database.UseAsync(async connection =>
    {
        await using var remove = new NpgsqlCommand("DELETE FROM arena.silo_report WHERE cluster = $1 AND silo = $2", connection) { Parameters = { new() { Value = cluster }, new() { Value = silo } } };
        return await remove.ExecuteNonQueryAsync();
    });

    /// <summary>The cluster as it was last told of. Silos that were silent for ten minutes are forgotten.</summary>
    public ClusterStatus Read() => database.Use(connection => new ClusterStatus(cluster, Silos(connection), Runs(connection)));

    private List<SiloStanding> Silos(NpgsqlConnection connection)
    {
        using var read = new NpgsqlCommand(
            "SELECT report, started_at, extract(epoch FROM now() - reported_at)::float8 FROM arena.silo_report WHERE cluster = $1 AND reported_at > now() - interval '10 minutes' ORDER BY silo COLLATE \"C\"", connection)
        { Parameters = { new() { Value = cluster } } };
        using NpgsqlDataReader reader = read.ExecuteReader();
        var silos = new List<SiloStanding>();
        while (reader.Read())
            silos.Add(new SiloStanding(JsonSerializer.Deserialize<SiloReport>(reader.GetString(0), Json)!, reader.GetFieldValue<DateTimeOffset>(1), reader.GetDouble(2)));
        return silos;
    }

    private static List<RunStanding> Runs(NpgsqlConnection connection)
    {
        using var read = new NpgsqlCommand(
            """
            SELECT name, next_position, held_by, count(file.path)::int, coalesce(sum(file.bytes), 0)::bigint,
                (SELECT extract(epoch FROM now() - max(written_at))::float8 FROM arena.event WHERE run = name AND position = next_position - 1)
            FROM arena.run LEFT JOIN arena.file ON file.run = name GROUP BY name ORDER BY name COLLATE "C"
            """, connection);
        using NpgsqlDataReader reader = read.ExecuteReader();
        var runs = new List<RunStanding>();
        while (reader.Read())
            runs.Add(new RunStanding(reader.GetString(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt32(3), reader.GetInt64(4), reader.IsDBNull(5) ? null : reader.GetDouble(5)));
        return runs;
    }
}
