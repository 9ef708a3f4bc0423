using SelfPlayArena.Moba;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>Who decides for bots: a player that was named, else the league's whose rating suits the difficulty, else the difficulty's scripted one.</summary>
internal sealed partial class LiveMatch
{
    /// <summary>As it was when the lobby was opened, so that who was shown in the lobby is who plays.</summary>
    private RatedPool? _pool;

    /// <summary>Makes sure that every seat has somebody who decides where no person does; what heroes were chosen may have changed who that is.</summary>
    /// <exception cref="Refusal">A player that was named cannot play.</exception>
    private void SeatBots()
    {
        string?[] heroes = [.. _seats.Select(s => s.Hero)];
        foreach (Seat seat in _seats)
            SeatBot(seat, heroes);
    }

    private void SeatBot(Seat seat, string?[] heroes)
    {
        if (seat.Player is { } named)
        {
            seat.Chosen = null;
            Take(seat, named, () => LoadNamed(named));
            return;
        }
        foreach (RatedPlayer rated in _pool?.Ranked(seat.Difficulty, heroes) ?? [])
        {
            try
            {
                Take(seat, rated.Player, () => _around.Players.Load(rated.Player, MobaEnvironment.SpecFor(Options)));
                seat.Chosen = rated;
                return;
            }
            catch (Exception e) when (e is ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException)
            {
                // It is there no longer, or does not fit: the next one plays.
            }
        }
        seat.Chosen = null;
        Take(seat, seat.Difficulty.Player, () => LoadNamed(seat.Difficulty.Player));
    }

    private static void Take(Seat seat, string player, Func<Contestant> load)
    {
        if (seat.Contestant is null || seat.ContestantName != player)
            (seat.Contestant, seat.ContestantName) = (load(), player);
    }

    /// <exception cref="Refusal">It cannot play; says why.</exception>
    private Contestant LoadNamed(string player)
    {
        try
        {
            return _around.Players.Load(player, MobaEnvironment.SpecFor(Options));
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw Refusal.BadRequest($"The player '{player}' cannot play here: {e.Message}");
        }
    }

    /// <summary>Reads the players that a change of a seat may need from disk before the lock is taken, for which no tick should wait; whether they may play is found out later.</summary>
    private void Fetch(SeatRequest request)
    {
        if (request.Player is { Length: <= LongestPlayer } named)
            TryFetch(named);
        if (_pool is not { } pool)
            return;
        Difficulty[] levels;
        lock (_gate)
            levels = [.. _seats.Select(s => s.Difficulty).Append(Difficulty.Named(request.Difficulty ?? "") ?? _seats[0].Difficulty).Distinct()];
        foreach (string player in levels.SelectMany(l => new[] { pool.Ranked(l, policies: true), pool.Ranked(l, policies: false) }).Where(r => r.Count > 0).Select(r => r[0].Player).Distinct(StringComparer.Ordinal))
            TryFetch(player);
    }

    private void TryFetch(string player)
    {
        try
        {
            _ = _around.Players.Load(player, MobaEnvironment.SpecFor(Options));
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // Said when the seat is assigned.
        }
    }
}
