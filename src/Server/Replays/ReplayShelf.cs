using SelfPlayArena.Core.Replays;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.League;

namespace SelfPlayArena.Server.Replays;

/// <summary>The replays of runs and of played matches, as lists show them. Thread-safe.</summary>
internal sealed class ReplayShelf(ServerOptions options, RunShelf runs)
{
    /// <summary>Most replays that are looked at, the newest ones: a folder that somebody filled must not hold up everybody.</summary>
    private const int Most = 5_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (DateTime Changed, long Length, ReplayAnswer Answer)> _known = new(StringComparer.Ordinal);
    private readonly LineUps _lineUps = new(options.Games);

    /// <summary>All replays, newest first.</summary>
    public IReadOnlyList<ReplayAnswer> All()
    {
        (string Of, FileInfo File)[] files =
            [.. Folders().SelectMany(f => Files(f.Folder).Select(file => (Of: f.Run, File: file))).OrderByDescending(x => x.File.LastWriteTimeUtc).Take(Most)];
        lock (_gate)
        {
            var answers = new List<ReplayAnswer>(files.Length);
            foreach ((string of, FileInfo file) in files)
            {
                if (!_known.TryGetValue(file.FullName, out var known) || known.Changed != file.LastWriteTimeUtc || known.Length != file.Length)
                    _known[file.FullName] = known = (file.LastWriteTimeUtc, file.Length, Describe(of, file));
                answers.Add(known.Answer);
            }
            if (_known.Count > files.Length)
            {
                HashSet<string> there = [.. files.Select(f => f.File.FullName)];
                foreach (string gone in _known.Keys.Where(k => !there.Contains(k)).ToArray())
                    _known.Remove(gone);
            }
            return answers;
        }
    }

    /// <summary>Of played matches, then of each run.</summary>
    private IEnumerable<(string Run, string Folder)> Folders() => runs.Names().Prepend(ReplayNames.Played).Distinct().Select(r => (r, ReplayNames.FolderOf(options.Runs, r)));

    /// <summary>Links are left out: they may lead out of the folder.</summary>
    private static IEnumerable<FileInfo> Files(string folder)
        => Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles("*" + ReplayFile.Extension).Where(f => f.LinkTarget is null) : [];

    private ReplayAnswer Describe(string of, FileInfo file)
    {
        string id = ReplayNames.Of(of, file.Name);
        string? run = of == ReplayNames.Played ? null : of;
        try
        {
            return ReplayAnswer.Of(id, run, file, ReplayFile.ReadHeader(file.FullName), _lineUps);
        }
        catch (Exception e) when (e is ReplayException or IOException or UnauthorizedAccessException)
        {
            return ReplayAnswer.Unreadable(id, run, file, e.Message);
        }
    }
}
