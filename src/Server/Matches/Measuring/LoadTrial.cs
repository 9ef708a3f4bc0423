using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Matches.Live;

namespace SelfPlayArena.Server.Matches.Measuring;

/// <summary>Puts a server of this process under the load of many clients over real sockets and measures what they and it notice.</summary>
/// <param name="trained">Hero-steps a second that were trained since a moment of <see cref="Stopwatch.GetTimestamp"/>; null where nothing trains.</param>
public sealed class LoadTrial(ArenaServer server, string mode, double seconds, Func<long, double>? trained = null)
{
    /// <summary>Seconds before each measurement that do not count: code is compiled, matches leave their base.</summary>
    private const double WarmUp = 10;

    private readonly LiveMatches _matches = server.Services.GetRequiredService<LiveMatches>();
    private readonly Durations _roundTrips = new();

    /// <summary>So many spectators of one match of bots.</summary>
    public async Task<LoadFigures> Spectators(int clients, string player, CancellationToken cancellation)
    {
        Entry entry = _matches.Open(new OpenRequest(mode, "quick", Seats: [.. Seats(mode).Select(s => new SeatRequest(s.Team, s.Slot, "bot", Difficulty: "machine", Player: player))]));
        return await Measure("spectators", player, 1, [.. Enumerable.Range(0, clients).Select(i => Client($"/ws/match/{entry.Id}?view=all", plays: false, i))], cancellation);
    }

    /// <summary>So many matches, each with one simulated person among bots.</summary>
    public async Task<LoadFigures> People(int matches, string player, CancellationToken cancellation)
    {
        var clients = new List<LoadClient>();
        for (int m = 0; m < matches; m++)
        {
            Entry entry = _matches.Open(new OpenRequest(mode, "quick", Seats:
            [
                .. Seats(mode).Select(s => s is (0, 0) ? new SeatRequest(0, 0, "person") : new SeatRequest(s.Team, s.Slot, "bot", Difficulty: "hard", Player: player)),
            ]));
            _matches.Get(entry.Id).Start(entry.Token);
            clients.Add(Client($"/ws/match/{entry.Id}?token={entry.Token}", plays: true, m));
        }
        return await Measure("people", player, matches, clients, cancellation);
    }

    private async Task<LoadFigures> Measure(string scene, string player, int matches, IReadOnlyList<LoadClient> clients, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] running = [.. clients.Select(c => c.Run(ended.Token))];
        await Task.Delay(TimeSpan.FromSeconds(WarmUp), cancellation);
        using Process process = Process.GetCurrentProcess();
        (TimeSpan cpu, long start, long[] before, long dropped) = (process.TotalProcessorTime, Stopwatch.GetTimestamp(), [.. clients.Select(c => c.Bytes)], _matches.Meter.TicksDropped);
        (TimeSpan collecting, int collections) = (GC.GetTotalPauseDuration(), GC.CollectionCount(0));
        _matches.Meter.Ticks.Clear();
        _matches.Meter.Bots.Clear();
        _roundTrips.Clear();
        await Task.Delay(TimeSpan.FromSeconds(seconds), cancellation);
        process.Refresh();
        double took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] rates = [.. clients.Select((c, i) => (c.Bytes - before[i]) / took / 1000)];
        Durations late = _matches.Meter.Ticks, bots = _matches.Meter.Bots;
        var figures = new LoadFigures(
            scene, mode, player, matches, clients.Count, took, late.Count, late.Quantile(0.5), late.Quantile(0.99), _matches.Meter.TicksDropped - dropped, bots.Quantile(0.5), bots.Quantile(0.99),
            rates.Average(), rates.Max(), _roundTrips.Quantile(0.5), _roundTrips.Quantile(0.99), (process.TotalProcessorTime - cpu).TotalSeconds / took, clients.Count(c => c.Lost))
        {
            Collecting = (GC.GetTotalPauseDuration() - collecting).TotalMilliseconds,
            Collections = GC.CollectionCount(0) - collections,
            TrainedPerSecond = trained?.Invoke(start) ?? 0,
        };
        await ended.CancelAsync();
        await Task.WhenAll(running);
        foreach (LiveMatch match in _matches.All)
            match.GiveUp();
        return figures;
    }

    private LoadClient Client(string path, bool plays, int seed) => new(new Uri($"ws://127.0.0.1:{server.Port}{path}"), plays, seed, _roundTrips);

    private static IEnumerable<(int Team, int Slot)> Seats(string mode)
    {
        int per = mode[0] - '0';
        return Enumerable.Range(0, 2 * per).Select(i => (i / per, i % per));
    }
}
