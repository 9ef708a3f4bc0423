using Npgsql;

namespace SelfPlayArena.Cluster;

/// <summary>A cluster's database, checked to be there and to have this program's tables. Thread-safe.</summary>
public sealed class ClusterDatabase : IDisposable
{
    internal const string StreamSecret = "stream";

    private readonly NpgsqlDataSource _source;

    private ClusterDatabase(ClusterAddress address, NpgsqlDataSource source) => (Address, _source) = (address, source);

    public ClusterAddress Address { get; }

    /// <summary>Connects and checks the tables.</summary>
    /// <exception cref="ClusterException">No server, no entrance, no tables, or those of another version of the program.</exception>
    public static ClusterDatabase Open(ClusterAddress address)
    {
        ClusterDatabase database = Connect(address);
        try
        {
            ClusterSchema.Check(database);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>By which the cluster's silos know each other where trajectories are sent.</summary>
    public string ReadStreamSecret() => Use(connection =>
    {
        using var read = new NpgsqlCommand("SELECT value FROM arena.secret WHERE name = $1", connection) { Parameters = { new() { Value = StreamSecret } } };
        return (string?)read.ExecuteScalar() ?? throw new ClusterException($"{Address}: the cluster's secret is missing; make it by 'arena cluster init'");
    });

    /// <summary>Without the check, for whoever makes the tables.</summary>
    internal static ClusterDatabase Connect(ClusterAddress address) => new(address, new NpgsqlDataSourceBuilder(address.ConnectionString).Build());

    /// <summary>A connection of the pool.</summary>
    internal async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellation = default)
    {
        try
        {
            return await _source.OpenConnectionAsync(cancellation);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw ClusterException.Of(Address, e);
        }
    }

    /// <inheritdoc cref="ConnectAsync"/>
    internal NpgsqlConnection Connect()
    {
        try
        {
            return _source.OpenConnection();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw ClusterException.Of(Address, e);
        }
    }

    /// <summary>A connection outside the pool: what is bound to it (locks) ends when it is disposed.</summary>
    internal NpgsqlConnection ConnectAlone()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Address.ConnectionString) { Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch (Exception e)
        {
            connection.Dispose();
            if (e is NpgsqlException or TimeoutException)
                throw ClusterException.Of(Address, e);
            throw;
        }
    }

    /// <summary>
    /// Runs something on a connection, and once more on a new one if the connection turns out to be gone (the pool's may be, after a restart of
    /// the server): only for what may be done twice. The database's errors become a <see cref="ClusterException"/>.
    /// </summary>
    internal T Use<T>(Func<NpgsqlConnection, T> work)
    {
        for (int attempt = 0; ; attempt++)
        {
            using NpgsqlConnection connection = Connect();
            try
            {
                return work(connection);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                if (attempt > 0 || !ClusterException.IsPassing(e))
                    throw ClusterException.Of(Address, e);
                NpgsqlConnection.ClearPool(connection);
            }
        }
    }

    /// <inheritdoc cref="Use{T}"/>
    internal async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation = default)
    {
        for (int attempt = 0; ; attempt++)
        {
            await using NpgsqlConnection connection = await ConnectAsync(cancellation);
            try
            {
                return await work(connection);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                if (attempt > 0 || !ClusterException.IsPassing(e))
                    throw ClusterException.Of(Address, e);
                NpgsqlConnection.ClearPool(connection);
            }
        }
    }

    public void Dispose() => _source.Dispose();
}
