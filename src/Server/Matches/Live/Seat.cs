using SelfPlayArena.Core;
using SelfPlayArena.Moba;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Hands;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>A place in a match: for a person, with a bot in waiting, or for a bot. Guarded by its match's lock.</summary>
internal sealed class Seat(int team, int slot, int agent)
{
    public int Team => team;

    public int Slot => slot;

    /// <summary>Index in the environment's actions.</summary>
    public int Agent => agent;

    /// <summary>The hero's unit.</summary>
    public int Unit { get; } = UnitIndex.Hero(team, slot);

    /// <summary>Meant for a person, whether one has come or not.</summary>
    public bool ForPerson { get; set; }

    /// <summary>What the person who has the seat proves it by; null while nobody has it.</summary>
    public string? Token { get; set; }

    public string? Name { get; set; }

    /// <summary>Key under which the person is rated; null for nobody, and for one who cannot be told from others.</summary>
    public string? Person { get; set; }

    /// <summary>The hero that was asked for; null for any.</summary>
    public string? Hero { get; set; }

    public Difficulty Difficulty { get; set; } = Difficulty.Named(Difficulty.Usual)!;

    /// <summary>The bot's player where one was named.</summary>
    public string? Player { get; set; }

    /// <summary>Connections that came with the token and are still there.</summary>
    public int Connections { get; set; }

    /// <summary>Ticks of the lobby for which nobody has been there with the token.</summary>
    public int Absent { get; set; }

    /// <summary>How many had come to the match when the person came, and so who has waited longest.</summary>
    public int Arrived { get; set; }

    /// <summary>Ticks of the match for which the person had it in hand.</summary>
    public int Held { get; set; }

    /// <summary>Whether the person has it in hand: else a bot plays.</summary>
    public bool IsPlayed => ForPerson && Token is not null && Connections > 0;

    public bool IsFree => ForPerson && Token is null;

    /// <summary>What the person does itself; a bot leaves it to the recommended build.</summary>
    public short ByHand { get; set; }

    /// <summary>The league's player that suits the difficulty, with its rating; null where one was named, and where the difficulty's scripted player decides.</summary>
    public RatedPlayer? Chosen { get; set; }

    /// <summary>Who decides where no person does.</summary>
    public Contestant? Contestant { get; set; }

    /// <summary>The name by which <see cref="Contestant"/> was found.</summary>
    public string? ContestantName { get; set; }

    public Bot? Bot { get; set; }

    public Hand? Hand { get; set; }

    /// <summary>Somebody else plays from now on: neither a person nor a bot goes on with what the other was about.</summary>
    public void Change(EnvironmentSpec spec, ulong seed)
    {
        Hand?.Let();
        Bot = Contestant is null || IsPlayed ? null : new Bot(Contestant, Difficulty, spec, seed);
    }

    /// <summary>What replays, scoreboards and other players call who plays it.</summary>
    public string PlayerName => ForPerson && Token is not null ? Name ?? "anonymous" : BotTitle;

    /// <summary>The bot that has it, or has it where no person does, as it is rated.</summary>
    public string BotTitle => $"{BotName} ({Difficulty.Name})";

    private string BotName => Player ?? Chosen?.Player ?? Difficulty.Player;

    public SeatView View() => new(
        Team, Slot, Unit, IsFree ? "open" : ForPerson ? "person" : "bot", Name, Hero, ForPerson ? null : Difficulty.Name, ForPerson ? null : Player, Connections > 0,
        ForPerson ? null : BotName, ForPerson || Chosen is null ? null : Math.Round(Chosen.Elo, 1), ForPerson || Chosen is null ? null : Math.Round(Chosen.EloError, 1));
}
