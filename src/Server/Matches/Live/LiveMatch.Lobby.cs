using System.Globalization;
using SelfPlayArena.Core;
using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>Seats before the start.</summary>
internal sealed partial class LiveMatch
{
    /// <summary>What those without a seat are shown of a match with people.</summary>
    public const string LateView = "late", NoView = "none", LiveView = "live";
    public const string UsualMode = "1v1", UsualRules = "quick";
    private const int LongestName = 24, LongestPlayer = 200;

    /// <summary>Opens a lobby; one without people starts at once.</summary>
    /// <exception cref="Refusal">Something that is asked for is not there, or not allowed.</exception>
    public static (LiveMatch Match, Entry Entry) Open(OpenRequest request, MatchSurroundings around)
    {
        var options = new MobaOptions
        {
            Mode = Among("mode", request.Mode ?? UsualMode, MobaOptions.Modes),
            Rules = Among("rules", request.Rules ?? UsualRules, MobaOptions.RuleSets),
            Control = MobaOptions.Orders,
        };
        string draft = DraftOf(request, options);
        string spectators = Among("spectators", request.Spectators ?? LateView, [LateView, NoView, LiveView]);
        string token = Tokens.Secret();
        var match = new LiveMatch(
            Tokens.Id(), options, draft, request.Bans, spectators, token, BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)), around)
        {
            From = request.From,
        };
        match._pool = around.Rated?.Of(options.Mode, options.Rules);
        match.Assign(request.Seats ?? []);
        match.Distinct();
        match.SeatBots();
        Seat? own = Array.Find(match._seats, s => s.ForPerson);
        if (own is not null)
        {
            match.Sit(own, token, request.Name, request.Person);
            match.Keep();
        }
        else
        {
            match.Begin();
        }
        return (match, new Entry(match.Id, token, own is null ? null : Place(own)));
    }

    /// <summary>Takes a free seat, before the start or in the running match.</summary>
    public Entry Join(JoinRequest request)
    {
        lock (_gate)
        {
            if (_closed || Stage == Stage.Over)
                throw Over();
            Seat? seat = Array.Find(_seats, s => s.IsFree && (request.Team is null || request.Team == s.Team) && (request.Slot is null || request.Slot == s.Slot));
            if (seat is null)
                throw Refusal.Conflict(request.Team is null && request.Slot is null ? $"Match {Id} has no free seat." : $"That seat of match {Id} is not free.");
            Sit(seat, Tokens.Secret(), request.Name, request.Person);
            _lobbyChanged = true;
            if (Stage == Stage.Lobby)
                Keep();
            return new Entry(Id, seat.Token!, Place(seat));
        }
    }

    /// <summary>Before the start: the host changes a seat, and whoever has one chooses its hero.</summary>
    public MatchView Change(string? token, SeatRequest request)
    {
        if (IsHost(token))
            Fetch(request);
        lock (_gate)
        {
            Seat seat = At(request);
            if (IsHost(token) || !Tokens.Same(seat.Token, token))
                RequireHost(token);
            else if (Stage != Stage.Lobby)
                throw Started();
            else if (request is not { Kind: "person", Difficulty: null, Player: null })
                throw Refusal.Forbidden("Whoever has a seat chooses its hero; the rest is the host's.");
            else
                request = request with { Difficulty = seat.Difficulty.Name, Player = seat.Player };
            if (seat.Token is not null && request.Kind != "person")
                throw Refusal.Conflict($"Seat {seat.Slot} of team {seat.Team} is taken by a person.");
            (bool forPerson, string? hero, Difficulty difficulty, string? player) = (seat.ForPerson, seat.Hero, seat.Difficulty, seat.Player);
            try
            {
                Assign(request);
                Distinct();
                SeatBots();
            }
            catch (Refusal)
            {
                (seat.ForPerson, seat.Hero, seat.Difficulty, seat.Player) = (forPerson, hero, difficulty, player);
                SeatBots();
                throw;
            }
            _lobbyChanged = true;
            Keep();
        }
        return View();
    }

    /// <summary>The host starts: the draft first where there is one.</summary>
    public MatchView Start(string? token)
    {
        lock (_gate)
        {
            RequireHost(token);
            Begin();
        }
        return View();
    }

    private void Begin()
    {
        if (Draft != MobaOptions.None)
            BeginDraft();
        else
            BeginMatch(LineUps());
    }

    /// <summary>The seats of a match that is being opened; each is named once, so that nobody has more players read from disk than can play.</summary>
    private void Assign(IReadOnlyList<SeatRequest?> requests)
    {
        var named = new HashSet<Seat>();
        foreach (SeatRequest? request in requests)
        {
            if (request is null)
                throw Refusal.BadRequest("A seat is null; allowed: {team, slot, kind} and what else a seat may say.");
            if (!named.Add(At(request)))
                throw Refusal.BadRequest($"Seat {request.Slot.ToString(CultureInfo.InvariantCulture)} of team {request.Team.ToString(CultureInfo.InvariantCulture)} is named twice; allowed: once.");
            Assign(request);
        }
    }

    private void Assign(SeatRequest request)
    {
        Seat seat = At(request);
        string kind = Among("kind", request.Kind, ["person", "bot"]);
        if (request.Hero is not null && Draft != MobaOptions.None)
            throw Refusal.BadRequest("Heroes are drafted in this match; a seat cannot name one.");
        if (request.Hero is not null)
            _ = Among("hero", request.Hero, [.. World.Content.Heroes.Select(h => h.Name)]);
        Difficulty difficulty = Difficulty.Named(Among("difficulty", request.Difficulty ?? Difficulty.Usual, [.. Difficulty.All.Select(d => d.Name)]))!;
        if (request.Player is { Length: > LongestPlayer })
            throw Refusal.BadRequest("The player's name is too long; allowed: 200 characters.");
        (seat.ForPerson, seat.Hero, seat.Difficulty, seat.Player) = (kind == "person", request.Hero, difficulty, request.Player);
    }

    private Seat At(SeatRequest request)
        => Array.Find(_seats, s => s.Team == request.Team && s.Slot == request.Slot)
            ?? throw Refusal.BadRequest($"There is no seat {request.Slot.ToString(CultureInfo.InvariantCulture)} of team {request.Team.ToString(CultureInfo.InvariantCulture)}; allowed in {Options.Mode}: teams 0 and 1, slots 0 to {(World.HeroesPerTeam - 1).ToString(CultureInfo.InvariantCulture)}.");

    /// <summary>No hero twice in a team.</summary>
    private void Distinct()
    {
        foreach (IGrouping<(int, string), Seat> twice in _seats.Where(s => s.Hero is not null).GroupBy(s => (s.Team, s.Hero!)).Where(g => g.Count() > 1))
            throw Refusal.BadRequest($"Team {twice.Key.Item1.ToString(CultureInfo.InvariantCulture)} has {twice.Key.Item2} twice; allowed: each hero once in a team.");
    }

    /// <summary>[10] heroes: those asked for, the others drawn, distinct within a team.</summary>
    private byte[] LineUps()
    {
        var rng = new Rng(Seeds.Derive(Seed, "line-ups"));
        byte[] lineups = new byte[UnitIndex.Heroes];
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            List<int> left = [.. Enumerable.Range(0, World.Content.Heroes.Length)];
            foreach (Seat seat in _seats.Where(s => s.Team == team && s.Hero is not null))
            {
                lineups[seat.Unit] = (byte)Array.FindIndex(World.Content.Heroes, h => h.Name == seat.Hero);
                left.Remove(lineups[seat.Unit]);
            }
            foreach (Seat seat in _seats.Where(s => s.Team == team && s.Hero is null))
            {
                int drawn = rng.Next(left.Count);
                lineups[seat.Unit] = (byte)left[drawn];
                left.RemoveAt(drawn);
            }
        }
        return lineups;
    }

    private void TellLobby()
    {
        if (!_lobbyChanged)
            return;
        _lobbyChanged = false;
        byte[] frame = LobbyFrame();
        foreach (Watcher watcher in _waiting)
            watcher.Outbox.TryPut(frame);
    }

    private static SeatPlace Place(Seat seat) => new(seat.Team, seat.Slot, seat.Unit);

    private static string DraftOf(OpenRequest request, MobaOptions options)
    {
        string draft = request.Draft is null or MobaOptions.None ? MobaOptions.None : request.Draft == "standard" ? DraftOrder.Standard(options.HeroesPerTeam) : request.Draft;
        try
        {
            MobaEnvironment.SpecFor(options with { Draft = draft, Bans = request.Bans });
        }
        catch (ArgumentException e)
        {
            throw Refusal.BadRequest(e.Message);
        }
        return draft;
    }

    /// <summary>A name as it is shown to others: without what would not be seen or would run the other way.</summary>
    private static string? Named(string? name)
    {
        string shown = new([.. (name ?? "").Where(c => !char.IsControl(c) && char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.Surrogate))]);
        shown = shown.Trim();
        return shown.Length == 0 ? null : shown.Length <= LongestName ? shown : shown[..LongestName];
    }

    internal static string Among(string what, string? value, IReadOnlyList<string> allowed)
    {
        if (value is null)
            throw Refusal.BadRequest($"The {what} is missing; allowed: {string.Join(", ", allowed)}.");
        return allowed.Contains(value) ? value : throw Refusal.BadRequest($"The {what} '{(value.Length > 40 ? value[..40] : value)}' is unknown; allowed: {string.Join(", ", allowed)}.");
    }
}
