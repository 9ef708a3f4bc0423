using System.Text.RegularExpressions;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.League;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Replays;

/// <summary>
/// The replays of runs and of played matches. A replay's id is its file's name without extension, after its run's name and <c>~</c> if it is a run's. An id
/// from outside is only ever compared with the names that are there. Thread-safe.
/// </summary>
internal sealed partial class ReplayShelf(ServerOptions options, RunShelf runs, LiveMatches matches)
{
    private const char Separator = '~';

    /// <summary>Most replays that are looked at, the newest ones: a folder that somebody filled must not hold up everybody.</summary>
    private const int Most = 5_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (DateTime Changed, long Length, ReplayAnswer Answer)> _known = new(StringComparer.Ordinal);
    private readonly LineUps _lineUps = new(options.Games);

    /// <summary>All replays, newest first.</summary>
    public IReadOnlyList<ReplayAnswer> All()
    {
        FileInfo[] files = [.. Folders().SelectMany(f => Files(f.Folder).Select(file => (f.Run, File: file))).OrderByDescending(x => x.File.LastWriteTimeUtc).Take(Most).Select(x => x.File)];
        lock (_gate)
        {
            var answers = new List<ReplayAnswer>(files.Length);
            foreach (FileInfo file in files)
            {
                if (!_known.TryGetValue(file.FullName, out var known) || known.Changed != file.LastWriteTimeUtc || known.Length != file.Length)
                    _known[file.FullName] = known = (file.LastWriteTimeUtc, file.Length, Describe(file));
                answers.Add(known.Answer);
            }
            if (_known.Count > files.Length)
            {
                HashSet<string> there = [.. files.Select(f => f.FullName)];
                foreach (string gone in _known.Keys.Where(k => !there.Contains(k)).ToArray())
                    _known.Remove(gone);
            }
            return answers;
        }
    }

    /// <summary>Where a replay's file is.</summary>
    /// <exception cref="Refusal">There is none of this id.</exception>
    public string PathOf(string id)
    {
        int at = id.IndexOf(Separator, StringComparison.Ordinal);
        (string? run, string name) = at < 0 ? (null, id) : (id[..at], id[(at + 1)..]);
        if (Name().IsMatch(name) && Folders().FirstOrDefault(f => f.Run == run).Folder is { } folder && Files(folder).FirstOrDefault(f => f.Name == name + ReplayFile.Extension) is { } file)
            return file.FullName;
        throw Refusal.NotFound($"There is no replay '{RunShelf.Shortened(id)}'; those there are stand at /api/replays.");
    }

    /// <summary>Of played matches (no run), then of each run.</summary>
    private IEnumerable<(string? Run, string Folder)> Folders()
        => runs.Names().Select(r => ((string?)r, new RunFolder(Path.Combine(options.Runs, r)).Replays)).Prepend((null, matches.Replays));

    /// <summary>Links are left out: they may lead out of the folder.</summary>
    private static IEnumerable<FileInfo> Files(string folder)
        => Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles("*" + ReplayFile.Extension).Where(f => f.LinkTarget is null) : [];

    private ReplayAnswer Describe(FileInfo file)
    {
        string? run = Folders().First(f => Path.GetFullPath(f.Folder) == file.DirectoryName).Run;
        string name = Path.GetFileNameWithoutExtension(file.Name), id = run is null ? name : $"{run}{Separator}{name}";
        try
        {
            return ReplayAnswer.Of(id, run, file, ReplayFile.ReadHeader(file.FullName), _lineUps);
        }
        catch (Exception e) when (e is ReplayException or IOException or UnauthorizedAccessException)
        {
            return ReplayAnswer.Unreadable(id, run, file, e.Message);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
