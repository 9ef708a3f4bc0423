using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Cli;

/// <summary>What learner and workers are told about each other on the command line. The secret itself never stands there.</summary>
internal static class StreamOptions
{
    public const string SecretVariable = "ARENA_SECRET";

    public static Option<string?> SecretFile() => new("--secret-file")
    {
        Description = $"file with the secret that learner and workers share (or {SecretVariable}); needed beyond this machine",
        HelpName = "FILE",
    };

    /// <exception cref="UserError">The file cannot be read, or the secret is too short.</exception>
    public static SharedSecret Secret(string? file)
    {
        string? text = null;
        try
        {
            text = file is null ? Environment.GetEnvironmentVariable(SecretVariable) : File.ReadAllText(file);
            return string.IsNullOrEmpty(text) && file is null ? SharedSecret.None : SharedSecret.Of(text ?? "");
        }
        catch (ArgumentException e) when (text is not null)
        {
            throw new UserError($"{(file is null ? SecretVariable : $"--secret-file {file}")}: {e.Message.Split(" (Parameter")[0]}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserError($"--secret-file: '{file}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Listens where a person said.</summary>
    /// <exception cref="UserError">No address, one that is in use, or one beyond this machine without a secret.</exception>
    public static Socket Listen(string text, SharedSecret secret)
    {
        (string host, int port) = HostAndPort("--listen", text, lowest: 0);
        if (!IPAddress.TryParse(host == "localhost" ? "127.0.0.1" : host, out IPAddress? address))
            throw new UserError($"--listen '{text}': '{host}' is no address of this machine; allowed: for example 127.0.0.1:7070, or 0.0.0.0:7070 for all of its networks");
        if (secret.IsNone && !IPAddress.IsLoopback(address))
            throw new UserError($"--listen {text} can be reached from other machines: give a secret by --secret-file or {SecretVariable}, for example one made by 'openssl rand -hex 32'");
        try
        {
            return LearnerListener.Bind(new IPEndPoint(address, port));
        }
        catch (SocketException e)
        {
            throw new UserError($"--listen {text}: {e.Message}", e);
        }
    }

    /// <exception cref="UserError">Not HOST:PORT.</exception>
    public static (string Host, int Port) HostAndPort(string option, string text, int lowest = 1)
    {
        int colon = text.LastIndexOf(':');
        if (colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port >= lowest && port <= 65_535)
            return (text[..colon].Trim('[', ']'), port);
        throw new UserError($"{option} '{text}' is not allowed; allowed: HOST:PORT with a port from {lowest.ToString(CultureInfo.InvariantCulture)} to 65535, for example 127.0.0.1:7070");
    }
}
