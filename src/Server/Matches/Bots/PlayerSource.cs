using SelfPlayArena.Core;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Server.Matches.Bots;

/// <summary>The players of the program, as far as clients may name them. What was loaded is kept while others are not asked for more recently.</summary>
/// <param name="games">Null knows the environment's own players only.</param>
/// <param name="files">Whether players may be named by the path of their bundle: only where all clients are on this machine.</param>
internal sealed class PlayerSource(IGameCatalog? games, bool files) : IPlayerSource
{
    private const int Most = 12;

    /// <summary>A run's latest policy moves on; so long it is taken for the same.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly RecentlyUsed<(string Player, ulong Layout), (long Loaded, Contestant Contestant)> _kept = new(Most);

    public Contestant Load(string player, EnvironmentSpec spec)
    {
        if (player.StartsWith("file:", StringComparison.Ordinal) && !files)
            throw new ArgumentException("players cannot be named by files here; allowed: random, scripted:NAME, run:NAME@VERSION", nameof(player));
        if (games is null || player == RandomPlayer.Name || player.StartsWith("scripted:", StringComparison.Ordinal))
            return Scripted(player, spec);
        lock (_gate)
        {
            long now = Environment.TickCount64;
            if (_kept.TryGet((player, spec.Hash), out (long Loaded, Contestant Contestant) held) && now - held.Loaded < Fresh.TotalMilliseconds)
                return held.Contestant;
            Contestant loaded = games.Load(player, spec);
            _kept.Add((player, spec.Hash), (now, loaded));
            return loaded;
        }
    }

    private static Contestant Scripted(string player, EnvironmentSpec spec)
    {
        const string prefix = "scripted:";
        if (player == RandomPlayer.Name)
            return new Contestant(player, player, null);
        string name = player.StartsWith(prefix, StringComparison.Ordinal) ? player[prefix.Length..] : "";
        string? found = spec.ScriptedPlayers.LastOrDefault(s => name.Length > 0 && (s == name || s.StartsWith(name + "@", StringComparison.Ordinal)));
        return found is null
            ? throw new ArgumentException($"there is no player '{player}'; allowed: random, {string.Join(", ", spec.ScriptedPlayers.Select(s => prefix + s))}", nameof(player))
            : new Contestant(player, found, null);
    }
}
