using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SelfPlayArena.Testing;

/// <summary>
/// A PostgreSQL server of a test's own, from Debian's package: in a temporary folder, on a free port of this machine, with passwords. It refuses
/// to run as root, so a root's test starts it as the user that the package made.
/// </summary>
internal sealed class PrivatePostgres : IDisposable
{
    public const string Password = "correct horse";
    private readonly string _folder = Directory.CreateTempSubdirectory("arena-postgres-").FullName;
    private readonly string _binaries = Binaries!;
    private int _databases;

    public PrivatePostgres()
    {
        Port = FreePort();
        string password = Path.Combine(_folder, "password");
        File.WriteAllText(password, Password);
        if (Environment.IsPrivilegedProcess)
            Do("chown", "-R", "postgres", _folder);
        AsOwner("initdb", "-D", Data, "-U", "arena", "-A", "scram-sha-256", "--pwfile", password, "-E", "UTF8", "--locale", "C", "--no-sync");
        Start();
    }

    /// <summary>Folder of the server's programs, null where there are none.</summary>
    public static string? Binaries { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    public int Port { get; }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Address of a database, with the password in it unless another is given.</summary>
    public string Address(string database, string? password = Password)
        => $"postgres://arena{(password is null ? "" : ":" + Uri.EscapeDataString(password))}@127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}/{database}";

    /// <summary>Makes an empty database; returns its name.</summary>
    public string NewDatabase()
    {
        string name = $"test_{Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture)}";
        Query("postgres", $"CREATE DATABASE {name}");
        return name;
    }

    /// <summary>Runs SQL as psql does; returns what it prints, without alignment.</summary>
    public string Query(string database, string sql)
        => Do(Path.Combine(_binaries, "psql"), ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", Address(database), "-c", sql]).Trim();

    public void Start() => AsOwner("pg_ctl", "-D", Data, "-w", "-t", "60", "-l", Path.Combine(_folder, "log"), "-o",
        $"-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -p {Port.ToString(CultureInfo.InvariantCulture)}", "start");

    /// <summary>Stops at once, as a crash would: nothing is finished.</summary>
    public void Crash() => AsOwner("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");

    public void Dispose()
    {
        Crash();
        Directory.Delete(_folder, recursive: true);
    }

    private void AsOwner(string program, params string[] arguments)
    {
        string path = Path.Combine(_binaries, program);
        if (Environment.IsPrivilegedProcess)
            Do("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", path, .. arguments]);
        else
            Do(path, arguments);
    }

    private string Do(string program, params string[] arguments)
    {
        // pg_ctl leaves the server behind, which would keep pipes open: its words go to a file.
        string said = Path.Combine(_folder, "said-" + Guid.NewGuid().ToString("N"));
        var start = new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", said, program, .. arguments]) { WorkingDirectory = "/" };
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        string text = File.ReadAllText(said);
        File.Delete(said);
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program} failed: {text}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A fact that needs PostgreSQL's server, which <c>./arena test</c> installs where it may.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (PrivatePostgres.Binaries is null)
            Skip = "needs Debian's postgresql package";
    }
}
