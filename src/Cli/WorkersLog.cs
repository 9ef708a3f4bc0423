using System.Globalization;

namespace SelfPlayArena.Cli;

/// <summary>What happens at a learner's door, a line each, with the time. Thread-safe. Beyond a size it writes no more, whoever knocks.</summary>
internal sealed class WorkersLog(string path, TextWriter? also) : IDisposable
{
    private const long MostBytes = 64L << 20;
    private readonly Lock _gate = new();
    private readonly StreamWriter _file = new(path, append: true) { AutoFlush = true };
    private bool _closed;

    public void Write(string line)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            also?.WriteLine(line);
            if (_file.BaseStream.Position < MostBytes)
                _file.WriteLine($"{DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)} {line}");
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _file.Dispose();
        }
    }
}
