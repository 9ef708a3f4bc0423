using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Saving;
using SelfPlayArena.Server.People;
using SelfPlayArena.Server.Replays;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>All live matches of the server, and what they share.</summary>
internal sealed class LiveMatches : IHostedService, IDisposable
{
    private const int Most = 256;

    private readonly ConcurrentDictionary<string, LiveMatch> _matches = new();
    private readonly MatchSurroundings _around;
    private MatchClock? _clock;

    public LiveMatches(ServerOptions options, MetricSheet sheet, IPlayPressure? pressure = null, PeopleRatings? people = null, IRatedPools? rated = null)
        : this(new PlayerSource(options.Games, options.IsLoopback), new TickMeter(sheet), Path.Combine(options.Runs, ReplayNames.Played), pressure, people, options.Games is null ? null : rated)
    {
    }

    public LiveMatches(IPlayerSource players, TickMeter meter, string folder, IPlayPressure? pressure, PeopleRatings? people = null, IRatedPools? rated = null)
    {
        Meter = meter;
        meter.Count(() => _matches.Values.Select(m => m.Stage));
        _around = new MatchSurroundings
        {
            Players = players,
            Rated = rated,
            Meter = meter,
            Snapshots = new MatchSnapshots(Path.Combine(folder, "live")),
            Archive = new MatchArchive(Path.Combine(folder, "replays")),
            Matches = this,
            Pressure = pressure,
            People = people,
            Secret = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
        };
    }

    public TickMeter Meter { get; }

    /// <summary>Where the players of bots are found.</summary>
    public IPlayerSource Players => _around.Players;

    /// <summary>The league from which bots of a mode and rule set come; null where they are scripted.</summary>
    public RatedPool? PoolOf(string mode, string rules) => _around.Rated?.Of(mode, rules);

    public MatchClock Clock => _clock ??= new MatchClock(Math.Clamp(Environment.ProcessorCount, 2, 4), Meter);

    public IEnumerable<LiveMatch> All => _matches.Values;

    /// <exception cref="Refusal">There is none.</exception>
    public LiveMatch Get(string id)
        => _matches.TryGetValue(id, out LiveMatch? match) ? match : throw Refusal.NotFound($"There is no match '{(id.Length > 20 ? id[..20] : id)}'; it is over, or was never opened. The live ones stand at /api/matches.");

    /// <exception cref="Refusal">What is asked for is not allowed, or there are too many matches.</exception>
    public Entry Open(OpenRequest request)
    {
        if (_matches.Count >= Most)
            throw Refusal.Conflict($"{Most} matches are live, more are not possible; allowed again when one ends.");
        (LiveMatch match, Entry entry) = LiveMatch.Open(request, _around);
        Add(match);
        return entry;
    }

    public void Remove(LiveMatch match) => _matches.TryRemove(match.Id, out _);

    /// <summary>Goes on with the lobbies, drafts and matches that had not ended when the last process did.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (SavedMatch saved in _around.Snapshots.Read())
        {
            try
            {
                Add(LiveMatch.Restore(saved, _around));
            }
            catch (Exception e)
            {
                // Whatever one file holds, the server starts and the other matches go on.
                _around.Snapshots.Refuse(saved.Id, e.Message);
            }
        }
        return Task.CompletedTask;
    }

    /// <summary>Ends all ticking and keeps what is running.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _clock?.Dispose();
        foreach (LiveMatch match in _matches.Values)
            match.Suspend();
        _around.Snapshots.Dispose();
        _around.Archive.Dispose();
        _around.People?.Flush();
        return Task.CompletedTask;
    }

    public void Dispose() => _clock?.Dispose();

    private void Add(LiveMatch match)
    {
        _matches[match.Id] = match;
        Clock.Add(match);
    }
}
