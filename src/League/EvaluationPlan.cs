using SelfPlayArena.Core;

namespace SelfPlayArena.League;

/// <summary>Spends evaluation matches where ratings know least.</summary>
internal sealed class EvaluationPlan(int matches)
{
    /// <summary>A very weak scripted player's error bar shrinks slowly and interests nobody; snapshots come first.</summary>
    private const double ScriptedWorth = 0.25;

    /// <summary>
    /// The player with the widest error bar that is not being measured already, against the opponent with the most Fisher information about it:
    /// p(1 - p) is large between equals, and an opponent whose own rating is vague is worth less.
    /// </summary>
    public Pairing? Next(LeagueState state, RatingTable ratings, IReadOnlyCollection<Matchup> active)
    {
        Rating? home = ratings.Ratings
            .Where(r => r.Player != ratings.Anchor && !r.Player.IsLatest && state.Knows(r.Player) && active.All(m => m.Home != r.Player))
            .MaxBy(r => r.Player.Member.IsScripted ? ScriptedWorth * r.Error95 : r.Error95);
        if (home is null)
            return null;
        Rating? away = ratings.Ratings
            .Where(r => r.Player != home.Player && !r.Player.IsLatest)
            .MaxBy(r => Information(home, r));
        return away is null ? null : new Pairing(home.Player, away.Player, matches);
    }

    private static double Information(Rating home, Rating away)
    {
        double p = Elo.ToWinRate(home.Elo - away.Elo);
        double vague = away.Error95 / Math.Max(home.Error95, 1e-9);
        return p * (1 - p) / (1 + vague * vague);
    }
}
