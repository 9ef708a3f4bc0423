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

    /// <summary>The server ends: a running match is kept as it is, and everybody is let go.</summary>
    public void Suspend()
    {
        lock (_gate)
        {
            if (Stage == Stage.Playing)
                _around.Snapshots.Put(Save());
            _closed = true;
            foreach (Watcher watcher in Everybody())
                watcher.Dismiss("the server ends; a running match goes on when it is back");
            Release();
        }
    }

    /// <summary>The match as it is now, to be gone on with by <see cref="Restore"/>.</summary>
    private SavedMatch Save()
    {
        byte[] state = new byte[_environment!.SnapshotBytes];
        _environment.Snapshot(0, state);
        return new SavedMatch(
            Id, Options.Mode, Options.Rules, Draft, Bans, Spectators, HostToken, Seed, Options.Home!, Options.Away!, _environment.Spec.ContentHash, _environment.StateHash(0),
            [.. _seats.Select(s => new SavedSeat(s.ForPerson, s.Token, s.Name, s.Hero, s.Difficulty.Name, s.Player, s.ByHand, s.Person))], state, _tape!.Save(), _broadcast!.GoldLead, _broadcast.XpLead);
    }

    /// <summary>Goes on with a match of another process; bots have the seats of people until they come back.</summary>
    /// <exception cref="InvalidDataException">The snapshot is of other rules or content, or damaged.</exception>
    public static LiveMatch Restore(SavedMatch saved, MatchSurroundings around)
    {
        MobaOptions options;
        LiveMatch match;
        try
        {
            options = new MobaOptions { Mode = saved.Mode, Rules = saved.Rules, Home = saved.Home, Away = saved.Away, Control = MobaOptions.Orders };
            if (MobaEnvironment.SpecFor(options) is var spec && spec.ContentHash != saved.ContentHash)
                throw new InvalidDataException($"it was played with rules and content {saved.ContentHash}, this program has {spec.ContentHash}");
            if (saved.Seats.Count != spec.Agents)
                throw new InvalidDataException($"it has {saved.Seats.Count} seats, {saved.Mode} has {spec.Agents}");
            match = new LiveMatch(saved.Id, options, saved.Draft, saved.Bans, saved.Spectators, saved.HostToken, saved.Seed, around);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
        lock (match._gate)
        {
            for (int i = 0; i < saved.Seats.Count; i++)
            {
                SavedSeat kept = saved.Seats[i];
                Seat seat = match._seats[i];
                (seat.ForPerson, seat.Token, seat.Name, seat.Hero, seat.ByHand) = (kept.ForPerson, kept.Token, kept.Name, kept.Hero, kept.ByHand);
                seat.Person = kept.Person;
                (seat.Difficulty, seat.Player) = (Difficulty.Named(kept.Difficulty) ?? seat.Difficulty, kept.Player);
                seat.Contestant = match.ContestantOrUsual(seat);
            }
            match.Resume(saved);
        }
        return match;
    }

    private void Resume(SavedMatch saved)
    {
        Prepare(Options.LineUps(World.Content));
        if (saved.State.Length != _environment!.SnapshotBytes)
            throw new InvalidDataException($"its state has {saved.State.Length} bytes, this program's have {_environment.SnapshotBytes}");
        _tape = new MatchTape(_environment.Spec);
        _tape.Load(saved.Tape);
        _environment.Restore(0, saved.State);
        // The rules trust every number of a state: with a wrong one they would write beside it.
        if (_environment.StateHash(0) != saved.StateHash)
            throw new InvalidDataException("its state is not as it was saved");
        if (_tape.Decisions != _environment.State(0).Tick)
            throw new InvalidDataException($"its recording has {_tape.Decisions} ticks, its state is at tick {_environment.State(0).Tick}");
        _broadcast!.Curves(saved.GoldLead, saved.XpLead);
        Stage = Stage.Playing;
        Enter();
    }

    /// <summary>A policy that is no longer there does not end the match of those who play against it.</summary>
    private Rollout.Contestant ContestantOrUsual(Seat seat)
    {
        try
        {
            return ContestantOf(seat);
        }
        catch (Security.Refusal)
        {
            seat.Player = null;
            return ContestantOf(seat);
        }
    }
}
