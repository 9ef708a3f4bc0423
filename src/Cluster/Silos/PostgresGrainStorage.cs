using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace SelfPlayArena.Cluster.Silos;

/// <summary>What grains remember, in the cluster's database, in Orleans' own format: fields by number, so that later versions may add some.</summary>
internal sealed class PostgresGrainStorage(ClusterDatabase database, Serializer serializer, IOptions<ClusterOptions> options) : IGrainStorage
{
    private readonly string _service = options.Value.ServiceId;

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        (byte[] Content, long Version)? found = await database.UseAsync(async connection =>
        {
            await using var read = new NpgsqlCommand("SELECT content, row_version FROM arena.grain_state WHERE service = $1 AND grain = $2 AND state = $3", connection)
            {
                Parameters = { new() { Value = _service }, new() { Value = grainId.ToString() }, new() { Value = stateName } },
            };
            await using NpgsqlDataReader reader = await read.ExecuteReaderAsync();
            return await reader.ReadAsync() ? ((byte[], long)?)(reader.GetFieldValue<byte[]>(0), reader.GetInt64(1)) : null;
        });
        grainState.State = found is { } there ? serializer.Deserialize<T>(there.Content)! : Activator.CreateInstance<T>();
        grainState.RecordExists = found is not null;
        grainState.ETag = found is { } row ? Text(row.Version) : null;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        byte[] content = serializer.SerializeToArray(grainState.State);
        long? version = await Change(stateName, grainId, grainState.ETag is null
            ? "INSERT INTO arena.grain_state (service, grain, state, row_version, content) VALUES ($1, $2, $3, 1, $4) ON CONFLICT DO NOTHING RETURNING row_version"
            : "UPDATE arena.grain_state SET row_version = row_version + 1, content = $4, written_at = now() WHERE service = $1 AND grain = $2 AND state = $3 AND row_version = $5 RETURNING row_version",
            content, grainState.ETag);
        grainState.ETag = Text(version ?? throw Conflict(stateName, grainId, grainState.ETag));
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is not null && await Change(stateName, grainId,
            "DELETE FROM arena.grain_state WHERE service = $1 AND grain = $2 AND state = $3 AND row_version = $5 AND $4::bytea IS NOT NULL RETURNING row_version", [], grainState.ETag) is null)
            throw Conflict(stateName, grainId, grainState.ETag);
        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private Task<long?> Change(string state, GrainId grain, string sql, byte[] content, string? etag) => database.UseAsync(async connection =>
    {
        await using var command = new NpgsqlCommand(sql, connection)
        {
            Parameters = { new() { Value = _service }, new() { Value = grain.ToString() }, new() { Value = state }, new() { Value = content } },
        };
        if (etag is not null)
            command.Parameters.Add(new() { Value = long.Parse(etag, CultureInfo.InvariantCulture) });
        return (long?)await command.ExecuteScalarAsync();
    });

    private static InconsistentStateException Conflict(string state, GrainId grain, string? etag)
        => new($"State '{state}' of {grain} was written by another activation.", "another", etag ?? "none");

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
