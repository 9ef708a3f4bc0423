using SelfPlayArena.Core;

namespace SelfPlayArena.League;

/// <summary>Everything about a league that may change between sessions without changing what its log means.</summary>
public sealed record LeagueOptions
{
    /// <summary>The member that learns.</summary>
    public MemberId Learner { get; init; } = new("main");

    public MatchmakingOptions Matchmaking { get; init; } = new();

    public SnapshotRule Snapshots { get; init; } = new();

    public RatingOptions Ratings { get; init; } = new();

    /// <summary>Results that are written as one group at the latest.</summary>
    public int GroupSize { get; init; } = 32;

    /// <summary>Time after which results are written at the latest, on the next call.</summary>
    public TimeSpan GroupDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <exception cref="ArgumentException">A value is out of range; the message names it and the range.</exception>
    public void Validate()
    {
        Range.Check(!Learner.IsScripted && Learner.Value is { Length: > 0 }, nameof(Learner), Learner, "a name without 'scripted:'");
        Range.Check(GroupSize is >= 1 and <= 100_000, nameof(GroupSize), GroupSize, "1 to 100000");
        Range.Check(GroupDelay >= TimeSpan.Zero, nameof(GroupDelay), GroupDelay, "0 or more");
        Matchmaking.Validate();
        Snapshots.Validate();
        Ratings.Validate();
    }
}
