namespace SelfPlayArena.Cli;

/// <summary>Files that a verb is told to write.</summary>
internal static class OutputFile
{
    /// <summary>Refuses a place that cannot be written to before any work is done.</summary>
    /// <param name="example">A file name for the message.</param>
    /// <exception cref="UserError">It is a folder, or its folder cannot be made.</exception>
    public static void RequireWritable(string file, string example)
    {
        if (Directory.Exists(file))
            throw new UserError($"--out '{file}' is a folder; allowed: a file, as {Path.Combine(file, example)}");
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
                Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"--out '{file}' cannot be written: {e.Message}", e);
        }
    }
}
