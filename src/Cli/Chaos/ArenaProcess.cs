using System.Diagnostics;
using System.Globalization;

namespace SelfPlayArena.Cli.Chaos;

/// <summary>This program once more, as a process of its own that can be killed.</summary>
internal sealed class ArenaProcess : IDisposable
{
    private const int KeptLines = 8;
    private readonly Process _process;
    private readonly Queue<string> _said = new();
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <param name="environment">Variables that it gets besides this process's own.</param>
    public ArenaProcess(IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> arguments)
    {
        string self = Environment.ProcessPath ?? "dotnet", assembly = typeof(ArenaProcess).Assembly.Location;
        // Started as 'dotnet arena.dll', or from a test: then the host is not the program.
        bool own = Path.GetFileNameWithoutExtension(self) == Path.GetFileNameWithoutExtension(assembly);
        var start = new ProcessStartInfo(own ? self : "dotnet", own ? arguments : [assembly, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool Alive => !_process.HasExited;

    public int ExitCode => _process.ExitCode;

    public double Age => Stopwatch.GetElapsedTime(_start).TotalSeconds;

    /// <summary>The last lines it wrote.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return string.Join(" | ", _said);
        }
    }

    /// <summary>Seconds of processor time that it has had; 0 if it has just ended.</summary>
    public double Worked
    {
        get
        {
            try
            {
                return _process.HasExited ? 0 : _process.TotalProcessorTime.TotalSeconds;
            }
            catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                return 0;
            }
        }
    }

    /// <summary>Physical memory in bytes; 0 if it has just ended.</summary>
    public long WorkingSet
    {
        get
        {
            try
            {
                _process.Refresh();
                return _process.HasExited ? 0 : _process.WorkingSet64;
            }
            catch (InvalidOperationException)
            {
                return 0;
            }
        }
    }

    /// <summary>Ends it without a warning, as a power cut would.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks it to save and leave. False if it did not in time.</summary>
    public bool Leave(TimeSpan patience)
    {
        // Not an interrupt: a shell's background jobs, and what they start, may be deaf to it.
        using (var interrupt = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            interrupt.WaitForExit();
        return _process.WaitForExit(patience);
    }

    public bool Ended(TimeSpan patience) => _process.WaitForExit(patience);

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrEmpty(line))
            return;
        lock (_said)
        {
            _said.Enqueue(line.Length > 300 ? line[..300] : line);
            if (_said.Count > KeptLines)
                _said.Dequeue();
        }
    }
}
