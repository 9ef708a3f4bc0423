using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Saving;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>Outliving the process.</summary>
internal sealed partial class LiveMatch
{
    /// <summary>Ticks between two snapshots.</summary>
    private const int SnapshotEvery = 4 * RulesDefinition.TicksPerSecond;

    /// <summary>The server ends: what has not ended is kept as it is, and everybody is let go.</summary>
    public void Suspend()
    {
        lock (_gate)
        {
            if (Stage != Stage.Over)
                Keep();
            _closed = true;
            foreach (Watcher watcher in Everybody())
                watcher.Dismiss("the server ends; the match goes on when it is back", mayReturn: true);
            Release();
        }
    }

    /// <summary>Puts the match as it is now where <see cref="Restore"/> finds it.</summary>
    private void Keep()
    {
        SavedSeat[] seats =
        [
            .. _seats.Select(s => new SavedSeat(s.ForPerson, s.Token, s.Name, s.Hero, s.Difficulty.Name, s.Player, s.ByHand, s.Person, s.Chosen, Stage == Stage.Playing ? s.Bot?.Save() : null, s.Held, s.Arrived)),
        ];
        _around.Snapshots.Put(new SavedMatch(
            Id, Options.Mode, Options.Rules, Draft, Bans, Spectators, HostToken, Seed, (_environment?.Spec ?? MobaEnvironment.SpecFor(Options)).ContentHash, seats,
            Stage == Stage.Draft ? SaveDraft() : null, Stage == Stage.Playing ? SavePlay() : null));
    }

    private SavedPlay SavePlay()
    {
        byte[] state = new byte[_environment!.SnapshotBytes];
        _environment.Snapshot(0, state);
        return new SavedPlay(Options.Home!, Options.Away!, _environment.StateHash(0), state, _tape!.Save(), _broadcast!.GoldLead, _broadcast.XpLead, _changes, _paused);
    }

    /// <summary>
    /// Goes on with a lobby, a draft or a match of another process; bots have the seats of people until they come back, and go on with what they remembered.
    /// </summary>
    /// <exception cref="InvalidDataException">The snapshot is of other rules or content, or damaged.</exception>
    public static LiveMatch Restore(SavedMatch saved, MatchSurroundings around)
    {
        LiveMatch match;
        try
        {
            var options = new MobaOptions { Mode = saved.Mode, Rules = saved.Rules, Home = saved.Play?.Home, Away = saved.Play?.Away, Control = MobaOptions.Orders };
            if (MobaEnvironment.SpecFor(options) is var spec && spec.ContentHash != saved.ContentHash)
                throw new InvalidDataException($"it was played with rules and content {saved.ContentHash}, this program has {spec.ContentHash}");
            if (saved.Seats.Count != spec.Agents)
                throw new InvalidDataException($"it has {saved.Seats.Count} seats, {saved.Mode} has {spec.Agents}");
            match = new LiveMatch(saved.Id, options, saved.Draft, saved.Bans, saved.Spectators, saved.HostToken, saved.Seed, around);
            lock (match._gate)
                match.Resume(saved);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
        return match;
    }

    private void Resume(SavedMatch saved)
    {
        _pool = saved.Play is null ? _around.Rated?.Of(saved.Mode, saved.Rules) : null;
        for (int i = 0; i < saved.Seats.Count; i++)
        {
            SavedSeat kept = saved.Seats[i];
            Seat seat = _seats[i];
            (seat.ForPerson, seat.Token, seat.Name, seat.Hero, seat.ByHand) = (kept.ForPerson, kept.Token, kept.Name, kept.Hero, kept.ByHand);
            (seat.Person, seat.Difficulty, seat.Player, seat.Chosen) = (kept.Person, Difficulty.Named(kept.Difficulty) ?? seat.Difficulty, kept.Player, kept.Chosen);
            (seat.Held, seat.Arrived) = (kept.Held, kept.Arrived);
            _arrivals = Math.Max(_arrivals, kept.Arrived);
            SeatAgain(seat);
        }
        if (saved.DraftUnderWay is { } draft)
            ResumeDraft(draft);
        else if (saved.Play is { } play)
            ResumePlay(saved, play);
    }

    private void ResumePlay(SavedMatch saved, SavedPlay play)
    {
        Prepare(Options.LineUps(World.Content));
        if (play.State.Length != _environment!.SnapshotBytes)
            throw new InvalidDataException($"its state has {play.State.Length} bytes, this program's have {_environment.SnapshotBytes}");
        _tape = new MatchTape(_environment.Spec);
        _tape.Load(play.Tape);
        _environment.Restore(0, play.State);
        // The rules trust every number of a state: with a wrong one they would write beside it.
        if (_environment.StateHash(0) != play.StateHash)
            throw new InvalidDataException("its state is not as it was saved");
        if (_tape.Decisions != _environment.State(0).Tick)
            throw new InvalidDataException($"its recording has {_tape.Decisions} ticks, its state is at tick {_environment.State(0).Tick}");
        foreach (Seat seat in _seats)
        {
            // Another player than the one that was saved has nothing to remember.
            if (saved.Seats[seat.Agent] is { Bot: { } bot } kept && (kept.Player, kept.Chosen?.Player) == (seat.Player, seat.Chosen?.Player))
                seat.Bot?.Load(bot);
        }
        _changes = Math.Max(_changes, play.Changes);
        _paused = play.Paused;
        _broadcast!.Curves(play.GoldLead, play.XpLead);
        Stage = Stage.Playing;
        Enter();
    }

    /// <summary>The player that the seat had. One that is no longer there does not end the match of those who play against it.</summary>
    private void SeatAgain(Seat seat)
    {
        foreach (string player in new[] { seat.Player, seat.Player is null ? seat.Chosen?.Player : null }.OfType<string>())
        {
            try
            {
                Take(seat, player, () => LoadNamed(player));
                return;
            }
            catch (Security.Refusal)
            {
                // The difficulty's own plays.
            }
        }
        (seat.Player, seat.Chosen) = (null, null);
        Take(seat, seat.Difficulty.Player, () => LoadNamed(seat.Difficulty.Player));
    }
}
