using SelfPlayArena.Core;

namespace SelfPlayArena.League;

/// <summary>Who plays whom, and how often; the league makes a <see cref="Matchup"/> of it.</summary>
public sealed record Pairing(PlayerId Home, PlayerId Away, int Matches);

/// <summary>Decides who plays whom next. Pure: the same state, matchups and generator give the same answer.</summary>
public interface IMatchmaker
{
    /// <summary>The next pairing for a host.</summary>
    /// <param name="active">Matchups that the host is playing now.</param>
    /// <param name="maxDistinctOpponents">
    /// Frozen policies that the host may play at the same time, at least 1. Every further one splits its inference batches. Scripted players do not count.
    /// </param>
    Pairing Next(LeagueState state, IReadOnlyCollection<Matchup> active, ref Rng rng, int maxDistinctOpponents);
}

/// <summary>How much an opponent is worth playing, by the learner's win rate p against it (Vinyals et al. 2019).</summary>
public enum PfspWeighting
{
    /// <summary>p(1 - p): opponents of about the same strength.</summary>
    Variance,

    /// <summary>(1 - p)²: mostly those that still win.</summary>
    Squared,

    /// <summary>1 - p: the same, milder.</summary>
    Linear,
}

/// <summary>Prioritised fictitious self-play: opponents in proportion to what is still to be learnt from them (Vinyals et al. 2019).</summary>
public static class Pfsp
{
    public static double Weight(PfspWeighting weighting, double winRate) => weighting switch
    {
        PfspWeighting.Variance => winRate * (1 - winRate),
        PfspWeighting.Squared => (1 - winRate) * (1 - winRate),
        PfspWeighting.Linear => 1 - winRate,
        _ => throw new ArgumentOutOfRangeException(nameof(weighting), weighting, "allowed: Variance, Squared, Linear"),
    };

    /// <summary>Probabilities of opponents with these records (learner's point of view), summing to 1.</summary>
    /// <param name="priorMatches">Imagined matches, half of them won, that stand for what is known before any was played.</param>
    /// <param name="uniformShare">Part of the probability that is spread evenly, so that no record goes stale.</param>
    public static double[] Probabilities(IReadOnlyList<Tally> records, PfspWeighting weighting, double priorMatches, double uniformShare)
    {
        double[] p = [.. records.Select(r => Weight(weighting, r.Posterior(priorMatches)))];
        double sum = p.Sum();
        for (int i = 0; i < p.Length; i++)
            p[i] = sum > 0 ? (1 - uniformShare) * p[i] / sum + uniformShare / p.Length : 1.0 / p.Length;
        return p;
    }

    internal static int Sample(ReadOnlySpan<double> probabilities, ref Rng rng)
    {
        double u = rng.NextDouble();
        for (int i = 0; i < probabilities.Length - 1; i++)
        {
            u -= probabilities[i];
            if (u < 0)
                return i;
        }
        return probabilities.Length - 1;
    }
}

/// <summary>Shares of matches and how opponents are weighed.</summary>
public sealed record MatchmakingOptions
{
    /// <summary>Share of matches that the latest policy plays against itself (80/20 as in OpenAI Five, Berner et al. 2019).</summary>
    public double SelfPlayShare { get; init; } = 0.8;

    /// <summary>Least share of all matches that goes to scripted members; part of what self-play leaves.</summary>
    public double ScriptedShare { get; init; } = 0.05;

    public PfspWeighting Weighting { get; init; } = PfspWeighting.Squared;

    /// <summary>Imagined matches before the first, half of them won.</summary>
    public double PriorMatches { get; init; } = 2;

    /// <summary>Part of the pool's share that is spread evenly over all opponents.</summary>
    public double UniformShare { get; init; } = 0.1;

    /// <summary>Matches in one matchup.</summary>
    public int MatchesPerMatchup { get; init; } = 4;

    /// <summary>Frozen policies that one host plays at the same time.</summary>
    public int MaxDistinctOpponents { get; init; } = 3;

    /// <summary>Frozen versions in play. Of more, the newest half and an even selection of the older ones stay; all keep their ratings.</summary>
    public int MaxPool { get; init; } = 32;

    /// <exception cref="ArgumentException">A value is out of range; the message names it and the range.</exception>
    public void Validate()
    {
        Range.Check(SelfPlayShare is >= 0 and <= 1, nameof(SelfPlayShare), SelfPlayShare, "0 to 1");
        Range.Check(ScriptedShare >= 0 && ScriptedShare <= 1 - SelfPlayShare + 1e-9, nameof(ScriptedShare), ScriptedShare, "0 to 1 - SelfPlayShare");
        Range.Check(Enum.IsDefined(Weighting), nameof(Weighting), Weighting, "Variance, Squared, Linear");
        Range.Check(PriorMatches is >= 0 and <= 1e6, nameof(PriorMatches), PriorMatches, "0 to 1000000");
        Range.Check(UniformShare is >= 0 and <= 1, nameof(UniformShare), UniformShare, "0 to 1");
        Range.Check(MatchesPerMatchup is >= 1 and <= 1000, nameof(MatchesPerMatchup), MatchesPerMatchup, "1 to 1000");
        Range.Check(MaxDistinctOpponents is >= 1 and <= 1000, nameof(MaxDistinctOpponents), MaxDistinctOpponents, "1 to 1000");
        Range.Check(MaxPool is >= 2 and <= 10000, nameof(MaxPool), MaxPool, "2 to 10000");
    }
}
