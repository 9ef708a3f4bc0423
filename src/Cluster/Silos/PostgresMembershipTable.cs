using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace SelfPlayArena.Cluster.Silos;

/// <summary>
/// Who is in the cluster, in its database. Every change but a sign of life is one step of the table's version, made in one transaction with it:
/// of two silos that change something at a time one has to look again.
/// </summary>
internal sealed class PostgresMembershipTable(ClusterDatabase database, IOptions<ClusterOptions> options) : IMembershipTable
{
    private readonly string _cluster = options.Value.ClusterId;

    public Task InitializeMembershipTable(bool tryInitTableVersion) => Run(
        "INSERT INTO arena.membership (cluster, version) VALUES ($1, 0) ON CONFLICT DO NOTHING", _cluster);

    public Task DeleteMembershipTableEntries(string clusterId) => Run("DELETE FROM arena.membership WHERE cluster = $1", clusterId);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => Run(
        "DELETE FROM arena.member WHERE cluster = $1 AND alive_at < $2 AND entry->>'status' <> $3", _cluster, beforeDate.ToUniversalTime(), nameof(SiloStatus.Active));

    public Task<MembershipTableData> ReadRow(SiloAddress key) => Read(key.ToParsableString());

    public Task<MembershipTableData> ReadAll() => Read(null);

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => Change(tableVersion, connection => new NpgsqlCommand(
        "INSERT INTO arena.member (cluster, silo, row_version, alive_at, entry) VALUES ($1, $2, 1, $3, $4) ON CONFLICT DO NOTHING", connection)
    {
        Parameters = { new() { Value = _cluster }, new() { Value = entry.SiloAddress.ToParsableString() }, new() { Value = Utc(entry.IAmAliveTime) }, Json(entry) },
    });

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => Change(tableVersion, connection => new NpgsqlCommand(
        "UPDATE arena.member SET row_version = row_version + 1, alive_at = $3, entry = $4 WHERE cluster = $1 AND silo = $2 AND row_version = $5", connection)
    {
        Parameters =
        {
            new() { Value = _cluster }, new() { Value = entry.SiloAddress.ToParsableString() }, new() { Value = Utc(entry.IAmAliveTime) }, Json(entry),
            new() { Value = long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : -1 },
        },
    });

    public Task UpdateIAmAlive(MembershipEntry entry) => Run(
        "UPDATE arena.member SET alive_at = $3 WHERE cluster = $1 AND silo = $2", _cluster, entry.SiloAddress.ToParsableString(), Utc(entry.IAmAliveTime));

    private Task Run(string sql, params object[] values) => database.UseAsync(async connection =>
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (object value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync();
    });

    private Task<bool> Change(TableVersion next, Func<NpgsqlConnection, NpgsqlCommand> change) => database.UseAsync(async connection =>
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using var step = new NpgsqlCommand("UPDATE arena.membership SET version = $2 WHERE cluster = $1 AND version = $3", connection)
        {
            Parameters =
            {
                new() { Value = _cluster }, new() { Value = next.Version },
                new() { Value = int.TryParse(next.VersionEtag, NumberStyles.None, CultureInfo.InvariantCulture, out int before) ? before : -1 },
            },
        };
        if (await step.ExecuteNonQueryAsync() == 0)
            return false;
        await using NpgsqlCommand command = change(connection);
        if (await command.ExecuteNonQueryAsync() == 0)
            return false;
        await transaction.CommitAsync();
        return true;
    });

    /// <summary>One statement, so that entries and version are of one moment.</summary>
    private Task<MembershipTableData> Read(string? silo) => database.UseAsync(async connection =>
    {
        await using var read = new NpgsqlCommand(
            """
            SELECT membership.version, member.row_version, member.alive_at, member.entry FROM arena.membership
            LEFT JOIN arena.member ON member.cluster = membership.cluster AND ($2::text IS NULL OR member.silo = $2)
            WHERE membership.cluster = $1
            """, connection)
        {
            Parameters = { new() { Value = _cluster }, new() { Value = (object?)silo ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } },
        };
        await using NpgsqlDataReader reader = await read.ExecuteReaderAsync();
        var rows = new List<Tuple<MembershipEntry, string>>();
        int version = 0;
        while (await reader.ReadAsync())
        {
            version = reader.GetInt32(0);
            if (reader.IsDBNull(1))
                continue;
            Row row = JsonSerializer.Deserialize<Row>(reader.GetString(3)) ?? throw new InvalidDataException("a member's entry is empty");
            rows.Add(Tuple.Create(row.Entry(reader.GetDateTime(2)), reader.GetInt64(1).ToString(CultureInfo.InvariantCulture)));
        }
        return new MembershipTableData(rows, new TableVersion(version, version.ToString(CultureInfo.InvariantCulture)));
    });

    private static NpgsqlParameter Json(MembershipEntry entry) => new() { Value = JsonSerializer.Serialize(Row.Of(entry)), NpgsqlDbType = NpgsqlDbType.Jsonb };

    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);

    /// <summary>An entry as it is stored.</summary>
    private sealed record Row(string address, string status, string name, string host, int gateway, DateTime started, Suspicion[] suspicions)
    {
        public static Row Of(MembershipEntry e) => new(
            e.SiloAddress.ToParsableString(), e.Status.ToString(), e.SiloName, e.HostName, e.ProxyPort, Utc(e.StartTime),
            [.. (e.SuspectTimes ?? []).Select(s => new Suspicion(s.Item1.ToParsableString(), Utc(s.Item2)))]);

        public MembershipEntry Entry(DateTime alive) => new()
        {
            SiloAddress = SiloAddress.FromParsableString(address),
            Status = Enum.Parse<SiloStatus>(status),
            SiloName = name,
            HostName = host,
            ProxyPort = gateway,
            StartTime = started,
            IAmAliveTime = alive,
            SuspectTimes = [.. suspicions.Select(s => Tuple.Create(SiloAddress.FromParsableString(s.by), s.at))],
        };
    }

    private sealed record Suspicion(string by, DateTime at);
}
