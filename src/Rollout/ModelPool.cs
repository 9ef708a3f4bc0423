using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Rollout;

/// <summary>
/// The versions that matches are played with: the latest in memory, replaced by each update without stopping anybody, and the frozen ones,
/// read from their bundles when first needed. Thread-safe.
/// </summary>
/// <param name="directory">Folder of the frozen versions' bundles.</param>
public sealed class ModelPool(string directory, EnvironmentSpec spec, int cached = 12) : IPolicySource
{
    private readonly object _gate = new();
    private readonly RecentlyUsed<PlayerId, PolicyVersion> _frozen = new(cached);
    private readonly NetworkReserve _reserve = new(cached);
    private volatile PolicyVersion? _latest;
    private volatile bool _claimed;
    private long _hits, _misses;

    /// <summary>Most frozen versions kept in memory.</summary>
    public int Capacity => _frozen.Capacity;

    /// <summary>How often a frozen version was in memory and how often not, and how many are.</summary>
    public (long Hits, long Misses, int Held) Counters
    {
        get
        {
            lock (_gate)
                return (_hits, _misses, _frozen.Count);
        }
    }

    /// <summary>File of a frozen version.</summary>
    public static string FileName(PlayerId player) => $"{player.Member.Value}@{player.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)}.bundle";

    /// <summary>Lets every host play with a new version from its next decision on.</summary>
    public void Publish(PolicyVersion latest) => _latest = latest;

    /// <summary>A frozen version's file.</summary>
    /// <exception cref="FileNotFoundException">There is no such version.</exception>
    public byte[] Bundle(PlayerId player) => File.ReadAllBytes(PathOf(directory, player));

    /// <inheritdoc cref="Bundle"/>
    /// <param name="directory">Folder of the frozen versions' bundles.</param>
    public static Task<byte[]> ReadBundleAsync(string directory, PlayerId player) => File.ReadAllBytesAsync(PathOf(directory, player));

    /// <summary>Whoever asks for a version by name gets nothing outside the folder: members' names come from the league's log.</summary>
    private static string PathOf(string directory, PlayerId player)
    {
        string name = FileName(player);
        if (player.Version <= 0 || player.Member.IsScripted || name != Path.GetFileName(name) || name.AsSpan().ContainsAny(Path.GetInvalidFileNameChars()))
            throw new FileNotFoundException($"'{player}' is no frozen version");
        return Path.Combine(directory, name);
    }

    public PolicyVersion Get(PlayerId player)
    {
        if (player.IsLatest)
        {
            PolicyVersion latest = _latest ?? throw new InvalidOperationException("no version has been published yet");
            if (!_claimed)
                Claim(latest.Network.Plan);
            return latest;
        }
        lock (_gate)
        {
            if (_frozen.TryGet(player, out PolicyVersion? held))
            {
                _hits++;
                return held;
            }
            _misses++;
            PolicyBundle bundle = PolicyBundle.Load(Path.Combine(directory, FileName(player))).AdaptTo(spec);
            var policy = new PolicyVersion(bundle.ToNetwork(like: _latest?.Network.Plan), player.Version);
            _frozen.Add(player, policy);
            _reserve.Spend();
            return policy;
        }
    }

    private void Claim(NetworkPlan plan)
    {
        lock (_gate)
            _reserve.Claim(plan);
        _claimed = true;
    }
}
