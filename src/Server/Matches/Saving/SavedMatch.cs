using System.Text.Json.Serialization;
using SelfPlayArena.Server.Matches.Bots;

namespace SelfPlayArena.Server.Matches.Saving;

/// <summary>What a bot carries from one tick to the next. Scripted players carry nothing: all they know is in the match's state.</summary>
/// <param name="Rng">The four words of its chance.</param>
/// <param name="Recurrent">The network's memory; empty for those without.</param>
/// <param name="Hands">Its orders on the way.</param>
internal sealed record SavedBot(IReadOnlyList<ulong> Rng, IReadOnlyList<float> Recurrent, SavedHands Hands);

/// <summary>What <see cref="BotHands"/> hold.</summary>
/// <param name="Waiting">Decided and not yet due, a ring.</param>
/// <param name="At">Place of the newest in it.</param>
/// <param name="Last">The order that was done last.</param>
/// <param name="Changes">Bit i: an order changed i ticks ago.</param>
internal sealed record SavedHands(IReadOnlyList<short> Waiting, int At, IReadOnlyList<short> Last, uint Changes);

/// <summary>A seat of a <see cref="SavedMatch"/>.</summary>
/// <param name="Chosen">The league's player that the difficulty chose; null for none.</param>
/// <param name="Bot">Who had the seat; null for a person, before the start and where it was not kept.</param>
/// <param name="Arrived">How many had come when the person came.</param>
/// <param name="Held">Ticks for which the person had it in hand.</param>
internal sealed record SavedSeat(
    bool ForPerson, string? Token, string? Name, string? Hero, string Difficulty, string? Player, short ByHand, string? Person = null, RatedPlayer? Chosen = null, SavedBot? Bot = null, int Held = 0, int Arrived = 0);

/// <summary>A draft under way.</summary>
/// <param name="First">Team that began.</param>
/// <param name="Taken">Heroes banned and picked, turn by turn.</param>
/// <param name="Rng">The four words of the chance by which bots draft.</param>
internal sealed record SavedDraft(int First, IReadOnlyList<int> Taken, IReadOnlyList<ulong> Rng);

/// <summary>A running match's state.</summary>
/// <param name="Home">Heroes by name.</param>
/// <param name="StateHash">Of the state, by which damage is noticed.</param>
/// <param name="State">The environment's snapshot.</param>
/// <param name="Tape">The recording so far.</param>
/// <param name="GoldLead">Team 0's lead by second so far.</param>
/// <param name="Changes">How often a seat changed hands; bots' seeds derive from it.</param>
internal sealed record SavedPlay(
    IReadOnlyList<string> Home, IReadOnlyList<string> Away, ulong StateHash, byte[] State, byte[] Tape, IReadOnlyList<int> GoldLead, IReadOnlyList<int> XpLead, int Changes, bool Paused);

/// <summary>A lobby, a draft or a running match as it is kept on disk: all that is needed to go on with it in another process of the same program.</summary>
/// <param name="ContentHash">Rules and content under which it means something.</param>
/// <param name="DraftUnderWay">Null before and after the draft.</param>
/// <param name="Play">Null before the match.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SavedMatch(
    string Id, string Mode, string Rules, string Draft, int Bans, string Spectators, string HostToken, ulong Seed, string ContentHash, IReadOnlyList<SavedSeat> Seats,
    SavedDraft? DraftUnderWay = null, SavedPlay? Play = null);
