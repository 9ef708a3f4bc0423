using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.Matches.Saving;

namespace SelfPlayArena.Server.Tests.Matches;

/// <summary>Matches without a clock: tests tick them themselves. A folder of its own, deleted at the end.</summary>
internal sealed class Table : IDisposable
{
    public Table(IPlayerSource? players = null, IRatedPools? rated = null)
    {
        Folder = Directory.CreateTempSubdirectory("matches-").FullName;
        var meter = new TickMeter(null);
        Matches = new LiveMatches(new PlayerSource(null, files: false), meter, Folder, null, null, null, Told.Add);
        Around = new MatchSurroundings
        {
            Players = players ?? new PlayerSource(null, files: false),
            Rated = rated,
            Pressure = Pressure,
            Meter = meter,
            Snapshots = new MatchSnapshots(Path.Combine(Folder, "live"), Told.Add),
            Archive = new MatchArchive(Path.Combine(Folder, "replays"), Told.Add),
            Tell = Told.Add,
            Matches = Matches,
            Secret = 7,
            LateTicks = 90,
        };
    }

    public string Folder { get; }

    public PlayPressure Pressure { get; } = new();

    /// <summary>What went wrong, as whoever runs the server is told it.</summary>
    public List<string> Told { get; } = [];

    public LiveMatches Matches { get; }

    public MatchSurroundings Around { get; }

    public (LiveMatch Match, Entry Entry) Open(string mode, params IReadOnlyList<SeatRequest> seats) => LiveMatch.Open(new OpenRequest(mode, "quick", Seats: seats), Around);

    /// <summary>A 1v1 of a person against a bot, started.</summary>
    public (LiveMatch Match, string Token) Duel(string difficulty = "easy")
    {
        (LiveMatch match, Entry entry) = Open("1v1", new SeatRequest(0, 0, "person", "ember"), new SeatRequest(1, 0, "bot", Difficulty: difficulty));
        match.Start(entry.Token);
        return (match, entry.Token);
    }

    /// <summary>Takes what waits for a watcher into its view.</summary>
    public static void Drain(Watcher watcher, View view)
    {
        while (watcher.Outbox.Reader.TryRead(out byte[]? frame))
            view.Take(frame);
    }

    public void Dispose()
    {
        // What is still to be written must not come into a folder that is being deleted.
        Matches.Dispose();
        Around.Snapshots.Dispose();
        Around.Archive.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
