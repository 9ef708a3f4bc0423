using SelfPlayArena.Core;

namespace SelfPlayArena.Rollout;

/// <summary>A kind of end that a match can come to.</summary>
/// <param name="Opponent"><c>self</c>, <c>snapshot</c> or <c>scripted</c>.</param>
/// <param name="Result"><c>home</c>, <c>away</c> or <c>draw</c>.</param>
internal readonly record struct MatchEnding(string Opponent, string Result, string Reason)
{
    public static MatchEnding Of(Assignment played, MatchOutcome outcome) => new(
        played.Matchup.IsSelfPlay ? "self" : played.Matchup.Home.Member.IsScripted || played.Matchup.Away.Member.IsScripted ? "scripted" : "snapshot",
        outcome.Winner < 0 ? "draw" : outcome.Winner == played.HomeSide ? "home" : "away",
        outcome.Reason);
}

/// <summary>How a host's matches ended. Thread-safe.</summary>
internal sealed class MatchEndings
{
    private readonly Lock _gate = new();
    private readonly Dictionary<MatchEnding, long> _counts = [];

    public void Add(MatchEnding ending)
    {
        lock (_gate)
            _counts[ending] = _counts.GetValueOrDefault(ending) + 1;
    }

    public void AddTo(Dictionary<MatchEnding, long> sums)
    {
        lock (_gate)
        {
            foreach ((MatchEnding ending, long count) in _counts)
                sums[ending] = sums.GetValueOrDefault(ending) + count;
        }
    }
}
