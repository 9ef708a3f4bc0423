using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Saving;
using SelfPlayArena.Server.People;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>What a live match needs of the house it is played in.</summary>
internal sealed record MatchSurroundings
{
    public required IPlayerSource Players { get; init; }

    /// <summary>Where a difficulty finds players by rating; null where it has its scripted player.</summary>
    public IRatedPools? Rated { get; init; }

    public required TickMeter Meter { get; init; }

    public required MatchSnapshots Snapshots { get; init; }

    /// <summary>Takes replays and results of matches that are over.</summary>
    public required MatchArchive Archive { get; init; }

    /// <summary>Counts matches of people; null where nobody is rated.</summary>
    public PeopleRatings? People { get; init; }

    public required LiveMatches Matches { get; init; }

    /// <summary>Makes training give way while people play; null where nobody trains.</summary>
    public IPlayPressure? Pressure { get; init; }

    /// <summary>Of this server, by which units are numbered; it must not be guessed.</summary>
    public required ulong Secret { get; init; }

    /// <summary>Is told what went wrong of which no client hears.</summary>
    public required Action<string> Tell { get; init; }

    /// <summary>Ticks by which late spectators are behind.</summary>
    public int LateTicks { get; init; } = 60 * Moba.RulesDefinition.TicksPerSecond;
}
