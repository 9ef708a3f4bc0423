using System.CommandLine;
using SelfPlayArena.Cluster;

namespace SelfPlayArena.Cli;

/// <summary>How verbs are told of a cluster. A password is best not on the command line, where everybody on the machine can read it.</summary>
internal sealed class ClusterOptions
{
    public const string Variable = "ARENA_CLUSTER";

    public Option<string?> Address { get; } = new("--cluster")
    {
        Description = $"the cluster's PostgreSQL database, best without its password (PGPASSWORD, PGPASSFILE); also {Variable}",
        HelpName = "postgres://USER@HOST/DATABASE",
    };

    public Option<string?> File { get; } = new("--cluster-file") { Description = "file that holds the address, password included", HelpName = "FILE" };

    public Option<string> Name { get; } = new("--cluster-name") { Description = "name of the cluster; several may share a database", HelpName = "NAME", DefaultValueFactory = _ => "arena" };

    public void AddTo(Command command, bool named = true)
    {
        command.Add(Address);
        command.Add(File);
        if (named)
            command.Add(Name);
    }

    /// <exception cref="UserError">No address, or none that is allowed.</exception>
    public ClusterAddress Read(ParseResult parsed)
    {
        string? given = parsed.GetValue(Address), file = parsed.GetValue(File);
        if (given is not null && file is not null)
            throw new UserError("--cluster and --cluster-file say the same: give one of them");
        (string? text, string source) = given is not null ? (given, "--cluster") : file is not null ? (Content(file), $"--cluster-file {file}") : (Environment.GetEnvironmentVariable(Variable), Variable);
        if (string.IsNullOrWhiteSpace(text))
            throw new UserError($"which cluster? Give its database by --cluster postgres://USER@HOST/DATABASE, --cluster-file FILE or {Variable}");
        try
        {
            var address = ClusterAddress.Parse(text);
            if (given is not null && address.HasPassword)
                parsed.InvocationConfiguration.Error.WriteLine($"arena: the password on the command line can be read by everybody on this machine; PGPASSWORD, PGPASSFILE, {Variable} or --cluster-file keep it to yourself");
            return address;
        }
        catch (FormatException e)
        {
            throw new UserError($"{source}: {e.Message}", e);
        }
    }

    private static string Content(string file)
    {
        try
        {
            return System.IO.File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserError($"--cluster-file: '{file}' cannot be read: {e.Message}", e);
        }
    }
}
