using System.Text.RegularExpressions;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Replays;

/// <summary>
/// Names of replays: <c>RUN:FILE</c> is the file FILE.replay in the run's folder <c>replays</c>; what people played stands under the name <c>play</c>.
/// Neither part can name another folder.
/// </summary>
public static partial class ReplayNames
{
    /// <summary>In place of a run: matches that people played, and exhibitions.</summary>
    public const string Played = "play";

    private const string Folder = "replays";

    /// <summary>The replay of a file in a run's folder.</summary>
    public static string Of(string run, string file) => $"{run}:{Path.GetFileNameWithoutExtension(file)}";

    /// <summary>The folder that holds a run's replays, or those that people played.</summary>
    public static string FolderOf(string runs, string run) => Path.Combine(runs, run, Folder);

    /// <summary>The file of a replay.</summary>
    /// <param name="runs">Folder that holds the runs.</param>
    /// <exception cref="Refusal">Not a name, or there is no such replay.</exception>
    public static string PathOf(string runs, string id)
    {
        Match name = Form().Match(id);
        if (!name.Success)
            throw Refusal.BadRequest("That is no name of a replay; allowed: RUN:FILE, as /api/replays lists them.");
        string file = Path.Combine(FolderOf(runs, name.Groups["run"].Value), name.Groups["file"].Value + ReplayFile.Extension);
        // A link may lead out of the folder.
        return File.Exists(file) && new FileInfo(file).LinkTarget is null ? file : throw Refusal.NotFound($"There is no replay '{id}'; those there are stand at /api/replays.");
    }

    [GeneratedRegex("^(?<run>[A-Za-z0-9][A-Za-z0-9._-]{0,99}):(?<file>[A-Za-z0-9][A-Za-z0-9._@-]{0,199})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
