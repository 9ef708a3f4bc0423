namespace SelfPlayArena.Streaming.Faults;

/// <summary>Ways to trouble a learner's port.</summary>
public enum Intrusion
{
    /// <summary>Random bytes.</summary>
    Noise,

    /// <summary>A greeting with a prefix that lies.</summary>
    DamagedPrefix,

    /// <summary>A greeting in sound frames, one of whose values is wrong.</summary>
    DamagedGreeting,

    /// <summary>A frame that comes before its turn.</summary>
    OutOfTurn,

    /// <summary>A connection that ends in the middle of a frame.</summary>
    CutShort,

    /// <summary>A worker that does not know the secret.</summary>
    WrongSecret,

    /// <summary>A worker that knows the secret and says that it has other content.</summary>
    OtherContent,

    /// <summary>The real worker's side, built with older content.</summary>
    OldWorker,

    /// <summary>A worker that knows the secret and sends whatever it likes.</summary>
    Insider,

    /// <summary>Hundreds of connections at once.</summary>
    Flood,
}

/// <summary>What was thrown at a learner's port, and what came of it. Thread-safe.</summary>
public sealed class IntrusionCounters
{
    private readonly Lock _gate = new();
    private readonly long[] _visits = new long[Enum.GetValues<Intrusion>().Length], _frames = new long[Enum.GetValues<Intrusion>().Length];
    private readonly long[,] _refused = new long[Enum.GetValues<Intrusion>().Length, Enum.GetValues<Refusal>().Max(r => (int)r) + 1];
    private readonly List<string> _breaches = [];

    /// <summary>Frames that the learner must have read: those of connections that it answered afterwards, refused, or closed.</summary>
    public long Frames
    {
        get
        {
            lock (_gate)
                return _frames.Sum();
        }
    }

    /// <summary>What should not have been possible.</summary>
    public IReadOnlyList<string> Breaches
    {
        get
        {
            lock (_gate)
                return [.. _breaches];
        }
    }

    /// <summary>Connections of a kind.</summary>
    public long Visits(Intrusion way)
    {
        lock (_gate)
            return _visits[(int)way];
    }

    /// <summary>Frames of a kind that the learner must have read.</summary>
    public long FramesOf(Intrusion way)
    {
        lock (_gate)
            return _frames[(int)way];
    }

    /// <summary>Connections whose refusal came back in so many words.</summary>
    public long Refused(Intrusion way, Refusal refusal)
    {
        lock (_gate)
            return _refused[(int)way, (int)refusal];
    }

    /// <summary>The same over all kinds.</summary>
    public long Refused(Refusal refusal)
    {
        lock (_gate)
            return Enumerable.Range(0, _visits.Length).Sum(w => _refused[w, (int)refusal]);
    }

    internal void Visited(Intrusion way)
    {
        lock (_gate)
            _visits[(int)way]++;
    }

    internal void Read(Intrusion way, int frames)
    {
        lock (_gate)
            _frames[(int)way] += frames;
    }

    internal void RefusedAs(Intrusion way, Refusal refusal)
    {
        lock (_gate)
            _refused[(int)way, (int)refusal]++;
    }

    internal void Breached(string what)
    {
        lock (_gate)
        {
            if (_breaches.Count < 20)
                _breaches.Add(what);
        }
    }
}
