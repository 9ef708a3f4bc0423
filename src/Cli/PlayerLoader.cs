using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli;

/// <summary>Finds the players that are named on the command line.</summary>
internal sealed class PlayerLoader(RunCatalog runs)
{
    /// <exception cref="UserError">There is no such player; says what there is.</exception>
    /// <exception cref="InvalidDataException">Its bundle is damaged or does not fit the environment.</exception>
    public Contestant Load(PlayerSpec player, EnvironmentSpec spec) => player.Origin switch
    {
        PlayerOrigin.Scripted => new Contestant(player.Text, Scripted(player, spec), null),
        PlayerOrigin.Run => Policy(player.Text, RunFile(player), player.Version ?? 0, spec),
        _ => Policy(player.Text, player.Name, 0, spec),
    };

    /// <summary>A policy's bundle as it lies on disk.</summary>
    /// <exception cref="UserError">There is no such policy, or the player is scripted.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public PolicyBundle Bundle(PlayerSpec player)
    {
        string file = player.Origin switch
        {
            PlayerOrigin.Run => RunFile(player),
            PlayerOrigin.File => player.Name,
            _ => throw new UserError($"'{player.Text}' is scripted and no policy"),
        };
        return File.Exists(file) ? PolicyBundle.Load(file) : throw new UserError($"there is no policy bundle '{file}'");
    }

    /// <summary>Settings of the run that a player comes from; null for others.</summary>
    public RunSettings? SettingsOf(PlayerSpec player) => player.Origin == PlayerOrigin.Run ? runs.Existing(player.Name).ReadSettings() : null;

    private static string Scripted(PlayerSpec player, EnvironmentSpec spec)
    {
        if (player.Name == RandomPlayer.Name)
            return RandomPlayer.Name;
        string prefix = player.Name + "@";
        string? found = player.Version is { } version
            ? spec.ScriptedPlayers.FirstOrDefault(s => s == prefix + Numbers.Text(version))
            : spec.ScriptedPlayers.Where(s => s.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(s => s.Length).ThenBy(s => s, StringComparer.Ordinal).LastOrDefault();
        return found ?? throw new UserError(
            $"{spec.Name} has no scripted player '{player.Text}'; it has: random, {string.Join(", ", spec.ScriptedPlayers.Select(s => "scripted:" + s))}");
    }

    private string RunFile(PlayerSpec player)
    {
        RunFolder folder = runs.Existing(player.Name);
        if (player.Version is not { } version)
        {
            return File.Exists(folder.Latest) ? folder.Latest : throw new UserError(
                $"run '{player.Name}' has saved no policy yet: {folder.Latest} is missing. It appears with the first checkpoint");
        }
        string file = Path.Combine(folder.Policies, $"main@{Numbers.Text(version)}.bundle");
        if (File.Exists(file))
            return file;
        IReadOnlyList<int> versions = RunCatalog.Versions(folder);
        throw new UserError($"run '{player.Name}' has no version {Numbers.Text(version)}: {file} is missing; it has: {string.Join(", ", versions.Select(v => "@" + Numbers.Text(v)).Append("@latest"))}");
    }

    private static Contestant Policy(string label, string file, int version, EnvironmentSpec spec)
    {
        if (!File.Exists(file))
            throw new UserError($"there is no policy bundle '{file}'");
        return new Contestant(label, null, new PolicyVersion(PolicyBundle.Load(file).AdaptTo(spec).ToNetwork(), version));
    }
}
