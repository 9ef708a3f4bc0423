namespace SelfPlayArena.Server.Matches.Live;

/// <summary>A seat as a host asks for it.</summary>
/// <param name="Kind"><c>person</c> or <c>bot</c>.</param>
/// <param name="Hero">A hero's name, null for a drawn or drafted one.</param>
/// <param name="Difficulty">Of a bot; null for the usual one.</param>
/// <param name="Player">A bot's player by name, for example <c>run:NAME@7</c>; null for the difficulty's.</param>
public sealed record SeatRequest(int Team, int Slot, string Kind, string? Hero = null, string? Difficulty = null, string? Player = null);

/// <summary>A match as its host asks for it.</summary>
/// <param name="Draft"><c>none</c> (or null), <c>standard</c>, or an order of picks as in <c>1-2-2-1</c>.</param>
/// <param name="Bans">Of each team, with a draft.</param>
/// <param name="Seats">Those that are not named are bots of the usual difficulty.</param>
/// <param name="Name">What the host is called.</param>
/// <param name="Spectators">What those without a seat are shown of a match with people: <c>late</c> (the usual: everything, a while later), <c>none</c> or <c>live</c>.</param>
public sealed record OpenRequest(string? Mode, string? Rules, string? Draft = null, int Bans = 0, IReadOnlyList<SeatRequest>? Seats = null, string? Name = null, string? Spectators = null)
{
    /// <summary>Key of the person who asks, for ratings; null for one who cannot be told from others. Never from the request itself.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? Person { get; init; }

    /// <summary>The client that asks, where clients are counted; null for one of this process. Never from the request itself.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? From { get; init; }
}

/// <summary>A person who wants a seat; any free one if none is named.</summary>
public sealed record JoinRequest(string? Name = null, int? Team = null, int? Slot = null)
{
    /// <inheritdoc cref="OpenRequest.Person"/>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? Person { get; init; }
}

/// <summary>A place of a match.</summary>
public sealed record SeatPlace(int Team, int Slot, int Unit);

/// <summary>What somebody who opened or joined a match needs to come back.</summary>
public sealed record Entry(string Id, string Token, SeatPlace? Seat);

/// <summary>A seat as everybody may see it.</summary>
/// <param name="Kind"><c>person</c>, <c>bot</c> or <c>open</c> (for a person who has not come yet).</param>
/// <param name="Player">A bot's player where one was named; null where the difficulty chose.</param>
/// <param name="Plays">Who decides for a bot; null for people.</param>
/// <param name="Elo">Rating of the league's member whom the difficulty chose, as it plays without delay and noise; else null.</param>
/// <param name="EloError">Half the width of its 95% interval.</param>
public sealed record SeatView(
    int Team, int Slot, int Unit, string Kind, string? Name, string? Hero, string? Difficulty, string? Player, bool Connected, string? Plays = null, double? Elo = null, double? EloError = null);

/// <summary>A match as everybody may see it.</summary>
/// <param name="Stage"><c>lobby</c>, <c>draft</c>, <c>playing</c> or <c>over</c>.</param>
/// <param name="Score">Kills of the teams.</param>
public sealed record MatchView(
    string Id, string Stage, string Mode, string Rules, string Draft, int Bans, int Tick, IReadOnlyList<int> Score, IReadOnlyList<SeatView> Seats, int FreeSeats, int Spectators, string SpectatorsSee, string? Replay);
