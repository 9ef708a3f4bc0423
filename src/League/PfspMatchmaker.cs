using SelfPlayArena.Core;

namespace SelfPlayArena.League;

/// <summary>
/// Mostly the latest policy against itself; else against the pool (frozen versions and scripted members) by <see cref="Pfsp"/>, with a least share
/// for scripted members, which keep the ratings anchored.
/// </summary>
public sealed class PfspMatchmaker : IMatchmaker
{
    private readonly MemberId _learner;
    private readonly MatchmakingOptions _options;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public PfspMatchmaker(MemberId learner, MatchmakingOptions options)
    {
        options.Validate();
        (_learner, _options) = (learner, options);
    }

    public Pairing Next(LeagueState state, IReadOnlyCollection<Matchup> active, ref Rng rng, int maxDistinctOpponents)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDistinctOpponents, 1);
        var latest = new PlayerId(_learner, PlayerId.Latest);
        List<PlayerId> pool = Pool(state, _options.MaxPool);
        if (pool.Count == 0 || rng.NextDouble() < _options.SelfPlayShare)
            return Against(latest, latest);

        List<PlayerId> scripted = pool.FindAll(p => p.Member.IsScripted);
        bool anchor = scripted.Count > 0 && rng.NextDouble() * (1 - _options.SelfPlayShare) < _options.ScriptedShare;
        PlayerId opponent = Sample(state, latest, anchor ? scripted : pool, ref rng);
        if (opponent.Member.IsScripted)
            return Against(latest, opponent);

        List<PlayerId> playing = Playing(active);
        if (playing.Count < maxDistinctOpponents || (playing.Count == maxDistinctOpponents && playing.Contains(opponent) && opponent != Leaving(state, active, playing)))
            return Against(latest, opponent);
        return Instead(state, active, playing, latest, ref rng);
    }

    /// <summary>All scripted members, and the frozen versions that are in play.</summary>
    internal static List<PlayerId> Pool(LeagueState state, int maxFrozen)
    {
        var pool = new List<PlayerId>();
        var frozen = new List<Snapshot>();
        foreach (Member m in state.Members)
        {
            if (m.Role == MemberRole.Scripted)
                pool.Add(new PlayerId(m.Id, 0));
            frozen.AddRange(m.Snapshots);
        }
        if (frozen.Count <= maxFrozen)
        {
            pool.AddRange(frozen.Select(s => s.Player));
            return pool;
        }
        frozen = [.. frozen.OrderBy(s => s.TrainedSteps)];
        int newest = maxFrozen / 2;
        int old = maxFrozen - newest;
        int candidates = frozen.Count - newest;
        for (int i = 0; i < old; i++)
            pool.Add(frozen[(int)((long)i * candidates / old)].Player);
        pool.AddRange(frozen.Skip(candidates).Select(s => s.Player));
        return pool;
    }

    /// <summary>
    /// The host plays as many policies as it may, so one of them is taken, but not the one whose turn it is to leave: its matchups run out,
    /// and its place goes to a fresh draw. Without that, the first few opponents would stay for ever.
    /// </summary>
    private Pairing Instead(LeagueState state, IReadOnlyCollection<Matchup> active, List<PlayerId> playing, PlayerId latest, ref Rng rng)
    {
        if (Leaving(state, active, playing) is PlayerId leaving)
            playing.Remove(leaving);
        return playing.Count == 0 ? Against(latest, latest) : Against(latest, Sample(state, latest, playing, ref rng));
    }

    /// <summary>
    /// Whose turn it is to leave: drawn by hash for about two generations of running matches, so that every call in that time agrees without keeping
    /// anything. A single one leaves in every second period only; while it does, the host has nothing but self-play to fall back on.
    /// </summary>
    private static PlayerId? Leaving(LeagueState state, IReadOnlyCollection<Matchup> active, List<PlayerId> playing)
    {
        uint generation = System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, 2 * active.Sum(m => m.Matches)));
        ulong period = (ulong)state.Matches / generation;
        if (playing.Count == 0 || (playing.Count == 1 && period % 2 == 0))
            return null;
        return playing.MinBy(p => Seeds.Derive(period, p.ToString()));
    }

    private static List<PlayerId> Playing(IReadOnlyCollection<Matchup> active)
    {
        var playing = new List<PlayerId>();
        foreach (Matchup m in active)
        {
            foreach (PlayerId p in (ReadOnlySpan<PlayerId>)[m.Home, m.Away])
            {
                if (!p.IsLatest && !p.Member.IsScripted && !playing.Contains(p))
                    playing.Add(p);
            }
        }
        return playing;
    }

    private PlayerId Sample(LeagueState state, PlayerId latest, List<PlayerId> candidates, ref Rng rng)
    {
        Tally[] records = [.. candidates.Select(c => state.Evidence(latest, c))];
        return candidates[Pfsp.Sample(Pfsp.Probabilities(records, _options.Weighting, _options.PriorMatches, _options.UniformShare), ref rng)];
    }

    private Pairing Against(PlayerId latest, PlayerId opponent) => new(latest, opponent, _options.MatchesPerMatchup);
}
