using System.Net.Sockets;
using Npgsql;
using SelfPlayArena.League;

namespace SelfPlayArena.Cluster;

/// <summary>The cluster's database cannot be used; the message says which, what is wrong and what can be done. Never holds a password.</summary>
public class ClusterException(string message, Exception? inner = null) : LeagueLogException(message, inner)
{
    /// <summary>What an error of the database means to a person.</summary>
    internal static ClusterException Of(ClusterAddress address, Exception e)
    {
        string message = $"{address}: {InWords(address, e)}";
        return IsPassing(e) ? new ClusterAwayException(message, e) : new ClusterException(message, e);
    }

    /// <summary>Whether the connection is gone, or the server is on its way down or up: the next try may go well.</summary>
    internal static bool IsPassing(Exception e) => e is NpgsqlException { IsTransient: true }
        or NpgsqlException { InnerException: IOException or SocketException or TimeoutException }
        or PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow };

    private static string InWords(ClusterAddress address, Exception e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            $"the server refused user '{address.User}': wrong or missing password. Give it by PGPASSWORD, PGPASSFILE, ARENA_CLUSTER or --cluster-file",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
            $"there is no database '{address.Database}' there; create it, for example by 'createdb {address.Database}', then 'arena cluster init'",
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName } =>
            "the database has no tables of a cluster; make them by 'arena cluster init'",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } p => $"user '{address.User}' may not do that: {p.MessageText}",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => "the server has no connection to spare; raise its max_connections",
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => "the server's disk is full; free some space there and go on",
        PostgresException p => $"{p.MessageText} (SQLSTATE {p.SqlState})",
        NpgsqlException { InnerException: SocketException s } => $"no server answers ({s.Message}); is it running, and is this its host and port?",
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => "the server does not answer in time; is this its host and port?",
        NpgsqlException { Message: var m } when m.Contains("No password", StringComparison.OrdinalIgnoreCase) =>
            $"the server asks for the password of user '{address.User}'. Give it by PGPASSWORD, PGPASSFILE, ARENA_CLUSTER or --cluster-file",
        { InnerException: { } inner } when e is NpgsqlException => $"{e.Message.TrimEnd('.')} ({inner.Message.TrimEnd('.')})",
        _ => e.Message.TrimEnd('.'),
    };
}

/// <summary>The cluster's database is away just now: restarting, overloaded, or cut off.</summary>
public sealed class ClusterAwayException(string message, Exception? inner = null) : ClusterException(message, inner)
{
    public override bool MayPass => true;
}
