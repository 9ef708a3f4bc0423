namespace SelfPlayArena.Server.Matches.Saving;

/// <summary>A seat of a <see cref="SavedMatch"/>.</summary>
internal sealed record SavedSeat(bool ForPerson, string? Token, string? Name, string? Hero, string Difficulty, string? Player, short ByHand, string? Person = null);

/// <summary>A running match as it is kept on disk: all that is needed to go on with it in another process of the same program.</summary>
/// <param name="ContentHash">Rules and content under which the state means something.</param>
/// <param name="StateHash">Of the state, by which damage is noticed.</param>
/// <param name="State">The environment's snapshot.</param>
/// <param name="Tape">The recording so far.</param>
/// <param name="GoldLead">Team 0's lead by second so far.</param>
internal sealed record SavedMatch(
    string Id, string Mode, string Rules, string Draft, int Bans, string Spectators, string HostToken, ulong Seed, IReadOnlyList<string> Home, IReadOnlyList<string> Away,
    string ContentHash, ulong StateHash, IReadOnlyList<SavedSeat> Seats, byte[] State, byte[] Tape, IReadOnlyList<int> GoldLead, IReadOnlyList<int> XpLead);
