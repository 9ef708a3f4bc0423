using SelfPlayArena.Core;
using SelfPlayArena.Server.People;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>Whom the match's result is counted for.</summary>
internal sealed partial class LiveMatch
{
    /// <summary>What the match did to the ratings of its people, and of whom it says nothing, with the reason.</summary>
    private (string, object?)[] Ratings(MatchOutcome outcome)
    {
        int ticks = _environment!.State(0).Tick;
        IReadOnlyList<RatingChange?> changes = _around.People?.Count([.. _seats.Select(s => Rated(s, ticks, outcome.Winner))], outcome.Winner) ?? [];
        var rated = new List<(string, object?)[]>();
        var unrated = new List<(string, object?)[]>();
        foreach (Seat seat in _seats)
        {
            (string, object?)[] whose = [("team", seat.Team), ("slot", seat.Slot), ("name", seat.PlayerName)];
            if (changes.Count > 0 && changes[seat.Agent] is { } change)
            {
                rated.Add(
                [
                    .. whose, ("before", change.Before.Mean), ("after", change.After.Mean),
                    ("errorBefore", Rating.Z95 * change.Before.Deviation), ("errorAfter", Rating.Z95 * change.After.Deviation),
                ]);
            }
            else if (seat is { ForPerson: true, Token: not null })
            {
                unrated.Add([.. whose, ("reason", _around.People is null ? "nobody is rated here" : RatingRule.WhyNot(HistoryOf(seat, outcome.Winner), ticks))]);
            }
        }
        return [("ratings", rated), ("unrated", unrated)];
    }

    /// <summary>Who is rated for a seat: the person, or the bot that had it for most of the match.</summary>
    private static RatedSeat Rated(Seat seat, int ticks, int winner)
    {
        if (seat is { ForPerson: true, Token: not null })
        {
            SeatHistory history = HistoryOf(seat, winner);
            if (RatingRule.WhyNot(history, ticks) is null)
                return new RatedSeat(seat.Team, seat.Person, seat.Name, null);
            if (RatingRule.HeldEnough(history, ticks))
                return new RatedSeat(seat.Team, null, seat.Name, null);
        }
        return new RatedSeat(seat.Team, null, seat.BotTitle, seat.Difficulty);
    }

    private static SeatHistory HistoryOf(Seat seat, int winner) => new(seat.Person, seat.Held, seat.IsPlayed, winner == 1 - seat.Team);
}
