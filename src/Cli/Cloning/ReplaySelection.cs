using SelfPlayArena.Cli.Watching;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Cloning;

/// <summary>The replays of a folder that can be learnt from, all of one game, and whose decisions in them are to be learnt.</summary>
/// <param name="Files">Replays with at least one team to learn from, oldest first.</param>
/// <param name="Players">Whom they show, of those asked for.</param>
/// <param name="Steps">Hero-steps to learn from, all together.</param>
/// <param name="PassedOver">By file: why it cannot be used.</param>
internal sealed record ReplaySelection(
    string Folder, EnvironmentSpec Spec, EnvironmentRecipe Recipe, IReadOnlyList<string> Files, IReadOnlyList<string> Players, long Steps, IReadOnlyList<string> PassedOver, Func<ReplayHeader, int, bool> Teaches)
{
    /// <param name="source">A folder, or the name of a run.</param>
    /// <param name="players">Learn only from players of this name; null for all.</param>
    /// <param name="winners">Learn only from teams that won.</param>
    /// <exception cref="UserError">There is nothing to learn from; says why and what to do.</exception>
    public static ReplaySelection Of(string source, string? players, bool winners, RunCatalog runs)
    {
        string folder = FolderOf(source, runs);
        List<string> files = ReplayFolder.OldestFirst(folder);
        if (files.Count == 0)
            throw new UserError($"there are no replays in {Path.GetFullPath(folder)}; record some with: arena eval --a scripted:medium --b scripted:medium --mode 1v1 --matches 200 --record FOLDER, or arena league --record 1%");
        var passedOver = new List<string>();
        var sound = new List<(string File, ReplayHeader Header)>();
        var obstacles = new Dictionary<string, string?>();
        foreach (string file in files)
        {
            try
            {
                ReplayHeader header = ReplayFile.ReadHeader(file);
                string kind = $"{header.Environment} {header.Options.GetRawText()} {header.Game} {header.ContentHash} {header.LayoutHash} {header.Agents} {header.Heads}";
                if (!obstacles.TryGetValue(kind, out string? obstacle))
                    obstacles.Add(kind, obstacle = OpenReplay.Obstacle(file, header));
                if (obstacle is null)
                    sound.Add((file, header));
                else
                    passedOver.Add(obstacle.Contains(file, StringComparison.Ordinal) ? obstacle : $"{file}: {obstacle}");
            }
            catch (Exception e) when (e is ReplayException or IOException or UnauthorizedAccessException)
            {
                passedOver.Add(e.Message);
            }
        }
        if (sound.Count == 0)
            throw new UserError($"none of the {files.Count} replays in {folder} can be learnt from:\n{Some(passedOver)}\nRecord new ones with: arena eval --record FOLDER, or arena league --record 1%");
        string[] games = [.. sound.Select(s => s.Header.Game).Distinct()];
        if (games.Length > 1)
            throw new UserError($"{folder} holds replays of {string.Join(" and ", games)}, and a policy plays one of them; put each game's replays into a folder of its own");

        string[] all = [.. sound.SelectMany(s => s.Header.Players).Distinct().Order(StringComparer.Ordinal)];
        string[] chosen = [.. all.Where(p => players is null || Is(p, players))];
        if (chosen.Length == 0)
            throw new UserError($"no replay in {folder} shows a player '{players}'{Spelling.Suggestion(players!, all)}; they show: {string.Join(", ", all)}");
        (string File, ReplayHeader Header)[] used = [.. sound.Where(s => Enumerable.Range(0, s.Header.Teams).Any(t => Teaches(s.Header, t)))];
        if (used.Length == 0)
            throw new UserError($"no replay in {folder} was won by {string.Join(" or ", chosen)}; leave --winners out to learn from all of their matches");
        var recipe = new EnvironmentRecipe(used[0].Header.Environment, used[0].Header.Options);
        return new ReplaySelection(folder, Environments.Create(recipe).Spec, recipe, [.. used.Select(u => u.File)], chosen,
            used.Sum(u => (long)(u.Header.Decisions - u.Header.Opening) * u.Header.AgentsPerTeam * Enumerable.Range(0, u.Header.Teams).Count(t => Teaches(u.Header, t))), passedOver, Teaches);

        bool Teaches(ReplayHeader header, int team)
            => chosen.Contains(header.Players[team * header.AgentsPerTeam]) && (!winners || header.Outcome.Winner == team);
    }

    /// <summary>The first few of many lines.</summary>
    public static string Some(IReadOnlyList<string> lines)
    {
        const int shown = 5;
        return string.Join('\n', lines.Take(shown).Select(l => "  " + l)) + (lines.Count > shown ? $"\n  … and {lines.Count - shown} more" : "");
    }

    /// <summary>Makes environments of one match, to learn from.</summary>
    public static IBatchEnvironment Make(EnvironmentRecipe recipe) => Environments.Create(recipe).CreateToLearnFrom();

    private static bool Is(string player, string name) => player == name || (player.StartsWith(name, StringComparison.Ordinal) && player[name.Length] == '@');

    private static string FolderOf(string source, RunCatalog runs)
    {
        if (Directory.Exists(source))
        {
            var run = new RunFolder(source);
            return File.Exists(run.Settings) && Directory.Exists(run.Replays) ? run.Replays : source;
        }
        if (File.Exists(source))
            throw new UserError($"--replays '{source}' is a file; allowed: a folder of replays, or the name of a run");
        if (source.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new UserError($"--replays: there is no folder '{source}'; allowed: a folder of replays, or the name of a run");
        string replays = runs.Existing(source).Replays;
        return Directory.Exists(replays) ? replays : throw new UserError($"run '{source}' has recorded no matches: {replays} is missing. Record some with: arena league --resume --name {source} --record 1%");
    }
}
