using SelfPlayArena.Moba;
using SelfPlayArena.Policies;
using SelfPlayArena.Server.Matches.Minds;
using SelfPlayArena.Server.Matches.Wire;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>Policies' minds, told to spectators who selected a hero. Never in a match with people, and never to a side.</summary>
internal sealed partial class LiveMatch
{
    /// <summary>Decisions between two looks into a mind.</summary>
    private const int MindEvery = 2;

    private readonly Dictionary<int, float[]> _memories = [];
    private int _decisions;

    /// <summary>Keeps what the policies that are looked into remember before they decide.</summary>
    private void Remember()
    {
        _memories.Clear();
        if (++_decisions % MindEvery != 0 || Array.Exists(_seats, s => s.ForPerson))
            return;
        foreach (Watcher watcher in _broadcast!.Watchers)
        {
            if (SeatMinded(watcher) is not { } seat || _memories.ContainsKey(seat.Agent))
                continue;
            PolicyNetwork network = seat.Bot!.Network!;
            int size = network.Plan.RecurrentSize;
            float[] memory = new float[World.HeroesPerTeam * size];
            foreach (Seat mate in _seats.Where(s => s.Team == seat.Team && ReferenceEquals(s.Bot?.Network, network)))
                mate.Bot!.Recurrent.CopyTo(memory, mate.Slot * size);
            _memories.Add(seat.Agent, memory);
        }
    }

    private void TellMinds(MobaEnvironment environment)
    {
        foreach ((int agent, float[] memory) in _memories)
        {
            Seat seat = _seats[agent];
            (string, object?)[]? known = null, first = null;
            foreach (Watcher watcher in _broadcast!.Watchers)
            {
                if (SeatMinded(watcher) != seat)
                    continue;
                bool layout = watcher.Minded != seat.Unit;
                (string, object?)[] mind = layout ? first ??= Read(environment, seat, memory, true) : known ??= Read(environment, seat, memory, false);
                _broadcast.Send(watcher, "mind", mind);
                watcher.Minded = seat.Unit;
            }
        }
    }

    private (string, object?)[] Read(MobaEnvironment environment, Seat seat, float[] memory, bool layout)
        => MindReader.OfThread.Read(environment, seat.Agent, seat.Bot!.Network!, memory, _decided.AsSpan(seat.Agent * Heads, Heads), seat.PlayerName, layout, Numbers.Of);

    /// <summary>The seat whose policy's mind somebody is to be told.</summary>
    private Seat? SeatMinded(Watcher watcher)
    {
        if (watcher.View != SightOf.Everything || watcher.Seat is not null || watcher.Selected < 0 || watcher.Behind)
            return null;
        return Array.Find(_seats, s => s.Unit == watcher.Selected && s.Bot is { Network: not null });
    }
}
