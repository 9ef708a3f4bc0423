namespace SelfPlayArena.Streaming;

/// <summary>How much a learner takes of those who connect to it.</summary>
public sealed record StreamLimits
{
    /// <summary>Workers that play at a time.</summary>
    public int Workers { get; init; } = 256;

    /// <summary>Connections that have not proved yet who they are.</summary>
    public int Strangers { get; init; } = 64;

    /// <summary>New connections a second; twice as many may come at once.</summary>
    public double ConnectionsPerSecond { get; init; } = 200;

    /// <summary>Time in which a connection must have proved who it is.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time without a byte after which a connection counts as broken.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time after which a worker that went away is forgotten: if it comes back, it is a new one.</summary>
    public TimeSpan Memory { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Workers that went away and are remembered; beyond that, who went first is forgotten first.</summary>
    public int Remembered { get; init; } = 1024;

    /// <summary>Frames other than chunks and results a second and worker; ten times as many may come at once. A policy counts as 20.</summary>
    public double RequestsPerSecond { get; init; } = 1000;

    /// <summary>Bytes of chunks that a worker may have sent without their being taken; at least two chunks, at most what the run says.</summary>
    public int WindowBytes { get; init; } = 32 << 20;
}

/// <summary>So many a second, and a burst. Not thread-safe.</summary>
internal sealed class RateLimit(double perSecond, double burst, TimeProvider time)
{
    private readonly double _burst = burst;
    private double _left = burst;
    private readonly TimeProvider _time = time;
    private long _at = time.GetTimestamp();

    public bool Take(double cost)
    {
        long now = _time.GetTimestamp();
        _left = Math.Min(_burst, _left + _time.GetElapsedTime(_at, now).TotalSeconds * perSecond);
        _at = now;
        if (_left < cost)
            return false;
        _left -= cost;
        return true;
    }
}
