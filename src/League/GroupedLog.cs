namespace SelfPlayArena.League;

/// <summary>
/// A log as a league writes to it: results wait for each other and go as one group with one wait for the disk; whatever else happens goes at once, after what
/// waits. What could not be written waits on. Not thread-safe: under its league's lock.
/// </summary>
/// <param name="size">Events that make a group.</param>
/// <param name="delay">Time after which a smaller one is due.</param>
internal sealed class GroupedLog(IEventLog log, int size, TimeSpan delay, TimeProvider time)
{
    private readonly List<LeagueEvent> _waiting = [];
    private long _since;

    /// <summary>Events that wait.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Lets an event wait for its group.</summary>
    public void Add(LeagueEvent e)
    {
        if (_waiting.Count == 0)
            _since = time.GetTimestamp();
        _waiting.Add(e);
    }

    /// <summary>Writes what waits if that is enough, or has waited long enough.</summary>
    /// <param name="position">Position after the last event that waits.</param>
    /// <exception cref="LeagueLogException">It could not be written, and waits on.</exception>
    public void WriteIfDue(long position)
    {
        if (_waiting.Count >= size || (_waiting.Count > 0 && time.GetElapsedTime(_since) >= delay))
            Write(position);
    }

    /// <summary>Writes what waits; it is durable on return.</summary>
    /// <inheritdoc cref="WriteIfDue"/>
    public void Write(long position)
    {
        if (_waiting.Count == 0)
            return;
        log.Append(position - _waiting.Count, _waiting);
        _waiting.Clear();
    }

    /// <summary>Writes what waits, then an event; all is durable on return.</summary>
    /// <inheritdoc cref="WriteIfDue"/>
    public void Append(long position, LeagueEvent e)
    {
        Write(position);
        log.Append(position, e);
    }
}
