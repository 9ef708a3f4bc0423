using SelfPlayArena.Core;
using SelfPlayArena.Moba;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Minds;
using SelfPlayArena.Server.Replays;

namespace SelfPlayArena.Server.Matches.Reels;

/// <summary>
/// The mind of one hero's policy while a replay is watched. A replay keeps no memories of networks: the policy's begins empty where the watching
/// begins and fills as the match goes on.
/// </summary>
internal sealed class ReelMind
{
    private readonly PolicyNetwork _network;
    private readonly string _player;
    private readonly int _agent;
    private readonly float[] _memory;
    private bool _told;

    private ReelMind(PolicyNetwork network, string player, int agent, int perTeam)
    {
        (_network, _player, _agent) = (network, player, agent);
        _memory = new float[perTeam * network.Plan.RecurrentSize];
    }

    /// <summary>The mind of a hero; null if no policy played it, or one that is not kept any more.</summary>
    public static ReelMind? Of(Reel reel, int unit, IPlayerSource players)
    {
        int per = reel.Options.HeroesPerTeam, slot = unit % UnitIndex.HeroesPerTeam;
        int agent = unit / UnitIndex.HeroesPerTeam * per + slot;
        if (slot >= per || PlayerOf(reel.Id, reel.Replay.Header.Players[agent]) is not { } player)
            return null;
        try
        {
            Contestant found = players.Load(player, MobaEnvironment.SpecFor(reel.Options));
            return found.Policy is { } policy ? new ReelMind(policy.Network, player, agent, per) : null;
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The policy decides once more what it decided then.</summary>
    /// <param name="environment">In the state before the decision.</param>
    /// <param name="chosen">[heads] what the hero did, or all -1 where that was no choice of heads.</param>
    public (string, object?)[] Decide(MobaEnvironment environment, ReadOnlySpan<short> chosen)
    {
        (string, object?)[] mind = MindReader.OfThread.Read(environment, _agent, _network, _memory, chosen, _player, !_told, static unit => unit);
        _told = true;
        return mind;
    }

    /// <summary>After a leap nothing is remembered.</summary>
    public void Leap() => Array.Clear(_memory);

    /// <summary>How the command line calls who is named in a replay: members of a run by its name, players of live matches with their difficulty behind.</summary>
    private static string? PlayerOf(string id, string label)
    {
        string run = id[..id.IndexOf(':', StringComparison.Ordinal)];
        if (run == ReplayNames.Played)
            return label.StartsWith("run:", StringComparison.Ordinal) ? label.Split(' ')[0] : null;
        const string main = "main@";
        return label.StartsWith(main, StringComparison.Ordinal) ? $"run:{run}@{label[main.Length..]}" : null;
    }
}
