using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Saving;
using SelfPlayArena.Server.People;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>All live matches of the server, and what they share.</summary>
internal sealed class LiveMatches : IHostedLifecycleService, IDisposable
{
    private const int Most = 256;

    private readonly ConcurrentDictionary<string, LiveMatch> _matches = new();
    private readonly MatchSurroundings _around;
    private readonly Lazy<MatchClock> _clock;
    private volatile bool _stopping;

    public LiveMatches(ServerOptions options, MetricSheet sheet, IPlayPressure? pressure, PeopleRatings? people, IRatedPools? rated, ServerFaults faults, PlayFolder folder)
        : this(
            new PlayerSource(options.Games, options.IsPrivate), new TickMeter(sheet), folder.Path, pressure, people, options.Games is null ? null : rated, what => faults.Tell("matches", what),
            folder.IsOwn)
    {
    }

    public LiveMatches(
        IPlayerSource players, TickMeter meter, string folder, IPlayPressure? pressure, PeopleRatings? people, IRatedPools? rated, Action<string> tell, bool keeps = true)
    {
        Meter = meter;
        meter.Count(() => _matches.Values.Select(m => m.Stage));
        _clock = new Lazy<MatchClock>(() => new MatchClock(Math.Clamp(Environment.ProcessorCount, 2, 4), Meter));
        _around = new MatchSurroundings
        {
            Players = players,
            Rated = rated,
            Meter = meter,
            Snapshots = new MatchSnapshots(Path.Combine(folder, "live"), tell, keeps),
            Archive = new MatchArchive(Path.Combine(folder, "replays"), tell),
            Tell = tell,
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

    public MatchClock Clock => _clock.Value;

    public IEnumerable<LiveMatch> All => _matches.Values;

    /// <exception cref="Refusal">There is none.</exception>
    public LiveMatch Get(string id)
        => _matches.TryGetValue(id, out LiveMatch? match) ? match : throw Refusal.NotFound($"There is no match '{(id.Length > 20 ? id[..20] : id)}'; it is over, or was never opened. The live ones stand at /api/matches.");

    /// <param name="most">That whoever asks may have, so that nobody keeps all others from opening any.</param>
    /// <exception cref="Refusal">What is asked for is not allowed, or there are too many matches.</exception>
    public Entry Open(OpenRequest request, int most = Most)
    {
        if (_stopping)
            throw Refusal.Conflict("The server ends.");
        if (request.From is { } client && _matches.Values.Count(m => m.From == client) >= most)
            throw Refusal.TooMany($"{most} matches that this client's address opened are live; allowed again when one of them ends (--max-matches).");
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

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends all ticking and keeps what is running, while there are still connections over which everybody can be told.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        EndTicking();
        foreach (LiveMatch match in _matches.Values)
            match.Suspend();
        return Task.CompletedTask;
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits until everything is on disk.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _around.Snapshots.Dispose();
        _around.Archive.Dispose();
        _around.People?.Flush();
        return Task.CompletedTask;
    }

    /// <summary>Ends ticking, and writes what is on its way to the disk.</summary>
    public void Dispose()
    {
        EndTicking();
        _around.Snapshots.Dispose();
        _around.Archive.Dispose();
    }

    private void EndTicking()
    {
        if (_clock.IsValueCreated)
            _clock.Value.Dispose();
    }

    private void Add(LiveMatch match)
    {
        _matches[match.Id] = match;
        Clock.Add(match);
    }
}
