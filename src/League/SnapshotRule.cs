using SelfPlayArena.Core;

namespace SelfPlayArena.League;

/// <summary>
/// When a learner leaves a frozen version behind: after a number of trained steps, or earlier once it beats everybody in the pool clearly
/// (Vinyals et al. 2019 use both, with 70%).
/// </summary>
public sealed record SnapshotRule
{
    /// <summary>Trained hero-steps after which a snapshot is due in any case.</summary>
    public long EverySteps { get; init; } = 2_000_000;

    /// <summary>Trained hero-steps that must lie between two snapshots.</summary>
    public long MinSteps { get; init; } = 500_000;

    /// <summary>Win rate (draws as half) that must be exceeded against every opponent in play.</summary>
    public double WinRate { get; init; } = 0.7;

    /// <summary>Weighed matches needed against each of them.</summary>
    public double MinMatches { get; init; } = 10;

    /// <exception cref="ArgumentException">A value is out of range; the message names it and the range.</exception>
    public void Validate()
    {
        Range.Check(EverySteps >= 1, nameof(EverySteps), EverySteps, "at least 1");
        Range.Check(MinSteps >= 0 && MinSteps <= EverySteps, nameof(MinSteps), MinSteps, "0 to EverySteps");
        Range.Check(WinRate is >= 0.5 and <= 1, nameof(WinRate), WinRate, "0.5 to 1");
        Range.Check(MinMatches >= 1, nameof(MinMatches), MinMatches, "at least 1");
    }

    /// <summary>Why a snapshot is due, or null.</summary>
    /// <param name="trainedSteps">Hero-steps trained so far.</param>
    /// <param name="pool">Opponents in play.</param>
    internal string? Due(LeagueState state, MemberId learner, long trainedSteps, IReadOnlyList<PlayerId> pool)
    {
        Member? member = state.Find(learner);
        if (member is null)
            return null;
        long since = trainedSteps - (member.Snapshots.Count > 0 ? member.Snapshots[^1].TrainedSteps : 0);
        if (since >= EverySteps)
            return $"{since} steps trained";
        if (since < MinSteps || pool.Count == 0)
            return null;
        var latest = new PlayerId(learner, PlayerId.Latest);
        foreach (PlayerId opponent in pool)
        {
            Tally record = state.Evidence(latest, opponent);
            if (record.Matches < MinMatches || record.Score <= WinRate * record.Matches)
                return null;
        }
        return System.FormattableString.Invariant($"above {WinRate:P0} against all {pool.Count} opponents");
    }
}
