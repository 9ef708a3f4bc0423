using System.Globalization;
using Npgsql;

namespace SelfPlayArena.Cluster;

/// <summary>
/// Where a cluster's PostgreSQL database is: <c>postgres://[user[:password]@]host[:port]/database[?sslmode=…]</c>. Shown without its password,
/// always. A password that is not in it is taken from PGPASSWORD or PGPASSFILE.
/// </summary>
public sealed class ClusterAddress
{
    private const string Form = "postgres://USER@HOST[:PORT]/DATABASE[?sslmode=require], or postgres:///DATABASE?host=/run/postgresql for a socket";
    private static readonly string[] Schemes = ["postgres", "postgresql"];

    /// <summary>Options after the question mark, and the driver's names for them.</summary>
    private static readonly Dictionary<string, string> Options = new(StringComparer.OrdinalIgnoreCase)
    {
        ["host"] = "Host",
        ["port"] = "Port",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
    };

    private readonly NpgsqlConnectionStringBuilder _builder;

    private ClusterAddress(NpgsqlConnectionStringBuilder builder) => _builder = builder;

    /// <summary>Host name or address, or the folder of a socket.</summary>
    public string Host => _builder.Host ?? "";

    /// <summary>Port of the server.</summary>
    public int Port => _builder.Port;

    /// <summary>User as whom the server is asked.</summary>
    public string User => _builder.Username ?? Environment.GetEnvironmentVariable("PGUSER") ?? Environment.UserName;

    /// <summary>Name of the database.</summary>
    public string Database => _builder.Database ?? "";

    /// <summary>Whether the address itself holds a password.</summary>
    public bool HasPassword => !string.IsNullOrEmpty(_builder.Password);

    /// <summary>With the password: for the driver only.</summary>
    internal string ConnectionString => _builder.ConnectionString;

    /// <exception cref="FormatException">Not such an address; the message says what is allowed and holds no password.</exception>
    public static ClusterAddress Parse(string text)
    {
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out Uri? uri) || !Schemes.Contains(uri.Scheme, StringComparer.OrdinalIgnoreCase))
            throw new FormatException($"this is no address of a cluster's database; allowed: {Form}");
        var builder = new NpgsqlConnectionStringBuilder
        {
            Database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')),
            ApplicationName = "arena",
            // A server that vanished without a word is noticed.
            KeepAlive = 5,
            Timeout = 10,
        };
        if (uri.Host.Length > 0)
            builder.Host = uri.Host;
        if (uri.Port > 0)
            builder.Port = uri.Port;
        if (uri.UserInfo.Length > 0)
        {
            string[] parts = uri.UserInfo.Split(':', 2);
            builder.Username = Uri.UnescapeDataString(parts[0]);
            if (parts.Length > 1)
                builder.Password = Uri.UnescapeDataString(parts[1]);
        }
        foreach (string pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            if (!Options.TryGetValue(parts[0], out string? name))
                throw new FormatException($"'{parts[0]}' is no option of a cluster's address; allowed: {string.Join(", ", Options.Keys)}");
            string value = Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : "");
            try
            {
                builder[name] = name == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
            }
            catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
            {
                throw new FormatException($"'{value}' is not allowed for {parts[0]} of a cluster's address", e);
            }
        }
        if (string.IsNullOrEmpty(builder.Host))
            builder.Host = "localhost";
        if (string.IsNullOrEmpty(builder.Database))
            throw new FormatException($"the address names no database; allowed: {Form}");
        return new ClusterAddress(builder);
    }

    /// <summary>The address without its password.</summary>
    public override string ToString()
    {
        string host = Host.StartsWith('/') ? $"/{Database}?host={Host}" : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}/{Database}");
        return $"postgres://{(string.IsNullOrEmpty(_builder.Username) ? "" : _builder.Username + "@")}{host}";
    }
}
