namespace SelfPlayArena.Cli;

/// <summary>One line on the terminal that is written over again and again, at most ten times a second. Thread-safe.</summary>
internal sealed class StatusLine(TextWriter terminal, bool silent) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Lock _gate = new();
    private long _shown = long.MinValue;
    private int _width;

    public void Show(string text)
    {
        if (silent)
            return;
        lock (_gate)
        {
            if (_shown != long.MinValue && TimeProvider.System.GetElapsedTime(_shown) < Pause)
                return;
            _shown = TimeProvider.System.GetTimestamp();
            terminal.Write("\r" + text.PadRight(_width));
            _width = text.Length;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            if (_width > 0)
                terminal.Write("\r" + new string(' ', _width) + "\r");
            _width = 0;
        }
    }

    public void Dispose() => Clear();
}
