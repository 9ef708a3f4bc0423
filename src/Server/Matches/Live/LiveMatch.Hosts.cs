using SelfPlayArena.Moba;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>Who may start a lobby, and what becomes of it when somebody goes.</summary>
internal sealed partial class LiveMatch
{
    /// <summary>Ticks for which a seat is kept in a lobby for somebody who is not there.</summary>
    private const int SeatPatience = 60 * RulesDefinition.TicksPerSecond;

    private int _arrivals;

    /// <summary>What the host proves itself by: the token of its seat. Another's once the host has gone.</summary>
    public string HostToken { get; private set; }

    private Seat? Host => Array.Find(_seats, s => s.Token is not null && Tokens.Same(s.Token, HostToken));

    /// <summary>Before the start: gives a seat back. When the host goes, whoever has waited longest is the host; when nobody is left the lobby closes.</summary>
    /// <exception cref="Refusal">The token is of no seat, or the match has started.</exception>
    public void Leave(string? token)
    {
        lock (_gate)
        {
            Seat seat = SeatOf(token) ?? throw Refusal.Forbidden($"This token is of no seat of match {Id}, or no longer: send the one that joining gave, as 'Authorization: Bearer TOKEN'.");
            if (_closed)
                throw Over();
            if (Stage != Stage.Lobby)
                throw Started();
            if (ReferenceEquals(seat, Host))
                HandOver(Longest(seat, there: true) ?? Longest(seat, there: false));
            Vacate(seat);
            if (Array.TrueForAll(_seats, s => s.Token is null))
                Close("everybody left the lobby");
        }
    }

    private bool IsHost(string? token) => Tokens.Same(HostToken, token);

    private void RequireHost(string? token)
    {
        if (!IsHost(token))
            throw Refusal.Forbidden("Only the match's host may do that: send the host's token, which opening the match gave, or joining it to whoever became the host, as 'Authorization: Bearer TOKEN'.");
        if (_closed)
            throw Over();
        if (Stage != Stage.Lobby)
            throw Started();
    }

    private void Sit(Seat seat, string token, string? name, string? person)
        => (seat.Token, seat.Name, seat.Person, seat.Absent, seat.Arrived) = (token, Named(name), person, 0, ++_arrivals);

    /// <summary>Whoever took a seat and went away, or never came, does not keep others from it. A host who is alone keeps it: there is nobody else who could start.</summary>
    private void FreeSeats()
    {
        foreach (Seat seat in _seats)
        {
            if (seat.Token is null)
                continue;
            seat.Absent = seat.Connections > 0 ? 0 : seat.Absent + 1;
            if (seat.Absent <= SeatPatience)
                continue;
            if (ReferenceEquals(seat, Host))
            {
                if (Longest(seat, there: true) is not { } next)
                    continue;
                HandOver(next);
            }
            Vacate(seat);
        }
    }

    /// <summary>The person who has waited longest, besides somebody who goes.</summary>
    private Seat? Longest(Seat besides, bool there)
        => _seats.Where(s => s.Token is not null && !ReferenceEquals(s, besides) && (!there || s.Connections > 0)).MinBy(s => s.Arrived);

    private void HandOver(Seat? to)
    {
        if (to?.Token is not { } token)
            return;
        HostToken = token;
        _lobbyChanged = true;
        foreach (Watcher watcher in _waiting)
        {
            bool host = ReferenceEquals(watcher.Seat, to);
            if (watcher.Host == host)
                continue;
            watcher.Host = host;
            watcher.Outbox.TryPut(Hello(watcher));
        }
    }

    private void Vacate(Seat seat)
    {
        foreach (Watcher watcher in _waiting.FindAll(w => ReferenceEquals(w.Seat, seat)))
        {
            // What it was connected to is another's from now on.
            (watcher.Seat, watcher.Host) = (null, false);
            _waiting.Remove(watcher);
            watcher.Dismiss("you left the lobby");
        }
        (seat.Token, seat.Name, seat.Person, seat.Absent, seat.Connections) = (null, null, null, 0, 0);
        _lobbyChanged = true;
        Keep();
    }
}
