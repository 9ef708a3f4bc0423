using System.Globalization;
using SelfPlayArena.Core;

namespace SelfPlayArena.Cli;

/// <summary>Where a player comes from.</summary>
internal enum PlayerOrigin
{
    Scripted,
    Run,
    File,
}

/// <summary>A player as named on the command line.</summary>
/// <param name="Name">Name of the scripted player or the run, or path of the file.</param>
/// <param name="Version">Frozen version of a run; null for the latest. Of a scripted player: null for the newest.</param>
internal sealed record PlayerSpec(PlayerOrigin Origin, string Name, int? Version, string Text)
{
    public const string Forms = """
        random               legal choices at random
        scripted:easy        a scripted player, newest version (scripted:easy@1 for a given one)
        run:NAME@latest      the newest policy of a run
        run:NAME@7           a frozen version of a run
        file:PATH            a policy bundle
        """;

    /// <exception cref="UserError">None of the forms.</exception>
    public static PlayerSpec Parse(string text)
    {
        if (text == RandomPlayer.Name)
            return new PlayerSpec(PlayerOrigin.Scripted, RandomPlayer.Name, null, text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string kind = colon < 0 ? "" : text[..colon];
        string rest = text[(colon + 1)..];
        int at = rest.LastIndexOf('@');
        string name = at < 0 ? rest : rest[..at];
        string version = at < 0 ? "" : rest[(at + 1)..];
        switch (kind)
        {
            case "file" when rest.Length > 0:
                return new PlayerSpec(PlayerOrigin.File, rest, null, text);
            case "scripted" when name.Length > 0 && at < 0:
                return new PlayerSpec(PlayerOrigin.Scripted, name, null, text);
            case "scripted" when name.Length > 0 && Number(version) is { } n:
                return new PlayerSpec(PlayerOrigin.Scripted, name, n, text);
            case "run" when name.Length > 0 && (at < 0 || version == "latest"):
                return new PlayerSpec(PlayerOrigin.Run, name, null, text);
            case "run" when name.Length > 0 && Number(version) is { } n:
                return new PlayerSpec(PlayerOrigin.Run, name, n, text);
            default:
                throw new UserError($"'{text}' names no player; allowed:\n{Forms}");
        }
    }

    private static int? Number(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;
}
