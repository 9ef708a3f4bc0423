using System.Globalization;

namespace SelfPlayArena.Server.People;

/// <summary>What a person did with a seat until its match ended.</summary>
/// <param name="Person">Key of the person (<see cref="PersonCookie"/>); null for somebody who cannot be told from others.</param>
/// <param name="Held">Ticks for which the person had the hero in hand; a bot had it in the others.</param>
/// <param name="There">Whether the person still had it at the end.</param>
/// <param name="Lost">Whether the seat's side lost.</param>
internal readonly record struct SeatHistory(string? Person, int Held, bool There, bool Lost);

/// <summary>
/// For which matches a person is rated: those of which it had the seat for at least half of the ticks, each of which is a decision. A match that somebody left
/// before half of it and whose side then lost counts all the same, or leaving in time would save a rating; one that the bot then won does not.
/// </summary>
internal static class RatingRule
{
    /// <param name="ticks">Of the whole match.</param>
    /// <returns>Null where the person is rated, else why not, in a sentence without its full stop.</returns>
    public static string? WhyNot(SeatHistory seat, int ticks)
    {
        if (seat.Person is null)
            return "whoever plays without the arena's cookie, as programs do, cannot be told from others";
        if (HeldEnough(seat, ticks) || (seat is { Held: > 0, There: false, Lost: true }))
            return null;
        int share = ticks == 0 ? 0 : (int)(100L * seat.Held / ticks);
        return $"a bot had the seat for {(100 - share).ToString(CultureInfo.InvariantCulture)}% of the match; a person is rated who has it for at least half";
    }

    /// <summary>Whether the person rather than the bot is whom the others met.</summary>
    public static bool HeldEnough(SeatHistory seat, int ticks) => 2L * seat.Held >= ticks;
}
