using Prometheus;
using SelfPlayArena.Rollout.Telemetry;

namespace SelfPlayArena.Server.Hosting;

/// <summary>
/// What went wrong of which no answer to a client tells: a match that failed, a file that cannot be read or written, a defect. Counted, and told to whoever
/// runs the server. Thread-safe.
/// </summary>
internal sealed class ServerFaults
{
    /// <summary>A disk that is full fails every few seconds with the same words: they are told again no sooner than this.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Action<string>? _tell;
    private readonly TimeProvider _time;
    private readonly Counter _faults;
    private readonly Dictionary<string, (string What, DateTimeOffset At)> _last = [];

    public ServerFaults(ServerOptions options, MetricSheet sheet, TimeProvider time)
    {
        _tell = options.Tell;
        _time = time;
        sheet.Begin("Server");
        _faults = sheet.Counter("arena_server_faults_total", "What went wrong of which no answer to a client tells. part: matches, ratings, requests.", "part");
        foreach (string part in (string[])["matches", "ratings", "requests"])
            _faults.WithLabels(part).Inc(0);
    }

    /// <summary>Tells and counts a fault.</summary>
    /// <param name="part">matches, ratings or requests.</param>
    /// <param name="what">A sentence, with the file where there is one.</param>
    public void Tell(string part, string what)
    {
        _faults.WithLabels(part).Inc();
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            if (_last.TryGetValue(part, out (string What, DateTimeOffset At) last) && last.What == what && now - last.At < Again)
                return;
            _last[part] = (what, now);
            _tell?.Invoke(what);
        }
    }
}
