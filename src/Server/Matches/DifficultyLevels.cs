using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Matches;

/// <param name="Target">Elo that is looked for in the league.</param>
/// <param name="ReactionMs">Milliseconds between seeing and doing.</param>
/// <param name="ActionsPerSecond">Orders that can be changed in a second; 0 for no limit.</param>
/// <param name="Noise">Share of decisions that go astray.</param>
/// <param name="Player">Who decides.</param>
/// <param name="Elo">Its rating in the league, without delay and noise; null where it is the level's scripted player and nobody rated.</param>
/// <param name="EloError">Half the width of the 95% interval.</param>
internal sealed record LevelAnswer(string Name, double Target, double ReactionMs, int ActionsPerSecond, double Noise, string Text, string Player, double? Elo, double? EloError);

/// <param name="Run">Whose league players are taken from; null for none.</param>
/// <param name="Heroes">The only heroes that the league's policies know; matches with others have scripted players. Empty: all.</param>
internal sealed record LevelsAnswer(string Mode, string Rules, string? Run, IReadOnlyList<string> Heroes, IReadOnlyList<LevelAnswer> Levels);

/// <summary>The levels of bots as a client chooses among them.</summary>
internal static class DifficultyLevels
{
    /// <exception cref="Refusal">Unknown mode or rule set.</exception>
    public static LevelsAnswer Of(LiveMatches matches, string? mode, string? rules)
    {
        (mode, rules) = (LiveMatch.Among("mode", mode ?? LiveMatch.UsualMode, MobaOptions.Modes), LiveMatch.Among("rules", rules ?? LiveMatch.UsualRules, MobaOptions.RuleSets));
        RatedPool? pool = matches.PoolOf(mode, rules);
        return new LevelsAnswer(mode, rules, pool?.Run, pool?.Heroes ?? [], [.. Difficulty.All.Select(level => Answer(level, pool?.Ranked(level, policies: true) is [RatedPlayer nearest, ..] ? nearest : null))]);
    }

    private static LevelAnswer Answer(Difficulty d, RatedPlayer? rated) => new(
        d.Name, d.Target, d.ReactionMilliseconds, d.ActionsPerSecond, Math.Round(d.Noise, 3), d.Sentence,
        rated?.Player ?? d.Player, rated is null ? null : Math.Round(rated.Elo, 1), rated is null ? null : Math.Round(rated.EloError, 1));
}
