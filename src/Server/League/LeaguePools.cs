using System.Globalization;
using SelfPlayArena.Core;
using SelfPlayArena.Moba;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.League;

/// <summary>The league from which bots come: the run that is served, else the most recent one, of those that were trained in the match's mode and rule set.</summary>
internal sealed class LeaguePools(RunShelf shelf, LeagueStandings standings, ServerOptions options, ServedLeague served, TimeProvider time) : IRatedPools
{
    /// <summary>Ratings move slowly, and a league of hundreds of thousands of matches takes a while to rate.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    /// <summary>The player that defines the scale of the levels.</summary>
    private const string Scale = "scripted:easy@1";

    private const string PolicyPrefix = "main@";

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Mode, string Rules), (long Read, RatedPool? Pool)> _kept = [];

    public RatedPool? Of(string mode, string rules)
    {
        lock (_gate)
        {
            if (!_kept.TryGetValue((mode, rules), out (long Read, RatedPool? Pool) held) || time.GetElapsedTime(held.Read) > Fresh)
                _kept[(mode, rules)] = held = (time.GetTimestamp(), Read(mode, rules));
            return held.Pool;
        }
    }

    private RatedPool? Read(string mode, string rules)
    {
        foreach (string name in Names())
        {
            try
            {
                (_, RunFolder folder) = shelf.Find(name);
                RunSettings settings = folder.ReadSettings();
                if (settings.Environment != MobaRecipe.Name || settings.Mode != mode || settings.Rules != rules)
                    continue;
                LeagueAnswer league = standings.Of(name);
                // Another league's numbers mean something else.
                if (league.Anchor != Scale)
                    continue;
                string[] heroes = [.. settings.HeroPool.Concat(settings.Home).Concat(settings.Away).Distinct(StringComparer.Ordinal)];
                return new RatedPool(name, [.. league.Ratings.Select(r => Named(r, name, folder)).OfType<RatedPlayer>()], heroes);
            }
            catch (Exception e) when (e is Refusal or InvalidDataException or IOException or UnauthorizedAccessException)
            {
                // A run that cannot be read has nobody to send; the League page says what is wrong with it.
            }
        }
        return null;
    }

    private IEnumerable<string> Names()
    {
        string? first = served.Run?.Name ?? options.Run;
        return first is null ? shelf.Names() : shelf.Names().Where(n => n != first).Prepend(first);
    }

    /// <summary>A rated member as players are named; null for the learner's latest, which moves, for chance, and for versions that are no longer there.</summary>
    private static RatedPlayer? Named(RatingAnswer rating, string run, RunFolder folder)
    {
        if (rating.Player.StartsWith(MemberId.ScriptedPrefix, StringComparison.Ordinal))
            return rating.Player == MemberId.ScriptedPrefix + RandomPlayer.Name ? null : new RatedPlayer(rating.Player, rating.Elo, rating.EloError);
        if (!rating.Player.StartsWith(PolicyPrefix, StringComparison.Ordinal) || !int.TryParse(rating.Player.AsSpan(PolicyPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int version))
            return null;
        return File.Exists(Path.Combine(folder.Policies, rating.Player + ".bundle"))
            ? new RatedPlayer(string.Create(CultureInfo.InvariantCulture, $"run:{run}@{version}"), rating.Elo, rating.EloError)
            : null;
    }
}
