using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Npgsql;

namespace SelfPlayArena.Cluster;

/// <summary>
/// The database's tables, all in the schema <c>arena</c>. They have a version, the number of the last script under <c>Schema/</c> that was run;
/// a program works with its own version only.
/// </summary>
public static class ClusterSchema
{
    private const string Prefix = "schema/";

    /// <summary>Lock under which tables are made; any number that nothing else uses.</summary>
    private const long InitLock = 0x6172656e61_01;

    private static readonly SortedDictionary<int, string> Scripts = Read();

    /// <summary>The version that this program works with.</summary>
    public static int Version { get; } = Scripts.Keys.Max();

    /// <summary>Makes the tables, or brings older ones up to date; nothing happens if they are. All or nothing; waits for others who do the same.</summary>
    /// <returns>The version before, 0 for none.</returns>
    /// <exception cref="ClusterException">The tables are of a newer program, or the database refuses.</exception>
    public static int Init(ClusterAddress address) => Init(address, Scripts);

    internal static int Init(ClusterAddress address, IReadOnlyDictionary<int, string> scripts)
    {
        using ClusterDatabase database = ClusterDatabase.Connect(address);
        return database.Use(connection =>
        {
            using NpgsqlTransaction transaction = connection.BeginTransaction();
            Run(connection, $"SELECT pg_advisory_xact_lock({InitLock.ToString(CultureInfo.InvariantCulture)})");
            Run(connection, "CREATE SCHEMA IF NOT EXISTS arena");
            Run(connection, "CREATE TABLE IF NOT EXISTS arena.schema_version (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())");
            int there = Found(connection);
            if (there > Version)
                throw Newer(address, there);
            foreach ((int version, string script) in scripts.Where(s => s.Key > there).OrderBy(s => s.Key))
            {
                Run(connection, script);
                using var note = new NpgsqlCommand("INSERT INTO arena.schema_version (version) VALUES ($1)", connection) { Parameters = { new() { Value = version } } };
                note.ExecuteNonQuery();
            }
            // Once for all: silos that are running know it.
            using var secret = new NpgsqlCommand("INSERT INTO arena.secret (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", connection)
            {
                Parameters = { new() { Value = ClusterDatabase.StreamSecret }, new() { Value = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) } },
            };
            secret.ExecuteNonQuery();
            transaction.Commit();
            return there;
        });
    }

    /// <exception cref="ClusterException">No tables, or those of another version.</exception>
    internal static void Check(ClusterDatabase database)
    {
        int there = database.Use(connection =>
        {
            using var known = new NpgsqlCommand("SELECT to_regclass('arena.schema_version') IS NOT NULL", connection);
            return (bool)known.ExecuteScalar()! ? Found(connection) : 0;
        });
        if (there > Version)
            throw Newer(database.Address, there);
        if (there < Version)
            throw new ClusterException(there == 0
                ? $"{database.Address}: the database has no tables of a cluster; make them by 'arena cluster init'"
                : $"{database.Address}: the cluster's tables have version {Text(there)}, this program needs {Text(Version)}; bring them up to date by 'arena cluster init' once no silo of the older program runs");
    }

    private static int Found(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT coalesce(max(version), 0) FROM arena.schema_version", connection);
        return (int)command.ExecuteScalar()!;
    }

    private static ClusterException Newer(ClusterAddress address, int there) => new(
        $"{address}: the cluster's tables have version {Text(there)}, this program knows versions up to {Text(Version)}; use the newer program that made them");

    private static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);

    private static SortedDictionary<int, string> Read()
    {
        Assembly own = typeof(ClusterSchema).Assembly;
        var scripts = new SortedDictionary<int, string>();
        foreach (string name in own.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(own.GetManifestResourceStream(name)!);
            scripts.Add(int.Parse(name.AsSpan(Prefix.Length, 3), CultureInfo.InvariantCulture), reader.ReadToEnd());
        }
        return scripts;
    }
}
