using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SelfPlayArena.Core;

namespace SelfPlayArena.Rollout;

/// <summary>A name that no run has, or that none can have; the message says what there is or what is allowed.</summary>
public sealed class UnknownRunException(string message) : Exception(message);

/// <summary>The folder that holds runs: <c>runs/</c> where the command was started, or <c>$ARENA_RUNS</c>.</summary>
public sealed partial class RunCatalog(string root)
{
    private const int LastLineBytes = 64 * 1024;

    public static RunCatalog Default => new(Environment.GetEnvironmentVariable("ARENA_RUNS") is { Length: > 0 } set ? set : "runs");

    public string Root => root;

    /// <summary>Names of all runs, most recently active first.</summary>
    public IReadOnlyList<string> Names()
        => Directory.Exists(root)
            ? [.. Directory.EnumerateDirectories(root).Where(d => File.Exists(new RunFolder(d).Settings)).OrderByDescending(d => LastActivity(new RunFolder(d))).Select(d => Path.GetFileName(d)!)]
            : [];

    /// <summary>The folder of a run that exists.</summary>
    /// <exception cref="UnknownRunException">There is none of this name; lists those there are.</exception>
    public RunFolder Existing(string name)
    {
        RunFolder folder = Folder(name);
        if (File.Exists(folder.Settings))
            return folder;
        IReadOnlyList<string> names = Names();
        throw new UnknownRunException(names.Count == 0
            ? $"there is no run '{name}': {Path.GetFullPath(root)} holds no runs. Start one with 'arena league', or set ARENA_RUNS to another folder"
            : $"there is no run '{name}' in {Path.GetFullPath(root)}{Spelling.Suggestion(name, names)}; there are: {string.Join(", ", names.Take(20))}");
    }

    /// <summary>The folder for a name, whether or not it exists.</summary>
    /// <exception cref="UnknownRunException">Not a name.</exception>
    public RunFolder Folder(string name)
    {
        if (!RunName().IsMatch(name))
            throw new UnknownRunException($"'{name}' is no name for a run; allowed: letters, digits, '-', '_' and '.', beginning with a letter or digit");
        return new RunFolder(Path.Combine(root, name));
    }

    /// <summary>The name itself if no run has it yet, else the name with the next free number.</summary>
    public string Free(string name)
    {
        string free = name;
        for (int i = 2; Directory.Exists(Path.Combine(root, free)); i++)
            free = string.Create(CultureInfo.InvariantCulture, $"{name}-{i}");
        return free;
    }

    public static DateTime LastActivity(RunFolder folder)
        => File.Exists(folder.Progress) ? File.GetLastWriteTimeUtc(folder.Progress) : File.GetLastWriteTimeUtc(folder.Settings);

    /// <summary>Numbers of the frozen versions on disk, ascending.</summary>
    public static IReadOnlyList<int> Versions(RunFolder folder)
        => Directory.Exists(folder.Policies)
            ? [.. Directory.EnumerateFiles(folder.Policies, "main@*.bundle")
                .Select(f => Path.GetFileNameWithoutExtension(f)["main@".Length..])
                .Where(v => int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .Select(v => int.Parse(v, CultureInfo.InvariantCulture)).Order()]
            : [];

    /// <summary>Process that is running it now, or null.</summary>
    public static int? RunningProcess(RunFolder folder)
    {
        // Trying the lock takes it for a moment. Where nobody can be holding it that is left out, so as not to be in the way of a run that starts.
        if (Holder(folder) is not { } holder)
            return null;
        try
        {
            using var probe = new FileStream(Path.Combine(folder.Path, "league.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return holder;
        }
    }

    /// <summary>The process that held the run last, if it still lives; 0 if that cannot be told.</summary>
    private static int? Holder(RunFolder folder)
    {
        try
        {
            if (!int.TryParse(File.ReadAllText(Path.Combine(folder.Path, "league.pid")), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                return 0;
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return id;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or ArgumentException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>The last whole line of the progress file, or null if there is none yet.</summary>
    public static JsonDocument? LastProgress(RunFolder folder)
    {
        if (!File.Exists(folder.Progress))
            return null;
        using var stream = new FileStream(folder.Progress, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(-Math.Min(stream.Length, LastLineBytes), SeekOrigin.End);
        var tail = new byte[Math.Min(stream.Length, LastLineBytes)];
        int length = stream.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false);
        string[] lines = Encoding.UTF8.GetString(tail, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (string line in lines.Reverse())
        {
            try
            {
                return JsonDocument.Parse(line);
            }
            catch (JsonException)
            {
                // The last line may be half written, or its beginning lie outside the tail.
            }
        }
        return null;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RunName();
}
