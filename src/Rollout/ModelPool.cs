using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Rollout;

/// <summary>
/// The versions that matches are played with: the latest in memory, replaced by each update without stopping anybody, and the frozen ones,
/// read from their bundles when first needed. Thread-safe.
/// </summary>
/// <param name="directory">Folder of the frozen versions' bundles.</param>
internal sealed class ModelPool(string directory, EnvironmentSpec spec, int cached = 12) : IPolicySource
{
    private readonly object _gate = new();
    private readonly LinkedList<(PlayerId Player, PolicyVersion Policy)> _frozen = new();
    private volatile PolicyVersion? _latest;

    /// <summary>File of a frozen version.</summary>
    public static string FileName(PlayerId player) => $"{player.Member.Value}@{player.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)}.bundle";

    /// <summary>Lets every host play with a new version from its next decision on.</summary>
    public void Publish(PolicyVersion latest) => _latest = latest;

    public PolicyVersion Get(PlayerId player)
    {
        if (player.IsLatest)
            return _latest ?? throw new InvalidOperationException("no version has been published yet");
        lock (_gate)
        {
            for (LinkedListNode<(PlayerId Player, PolicyVersion Policy)>? node = _frozen.First; node is not null; node = node.Next)
            {
                if (node.Value.Player != player)
                    continue;
                _frozen.Remove(node);
                _frozen.AddFirst(node);
                return node.Value.Policy;
            }
            PolicyBundle bundle = PolicyBundle.Load(Path.Combine(directory, FileName(player))).AdaptTo(spec);
            var policy = new PolicyVersion(bundle.ToNetwork(), player.Version);
            _frozen.AddFirst((player, policy));
            if (_frozen.Count > cached)
                _frozen.RemoveLast();
            return policy;
        }
    }
}
