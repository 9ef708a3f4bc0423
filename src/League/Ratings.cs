using SelfPlayArena.Core;

namespace SelfPlayArena.League;

/// <summary>A player's strength.</summary>
/// <param name="Elo">On the scale of the anchor.</param>
/// <param name="Error95">Half the width of the 95% interval; 0 for the anchor.</param>
/// <param name="Matches">Weighed matches behind it.</param>
public sealed record Rating(PlayerId Player, double Elo, double Error95, double Matches);

/// <summary>A point of a learner's rating over its training.</summary>
/// <param name="Version">Snapshot, or <see cref="PlayerId.Latest"/> for the last point.</param>
public sealed record EloPoint(int Version, long TrainedSteps, double Elo, double Error95);

/// <summary>Ratings of everybody, best first.</summary>
public sealed class RatingTable(IReadOnlyList<Rating> ratings, PlayerId? anchor)
{
    private readonly Dictionary<PlayerId, Rating> _byPlayer = ratings.ToDictionary(r => r.Player);

    public IReadOnlyList<Rating> Ratings { get; } = [.. ratings.OrderByDescending(r => r.Elo)];

    /// <summary>Who defines the scale, or null in an empty league.</summary>
    public PlayerId? Anchor { get; } = anchor;

    public Rating? this[PlayerId player] => _byPlayer.GetValueOrDefault(player);
}

/// <summary>How ratings are made.</summary>
public sealed record RatingOptions
{
    /// <summary>
    /// The player whose rating is fixed. Default: <c>scripted:easy@1</c>. A random player would be the natural zero, but whoever has learnt
    /// anything wins all matches against it, and such matches measure nothing; a scripted player of middling strength stays informative for long.
    /// If it is not in the league, the first scripted member takes its place, else the first snapshot.
    /// </summary>
    public string Anchor { get; init; } = "scripted:easy@1";

    /// <summary>Rating of the anchor.</summary>
    public double AnchorElo { get; init; } = 1000;

    /// <summary>Standard deviation of the prior around the anchor, in Elo. Weak: it only holds players together that have won or lost everything.</summary>
    public double PriorElo { get; init; } = 800;

    /// <summary>
    /// Standard deviation of the prior on the step from one version to the next, in Elo (the Wiener prior of Whole-History Rating, Coulom 2008); 0 for
    /// none. It lets versions with few matches borrow from their neighbours.
    /// </summary>
    public double DriftElo { get; init; } = 200;

    /// <exception cref="ArgumentException">A value is out of range; the message names it and the range.</exception>
    public void Validate()
    {
        Range.Check(double.IsFinite(AnchorElo), nameof(AnchorElo), AnchorElo, "a finite number");
        Range.Check(PriorElo is >= 1 and <= 1e5, nameof(PriorElo), PriorElo, "1 to 100000");
        Range.Check(DriftElo is 0 or (>= 1 and <= 1e5), nameof(DriftElo), DriftElo, "0, or 1 to 100000");
    }

    /// <summary>
    /// Rates everybody in the league. The <c>latest</c> of a learner is rated by its recent evidence; matches of a player against itself say nothing.
    /// </summary>
    public RatingTable Rate(LeagueState state)
    {
        var players = new List<PlayerId>();
        var steps = new List<(int, int)>();
        foreach (Member m in state.Members)
        {
            if (m.Role == MemberRole.Scripted)
            {
                players.Add(new PlayerId(m.Id, 0));
                continue;
            }
            int first = players.Count;
            players.AddRange(m.Snapshots.Select(s => s.Player));
            players.Add(new PlayerId(m.Id, PlayerId.Latest));
            for (int i = first + 1; i < players.Count; i++)
                steps.Add((i - 1, i));
        }
        if (players.Count == 0)
            return new RatingTable([], null);
        var index = players.Select((p, i) => (p, i)).ToDictionary(x => x.p, x => x.i);
        var results = new List<PairResult>();
        double[] matches = new double[players.Count];
        foreach (PayoffCell c in state.Cells())
        {
            if (c.Home == c.Away || c.Evidence.Matches <= 0)
                continue;
            (int home, int away) = (index[c.Home], index[c.Away]);
            results.Add(new PairResult(home, away, c.Evidence.Score, c.Evidence.Matches));
            matches[home] += c.Evidence.Matches;
            matches[away] += c.Evidence.Matches;
        }
        int anchor = AnchorIn(players);
        BradleyTerry fit = BradleyTerry.Fit(players.Count, results, anchor, PriorElo / Elo.PerLogit, DriftElo > 0 ? steps : [], DriftElo / Elo.PerLogit);
        Rating[] ratings = [.. players.Select((p, i) => new Rating(
            p, AnchorElo + Elo.PerLogit * fit.Strength[i], ScoreEstimate.Z95 * Elo.PerLogit * fit.StandardError[i], matches[i]))];
        return new RatingTable(ratings, players[anchor]);
    }

    private int AnchorIn(List<PlayerId> players)
    {
        int named = players.FindIndex(p => p.ToString() == Anchor);
        if (named >= 0)
            return named;
        int scripted = players.FindIndex(p => p.Member.IsScripted);
        return scripted >= 0 ? scripted : 0;
    }
}
