namespace SelfPlayArena.Cli;

/// <summary>Keeps the details of an unexpected error, so that the screen shows one line of it.</summary>
internal static class CrashLog
{
    /// <summary>Writes the log and returns its path; null if not even that can be written.</summary>
    public static string? Write(IReadOnlyList<string> arguments, Exception e)
    {
        string text = $"arena {string.Join(' ', arguments)}\nversion {BuildInfo.Version}, packages {BuildInfo.Packages}\n\n{e}\n";
        string path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"arena-error-{Environment.ProcessId}.log");
        try
        {
            File.WriteAllText(path, text);
            return path;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
