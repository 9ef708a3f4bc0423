using Prometheus;
using SelfPlayArena.Rollout.Telemetry;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>How late ticks are and how long bots think: as metrics, and as exact enough quantiles for benches.</summary>
internal sealed class TickMeter
{
    private static readonly double[] Seconds = [0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1];
    private readonly Histogram? _late, _bots;
    private readonly Counter? _dropped, _malformed, _slow;
    private readonly Gauge? _matches, _clients;
    private readonly Counter? _bytes;
    private readonly MetricSheet? _sheet;
    private long _droppedTicks;

    public TickMeter(MetricSheet? sheet)
    {
        _sheet = sheet;
        if (sheet is null)
            return;
        sheet.Begin("Live matches");
        _late = sheet.Histogram("arena_match_tick_lateness_seconds", "From when a live match's tick was due to when its frames were on their way.", Seconds);
        _bots = sheet.Histogram("arena_match_bot_decision_seconds", "Time that all bots of a live match took to decide.", Seconds);
        _dropped = sheet.Counter("arena_match_ticks_dropped_total", "Ticks that live matches did not catch up with.");
        _malformed = sheet.Counter("arena_match_frames_malformed_total", "Frames from clients that were none.");
        _slow = sheet.Counter("arena_match_clients_slow_total", "Clients that were let go because they read too slowly.");
        _matches = sheet.Gauge("arena_matches", "Live matches by stage.", "stage");
        _clients = sheet.Gauge("arena_match_clients", "Clients connected to live matches and replays.");
        _clients.Set(0);
        _bytes = sheet.Counter("arena_match_sent_bytes_total", "Bytes of frames sent to clients of live matches and replays.");
    }

    /// <summary>Lateness of ticks.</summary>
    public Durations Ticks { get; } = new();

    /// <summary>Durations of bots' decisions.</summary>
    public Durations Bots { get; } = new();

    public void Late(TimeSpan by)
    {
        _late?.Observe(by.TotalSeconds);
        Ticks.Add(by);
    }

    public void Decided(TimeSpan within)
    {
        _bots?.Observe(within.TotalSeconds);
        Bots.Add(within);
    }

    public long TicksDropped => Interlocked.Read(ref _droppedTicks);

    public void Dropped(long ticks)
    {
        _dropped?.Inc(ticks);
        Interlocked.Add(ref _droppedTicks, ticks);
    }

    public void Malformed() => _malformed?.Inc();

    public void Slow() => _slow?.Inc();

    public void Sent(int bytes) => _bytes?.Inc(bytes);

    /// <summary>Counts matches by stage whenever the metrics are read.</summary>
    public void Count(Func<IEnumerable<Stage>> stages) => _sheet?.Registry.AddBeforeCollectCallback(() =>
    {
        ILookup<Stage, Stage> now = stages().ToLookup(s => s);
        foreach (Stage stage in Enum.GetValues<Stage>())
            _matches!.WithLabels(LiveMatch.NameOf(stage)).Set(now[stage].Count());
    });

    public void Clients(int change) => _clients?.Inc(change);
}
