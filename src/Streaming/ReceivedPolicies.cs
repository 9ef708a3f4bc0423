using System.Diagnostics.CodeAnalysis;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming;

/// <summary>
/// The policies that a worker has from its learner: the newest, some frozen ones, and those that were asked for and are on their way. Not thread-safe:
/// under its link's lock.
/// </summary>
internal sealed class ReceivedPolicies
{
    private const int Cached = 12;
    private readonly RecentlyUsed<PlayerId, PolicyVersion> _frozen = new(Cached);
    private readonly NetworkReserve _reserve = new(Cached);
    private readonly Dictionary<PlayerId, string> _missing = [];
    private readonly HashSet<PlayerId> _wanted = [];
    private readonly Queue<PlayerId> _asked = new();

    /// <summary>The newest policy, null for none yet.</summary>
    public PolicyVersion? Latest { get; set; }

    /// <exception cref="ArgumentException">The learner has no such policy.</exception>
    public bool TryGet(PlayerId player, [NotNullWhen(true)] out PolicyVersion? policy)
    {
        policy = player.IsLatest ? Latest : null;
        if (policy is not null)
        {
            _reserve.Claim(policy.Network.Plan);
            return true;
        }
        if (!player.IsLatest && _frozen.TryGet(player, out policy))
            return true;
        return _missing.Remove(player, out string? problem) ? throw new ArgumentException(problem, nameof(player)) : false;
    }

    /// <summary>Has it asked for, once; true if that is to be done now. The newest policy comes without being asked for.</summary>
    public bool Want(PlayerId player)
    {
        if (player.IsLatest || !_wanted.Add(player))
            return false;
        _asked.Enqueue(player);
        return true;
    }

    public void Keep(PlayerId player, PolicyVersion policy)
    {
        _wanted.Remove(player);
        _frozen.Add(player, policy);
        _reserve.Spend();
    }

    /// <summary>It cannot be had.</summary>
    /// <param name="problem">Why, for whoever asked.</param>
    public void Miss(PlayerId player, string problem)
    {
        _wanted.Remove(player);
        _missing[player] = problem;
    }

    /// <summary>Over another connection everything that is wanted is asked for again.</summary>
    public void Reconnected()
    {
        _asked.Clear();
        foreach (PlayerId player in _wanted)
            _asked.Enqueue(player);
    }

    /// <summary>Adds what the learner is to be asked for.</summary>
    public void TakeRequests(List<(FrameKind Kind, byte[] Header)> requests)
    {
        while (_asked.TryDequeue(out PlayerId player))
        {
            requests.Add((FrameKind.WantPolicy, FrameWriter.Encode((ref MessagePack.MessagePackWriter w) =>
            {
                w.WriteArrayHeader(2);
                w.WritePlayer(player);
            })));
        }
    }
}
