namespace SelfPlayArena.League;

/// <summary>Reads a log that another process, or another part of this one, goes on writing: each time only what is new. Not thread-safe.</summary>
public sealed class LogFollower(string path)
{
    private long _offset;

    /// <summary>Position of the event that comes next.</summary>
    public long Position { get; private set; }

    /// <summary>Whether the file is not the one that was being read: it was deleted, or is shorter than what was read of it.</summary>
    public bool IsLost => new FileInfo(path) is var file && (!file.Exists || file.Length < _offset);

    /// <summary>The events that were written since the last call; an unfinished last line is left for the next.</summary>
    /// <exception cref="LogCorruptException">A finished line is damaged or from a newer program.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyList<LeagueEvent> Next()
    {
        using FileStream stream = FileEventLog.OpenShared(path);
        stream.Seek(_offset, SeekOrigin.Begin);
        var lines = new LineReader(stream);
        var events = new List<LeagueEvent>();
        long before = _offset;
        while (lines.Next())
        {
            events.Add(FileEventLog.Decode(path, lines.Line, Position));
            Position++;
            _offset = before + lines.ConsumedBytes;
        }
        return events;
    }
}
