namespace SelfPlayArena.Rollout;

/// <summary>The hosts that play for a run in this process, those that have left included. Thread-safe.</summary>
internal sealed class HostRoster
{
    private readonly Lock _gate = new();
    private readonly List<MatchHost> _hosts = [];
    private readonly Dictionary<MatchEnding, long> _endings = [];
    private HostTimes _goneTimes = HostTimes.Zero;
    private HostCounters _gone = new(0, 0, 0, TimeSpan.Zero);

    /// <summary>Hosts that are here now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _hosts.Count;
        }
    }

    /// <summary>Matches that are being played now.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
                return _hosts.Sum(h => h.Running);
        }
    }

    /// <summary>What all of them did so far.</summary>
    public HostCounters Played
    {
        get
        {
            lock (_gate)
                return _hosts.Aggregate(_gone, static (sum, host) => sum + host.Counters);
        }
    }

    /// <summary>Where the time of all of them went so far.</summary>
    public HostTimes Times
    {
        get
        {
            lock (_gate)
                return _hosts.Aggregate(_goneTimes, static (sum, host) => sum + host.Times);
        }
    }

    public void Add(MatchHost host)
    {
        lock (_gate)
            _hosts.Add(host);
    }

    public void Remove(MatchHost host)
    {
        lock (_gate)
        {
            if (!_hosts.Remove(host))
                return;
            _gone += host.Counters;
            _goneTimes += host.Times;
            host.Endings.AddTo(_endings);
        }
    }

    /// <summary>Adds how often matches ended in which way.</summary>
    public void AddEndings(Dictionary<MatchEnding, long> to)
    {
        lock (_gate)
        {
            foreach ((MatchEnding ending, long count) in _endings)
                to[ending] = to.GetValueOrDefault(ending) + count;
            foreach (MatchHost host in _hosts)
                host.Endings.AddTo(to);
        }
    }
}
