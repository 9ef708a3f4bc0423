using System.Globalization;

namespace SelfPlayArena.Cli.Serving;

/// <summary>Where a league keeps what went wrong in the server beside it, as its own screen has no place for that.</summary>
internal static class ServerLog
{
    /// <summary>Adds a line with the time to <c>server.log</c>; the file is made with the first.</summary>
    /// <param name="folder">The run's.</param>
    public static Action<string> In(string folder)
    {
        string path = Path.Combine(folder, "server.log");
        return what =>
        {
            try
            {
                File.AppendAllText(path, $"{DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)} {what}\n");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is counted in /metrics all the same.
            }
        };
    }
}
