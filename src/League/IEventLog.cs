namespace SelfPlayArena.League;

/// <summary>The league's only truth: events in order, each at a position 0, 1, 2, … Thread-safe.</summary>
public interface IEventLog : IDisposable
{
    /// <summary>Position that the next event will get.</summary>
    long NextPosition { get; }

    /// <summary>Appends one event; it is durable on return.</summary>
    /// <exception cref="LogConflictException">Somebody else appended: the log is not at <paramref name="expectedPosition"/>.</exception>
    /// <exception cref="LeagueLogException">It could not be written; the log is as it was before.</exception>
    void Append(long expectedPosition, LeagueEvent e) => Append(expectedPosition, [e]);

    /// <summary>Appends events as one group with one wait for the disk; all are durable on return, none is kept on an exception.</summary>
    /// <inheritdoc cref="Append(long, LeagueEvent)" path="/exception"/>
    void Append(long expectedPosition, IReadOnlyList<LeagueEvent> events);

    /// <summary>Events from a position on, in order, up to those that were there when reading began.</summary>
    IEnumerable<LeagueEvent> ReadFrom(long position);
}

/// <summary>A log cannot be used; the message says which file, what is wrong and what can be done.</summary>
public class LeagueLogException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the same may go well later without anybody's doing. It hangs on the type alone, which is what gets from one process to another.</summary>
    public virtual bool MayPass => false;
}

/// <summary>An event was to be appended at a position where the log is not.</summary>
public sealed class LogConflictException : LeagueLogException
{
    public LogConflictException(long expected, long actual)
        : base($"the league's log is at position {actual}, not at {expected}: somebody else has written to it")
    {
    }

    /// <summary>Somebody else has taken hold of the log, in words.</summary>
    public LogConflictException(string message)
        : base(message)
    {
    }
}

/// <summary>A line in the middle of a log is damaged.</summary>
public sealed class LogCorruptException(string file, long line, string what, Exception? inner = null)
    : LeagueLogException($"{file}, line {line}: {what}. Nothing was changed; restore the file from a copy, or keep only the lines before this one in it", inner)
{
    public string File { get; } = file;

    /// <summary>Counted from 1.</summary>
    public long Line { get; } = line;
}

/// <summary>Another live process works in the directory.</summary>
public sealed class RunInUseException(string directory, int? processId)
    : LeagueLogException($"{directory} is in use by {(processId is int p ? $"process {p}" : "another process")}: stop it first, or choose another name")
{
    public int? ProcessId { get; } = processId;
}

/// <summary>A log that lives as long as the process: for benchmarks, tests and lockstep runs that keep nothing.</summary>
public sealed class MemoryEventLog : IEventLog
{
    private readonly Lock _gate = new();
    private readonly List<LeagueEvent> _events = [];

    public long NextPosition
    {
        get
        {
            lock (_gate)
                return _events.Count;
        }
    }

    public void Append(long expectedPosition, IReadOnlyList<LeagueEvent> events)
    {
        lock (_gate)
        {
            if (expectedPosition != _events.Count)
                throw new LogConflictException(expectedPosition, _events.Count);
            _events.AddRange(events);
        }
    }

    public IEnumerable<LeagueEvent> ReadFrom(long position)
    {
        lock (_gate)
            return [.. _events.Skip(checked((int)position))];
    }

    public void Dispose()
    {
    }
}
