using System.Globalization;
using Npgsql;
using Orleans;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using SelfPlayArena.Core;
using SelfPlayArena.Grains;

namespace SelfPlayArena.Cluster.Silos;

/// <summary>
/// Where this room's grains are placed: match host number n of a run on the n-th of the silos that play, counted round, and a run's learner, league
/// and model pool together on one of those that learn. Every silo comes to the same answer by itself. Silos on their way down get nothing.
/// </summary>
[GenerateSerializer, Immutable]
public sealed class Spread : PlacementStrategy
{
    /// <summary>The silo for a grain's key among those that may have it.</summary>
    internal static SiloAddress? Choose(string key, IEnumerable<SiloAddress> silos)
    {
        SiloAddress[] ordered = [.. silos.OrderBy(s => s.ToParsableString(), StringComparer.Ordinal)];
        if (ordered.Length == 0)
            return null;
        int slash = key.LastIndexOf('/');
        int number = slash >= 0 && int.TryParse(key.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 0;
        // Host 0 is not with the learner where there is a choice.
        ulong start = Seeds.Derive(0, slash >= 0 ? key[..slash] : key) + (slash >= 0 ? 1UL : 0);
        return ordered[(int)((start + (ulong)number) % (ulong)ordered.Length)];
    }
}

internal sealed class SpreadDirector(Draining draining) : IPlacementDirector
{
    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        HashSet<string> leaving = await draining.ReadAsync();
        return Spread.Choose(target.GrainIdentity.Key.ToString()!, context.GetCompatibleSilos(target).Where(s => !leaving.Contains(s.Endpoint.ToString())))
            ?? throw new OrleansException($"no silo can take {target.GrainIdentity} now: those that could are on their way down");
    }
}

/// <summary>Gives the classes of the grains' room their placement and their directory, of which that room knows nothing.</summary>
internal sealed class SpreadProperties : IGrainPropertiesProvider
{
    public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        if (grainClass.Assembly != typeof(LearnerGrain).Assembly)
            return;
        properties[WellKnownGrainTypeProperties.PlacementStrategy] = nameof(Spread);
        properties[WellKnownGrainTypeProperties.GrainDirectory] = PostgresGrainDirectory.Name;
    }
}

/// <summary>Silos that said that they are on their way down.</summary>
internal sealed class Draining(ClusterDatabase database, string cluster)
{
    public Task<HashSet<string>> ReadAsync() => database.UseAsync(async connection =>
    {
        await using var read = new NpgsqlCommand("SELECT report->>'address' FROM arena.silo_report WHERE cluster = $1 AND (report->>'stopping')::boolean", connection)
        {
            Parameters = { new() { Value = cluster } },
        };
        await using NpgsqlDataReader reader = await read.ExecuteReaderAsync();
        var leaving = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
            leaving.Add(reader.GetString(0));
        return leaving;
    });
}
