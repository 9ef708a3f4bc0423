namespace SelfPlayArena.Server.Matches.Bots;

/// <summary>A member of a league that can play a bot.</summary>
/// <param name="Player">As the command line names it: <c>scripted:easy@1</c>, <c>run:NAME@7</c>.</param>
/// <param name="Elo">In its league, where it plays without delay and noise.</param>
/// <param name="EloError">Half the width of the 95% interval.</param>
internal sealed record RatedPlayer(string Player, double Elo, double EloError)
{
    public bool IsScripted => Player.StartsWith("scripted:", StringComparison.Ordinal);
}

/// <summary>The frozen versions and scripted players of a league that was trained in a match's mode and rule set, with their ratings.</summary>
/// <param name="Run">The league's run.</param>
/// <param name="Heroes">The only heroes that its policies met in training; empty where they met all.</param>
internal sealed record RatedPool(string Run, IReadOnlyList<RatedPlayer> Players, IReadOnlyList<string> Heroes)
{
    /// <summary>Elo by which a player may miss the level's target: two thirds of the way to the next level's.</summary>
    public const double Reach = 100;

    /// <summary>Half the width of the widest interval that still says something.</summary>
    public const double WidestError = 120;

    /// <summary>Who fits a level, the nearest rating first; of those who are equally near the stronger one first. Empty where nobody does.</summary>
    /// <param name="heroes">All heroes of the match; null for one that is not known yet, as before a draft.</param>
    public IReadOnlyList<RatedPlayer> Ranked(Difficulty level, IEnumerable<string?> heroes)
        => Ranked(level, policies: Heroes.Count == 0 || heroes.All(h => h is not null && Heroes.Contains(h)));

    /// <param name="policies">Whether policies are among them, or scripted players only.</param>
    /// <inheritdoc cref="Ranked(Difficulty, IEnumerable{string})"/>
    public IReadOnlyList<RatedPlayer> Ranked(Difficulty level, bool policies)
        =>
        [
            .. Players.Where(p => (policies || p.IsScripted) && p.EloError <= WidestError && Miss(level, p) <= Reach)
                .OrderBy(p => Miss(level, p)).ThenByDescending(p => p.Elo).ThenBy(p => p.Player, StringComparer.Ordinal),
        ];

    private static double Miss(Difficulty level, RatedPlayer player)
        => level.IsHighest && player.Elo > level.Target ? 0 : Math.Abs(player.Elo - level.Target);
}

/// <summary>Finds leagues whose members can play bots. Reads files; thread-safe.</summary>
internal interface IRatedPools
{
    /// <summary>The members for matches of a mode and a rule set; null where there is no such league.</summary>
    RatedPool? Of(string mode, string rules);
}
