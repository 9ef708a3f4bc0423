using Microsoft.Win32.SafeHandles;

namespace SelfPlayArena.League;

/// <summary>What was cut off the end of a log because its last write had been interrupted. Nothing in it was ever acknowledged.</summary>
/// <param name="SideFile">Where the bytes are kept.</param>
public sealed record TornTail(string SideFile, long Bytes, long Line);

/// <summary>
/// The log of one machine: a file of lines (see <see cref="EventLine"/>), one event each. A group is written with one write and one fsync.
/// A write that was cut short (kill, power) leaves an unfinished last line, which opening moves to a side file; any other damage is an error.
/// </summary>
public sealed class FileEventLog : IEventLog
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly ILogFile _file;
    private readonly RunLock? _lock;
    private readonly MemoryStream _buffer = new();
    private long _goodLength;
    private long _next;
    private string? _broken;

    private FileEventLog(string path, ILogFile file, RunLock? held)
    {
        (_path, _file, _lock) = (path, file, held);
        using Stream stream = OpenShared(path);
        var lines = new LineReader(stream);
        while (lines.Next())
            _ = Decode(path, lines.Line, _next++);
        _goodLength = lines.ConsumedBytes;
        if (lines.Tail.Length > 0)
        {
            TornTail = new TornTail(Keep(path, _next, lines.Tail), lines.Tail.Length, _next + 1);
            _file.SetLength(_goodLength);
            _file.Flush();
        }
    }

    /// <summary>What opening had to cut off, or null; to be reported to the user.</summary>
    public TornTail? TornTail { get; }

    public long NextPosition
    {
        get
        {
            lock (_gate)
                return _next;
        }
    }

    /// <summary>Opens or creates a log for writing, and holds its directory (<see cref="RunLock"/>) until disposed.</summary>
    /// <exception cref="RunInUseException">A live process holds the directory.</exception>
    /// <exception cref="LogCorruptException">A finished line is damaged or from a newer program.</exception>
    public static FileEventLog Open(string path)
    {
        path = Path.GetFullPath(path);
        RunLock held = RunLock.Acquire(Path.GetDirectoryName(path)!);
        ILogFile? file = null;
        try
        {
            file = new DiskLogFile(path);
            return new FileEventLog(path, file, held);
        }
        catch
        {
            file?.Dispose();
            held.Dispose();
            throw;
        }
    }

    internal static FileEventLog Open(string path, ILogFile file) => new(path, file, held: null);

    /// <summary>Reads a log without holding it, also while another process writes to it; an unfinished last line is left out.</summary>
    /// <exception cref="LogCorruptException">A finished line is damaged or from a newer program.</exception>
    public static IEnumerable<LeagueEvent> Read(string path) => Read(path, 0, long.MaxValue);

    public void Append(long expectedPosition, IReadOnlyList<LeagueEvent> events)
    {
        lock (_gate)
        {
            if (_broken is not null)
                throw new LeagueLogException(_broken);
            if (expectedPosition != _next)
                throw new LogConflictException(expectedPosition, _next);
            if (events.Count == 0)
                return;
            _buffer.SetLength(0);
            for (int i = 0; i < events.Count; i++)
                EventLine.Write(_buffer, _next + i, events[i]);
            try
            {
                _file.Write(_goodLength, _buffer.GetBuffer().AsSpan(0, (int)_buffer.Length));
                _file.Flush();
            }
            catch (IOException e)
            {
                TakeBack();
                throw new LeagueLogException($"{_path} cannot be written ({e.Message}). Everything up to position {_next} is safe; free some space and go on", e);
            }
            _goodLength += _buffer.Length;
            _next += events.Count;
        }
    }

    public IEnumerable<LeagueEvent> ReadFrom(long position) => Read(_path, position, NextPosition);

    public void Dispose()
    {
        lock (_gate)
        {
            _broken ??= $"{_path} was closed";
            _file.Dispose();
            _lock?.Dispose();
        }
    }

    /// <summary>A half-written group must not stay: a later append would follow it and bury it in the middle.</summary>
    private void TakeBack()
    {
        try
        {
            _file.SetLength(_goodLength);
            _file.Flush();
        }
        catch (IOException e)
        {
            _broken = $"{_path} could not be cut back to its last good length {_goodLength} ({e.Message}); it is closed for writing until opened again";
        }
    }

    private static IEnumerable<LeagueEvent> Read(string path, long from, long end)
    {
        using Stream stream = OpenShared(path);
        var lines = new LineReader(stream);
        for (long position = 0; position < end && lines.Next(); position++)
        {
            if (position >= from)
                yield return Decode(path, lines.Line, position);
        }
    }

    internal static FileStream OpenShared(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);

    internal static LeagueEvent Decode(string path, ReadOnlySpan<byte> line, long position)
    {
        try
        {
            return EventLine.Read(line, position);
        }
        catch (FormatException e)
        {
            throw new LogCorruptException(path, position + 1, $"this event cannot be read, {e.Message}", e);
        }
    }

    private static string Keep(string path, long position, ReadOnlySpan<byte> tail)
    {
        for (int i = 0; ; i++)
        {
            string side = $"{path}.torn-{position}{(i == 0 ? "" : $"-{i}")}";
            if (File.Exists(side))
                continue;
            using var stream = new FileStream(side, FileMode.CreateNew, FileAccess.Write);
            stream.Write(tail);
            stream.Flush(flushToDisk: true);
            return side;
        }
    }
}

/// <summary>The few operations a log needs from a file, so that a failing disk can be tried out.</summary>
internal interface ILogFile : IDisposable
{
    void Write(long offset, ReadOnlySpan<byte> bytes);

    void SetLength(long length);

    /// <summary>Returns when everything is on the disk.</summary>
    void Flush();
}

internal sealed class DiskLogFile(string path) : ILogFile
{
    private readonly SafeFileHandle _handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);

    public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(_handle, bytes, offset);

    public void SetLength(long length) => RandomAccess.SetLength(_handle, length);

    public void Flush() => RandomAccess.FlushToDisk(_handle);

    public void Dispose() => _handle.Dispose();
}

/// <summary>Cuts a stream into lines. What follows the last line feed is the tail, not a line.</summary>
internal sealed class LineReader(Stream stream)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private int _lineStart;
    private int _lineLength;

    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_lineStart, _lineLength);

    /// <summary>Bytes in complete lines so far, line feeds included.</summary>
    public long ConsumedBytes { get; private set; }

    /// <summary>After <see cref="Next"/> was false: the bytes after the last line feed.</summary>
    public ReadOnlySpan<byte> Tail => _buffer.AsSpan(_start, _end - _start);

    public bool Next()
    {
        int searched = 0;
        while (true)
        {
            int feed = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                (_lineStart, _lineLength) = (_start, searched + feed);
                _start += _lineLength + 1;
                ConsumedBytes += _lineLength + 1;
                return true;
            }
            searched = _end - _start;
            if (_start > 0)
            {
                _buffer.AsSpan(_start, searched).CopyTo(_buffer);
                (_start, _end) = (0, searched);
            }
            else if (_end == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
            int read = stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
                return false;
            _end += read;
        }
    }
}
