using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;

namespace SelfPlayArena.Rollout;

/// <summary>How a match begins: who sits where, and from which position it starts.</summary>
public sealed partial class MatchHost
{
    private void Begin(int match, bool stagger)
    {
        Slot slot = _slots[match];
        slot.Assignment = _director.Next(_host);
        if (slot.Assignment is not { } assignment)
            return;
        slot.Decision = 0;
        slot.Rated = true;
        _environment.Reset(match, assignment.Seed);
        slot.Recording = _recorder?.Begin(_environment, match, ToRecord(assignment));
        bool randomStart = stagger || (assignment.Matchup.IsSelfPlay && _rng.NextDouble() < _options.RandomStarts);
        if (randomStart && _sink is not null && _options.RandomStartDecisions > 0)
            PlayScriptedOpening(match, slot, assignment);
        foreach (TeamSeat seat in slot.Teams)
            seat.Recurrent = [];
        Seat(slot, assignment);
        Observe(match);
    }

    private MatchToRecord ToRecord(Assignment assignment)
    {
        PlayerId[] players = [.. Enumerable.Range(0, _spec.Teams).Select(assignment.PlayerOf)];
        PlayerId[] learning = [.. players.Where(p => p.IsLatest).Take(1)];
        int update = learning.Length == 0 ? 0 : _policies.Get(learning[0]).Version;
        return new MatchToRecord(assignment.Seed, assignment.MatchId, update, [.. players.Select(p => p.ToString())]);
    }

    private void Seat(Slot slot, Assignment assignment)
    {
        for (int team = 0; team < _spec.Teams; team++)
        {
            TeamSeat seat = slot.Teams[team];
            seat.Player = assignment.PlayerOf(team);
            seat.Learns = _sink is not null && seat.Player.IsLatest;
            seat.Greedy = seat.Learns && _options.GreedyFirst && TrajectoryChunk.NumberOf(assignment.MatchId) == 0;
            slot.Rated &= !seat.Greedy;
            seat.Scripted = ScriptedIndex(seat.Player);
            seat.Pinned = seat.Scripted != TeamSeat.Policy || seat.Player.IsLatest ? null : _policies.Get(seat.Player);
        }
    }

    /// <summary>Lets scripted players play a random number of decisions, so that a young run sees all phases of a match at once.</summary>
    private void PlayScriptedOpening(int match, Slot slot, Assignment assignment)
    {
        if (_spec.ScriptedPlayers.Count == 0)
            return;
        int decisions = _rng.Next(_options.RandomStartDecisions);
        int heads = _spec.Heads.Count;
        Span<short> actions = stackalloc short[_spec.Agents * heads];
        for (int d = 0; d < decisions; d++)
        {
            for (int a = 0; a < _spec.Agents; a++)
                _environment.ActScripted(match, a, _rng.Next(_spec.ScriptedPlayers.Count), actions.Slice(a * heads, heads), ref _rng);
            MatchStatus status = _environment.StepOnly(match, actions);
            slot.Recording?.Decided(_environment, match, actions);
            if (status != MatchStatus.Running)
            {
                _environment.Reset(match, assignment.Seed);
                slot.Recording?.Restart(_environment, match);
                slot.Decision = 0;
                return;
            }
            slot.Decision++;
        }
        slot.Recording?.OpeningPlayed();
        slot.Rated = false;
    }

    private int ScriptedIndex(PlayerId player)
    {
        if (!player.Member.IsScripted)
            return TeamSeat.Policy;
        string name = player.Member.ScriptedName;
        if (name == RandomPlayer.Name)
            return TeamSeat.Random;
        for (int i = 0; i < _spec.ScriptedPlayers.Count; i++)
        {
            if (_spec.ScriptedPlayers[i] == name)
                return i;
        }
        throw new ArgumentException($"unknown scripted player '{name}'; allowed: {RandomPlayer.Name}, {string.Join(", ", _spec.ScriptedPlayers)}");
    }
}
