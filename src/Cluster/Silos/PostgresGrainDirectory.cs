using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Orleans.GrainDirectory;
using Orleans.Runtime;

namespace SelfPlayArena.Cluster.Silos;

/// <summary>
/// Where each grain lives, in the cluster's database. The directory that silos keep among themselves gives up activations whose entry was on a silo
/// that left, so that a learner would be started again whenever some other silo goes; and two parts of a cluster could each have a learner.
/// </summary>
internal sealed class PostgresGrainDirectory(ClusterDatabase database, string cluster) : IGrainDirectory
{
    public const string Name = "arena";

    public Task<GrainAddress?> Register(GrainAddress address) => Register(address, null);

    public Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress) => database.UseAsync<GrainAddress?>(async connection =>
    {
        // Of two that register at a time one finds the other's entry, unless that is the one it was told to replace.
        await using var register = new NpgsqlCommand(
            """
            INSERT INTO arena.grain_place AS place (cluster, grain, activation, silo, address) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (cluster, grain) DO UPDATE SET activation = excluded.activation, silo = excluded.silo, address = excluded.address WHERE place.activation IN ($3, $6)
            """, connection)
        {
            Parameters =
            {
                new() { Value = cluster }, new() { Value = address.GrainId.ToString() }, new() { Value = address.ActivationId.ToString() },
                new() { Value = address.SiloAddress!.ToParsableString() }, new() { Value = JsonSerializer.Serialize(address), NpgsqlDbType = NpgsqlDbType.Jsonb },
                new() { Value = previousAddress?.ActivationId.ToString() ?? "" },
            },
        };
        return await register.ExecuteNonQueryAsync() > 0 ? address : await Find(connection, address.GrainId);
    });

    public Task Unregister(GrainAddress address) => Delete("grain = $2 AND activation = $3", address.GrainId.ToString(), address.ActivationId.ToString());

    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Delete("silo = ANY ($2)", siloAddresses.ConvertAll(s => s.ToParsableString()).ToArray());

    public Task<GrainAddress?> Lookup(GrainId grainId) => database.UseAsync(connection => Find(connection, grainId));

    private async Task<GrainAddress?> Find(NpgsqlConnection connection, GrainId grain)
    {
        await using var find = new NpgsqlCommand("SELECT address FROM arena.grain_place WHERE cluster = $1 AND grain = $2", connection)
        {
            Parameters = { new() { Value = cluster }, new() { Value = grain.ToString() } },
        };
        return await find.ExecuteScalarAsync() is string address ? JsonSerializer.Deserialize<GrainAddress>(address) : null;
    }

    private Task Delete(string where, params object[] values) => database.UseAsync(async connection =>
    {
        await using var delete = new NpgsqlCommand($"DELETE FROM arena.grain_place WHERE cluster = $1 AND {where}", connection) { Parameters = { new() { Value = cluster } } };
        foreach (object value in values)
            delete.Parameters.Add(new() { Value = value });
        return await delete.ExecuteNonQueryAsync();
    });
}
