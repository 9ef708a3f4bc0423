using SelfPlayArena.League;
using SelfPlayArena.Testing;

namespace SelfPlayArena.Cluster.Tests;

/// <summary>One server for all tests of the room; each test has a database of its own.</summary>
public sealed class Server : IDisposable
{
    private readonly PrivatePostgres? _postgres = PrivatePostgres.Binaries is null ? null : new PrivatePostgres();

    internal PrivatePostgres Postgres => _postgres!;

    /// <summary>A fresh database with a cluster's tables.</summary>
    internal ClusterDatabase Cluster() => ClusterDatabase.Open(Initialised());

    internal ClusterAddress Initialised()
    {
        var address = ClusterAddress.Parse(Postgres.Address(Postgres.NewDatabase()));
        ClusterSchema.Init(address);
        return address;
    }

    internal static PostgresEventLog Log(ClusterDatabase database, string run = "run", string who = "a test", double patience = 120)
        => PostgresEventLog.Open(database, run, who, TimeSpan.FromSeconds(patience), TimeProvider.System);

    internal static LeagueEvent Event(int number) => new RunStarted(number, DateTimeOffset.UnixEpoch.AddSeconds(number), number * 100L, number);

    public void Dispose() => _postgres?.Dispose();
}

[CollectionDefinition(Name)]
public sealed class OneServer : ICollectionFixture<Server>
{
    public const string Name = "one server";
}
