using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SelfPlayArena.EndToEnd.Tests;

/// <summary>The arena as a person starts it: a process of its own, on a free port of loopback.</summary>
internal sealed class ArenaProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private ArenaProcess(Process process, int port)
    {
        _process = process;
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Url { get; }

    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <summary>A league that serves, once its first update is told. Busy machines take their time until then, which is not the pages' matter.</summary>
    public static Task<ArenaProcess> StartLeague(string runs, params string[] arguments) => Start(runs, FreePort(), "--serve-port", "/api/league/progress", ["league", .. arguments]);

    /// <summary>Starts a verb, which is told its port by an option, and waits until it answers.</summary>
    public static Task<ArenaProcess> Start(string runs, string portOption, params string[] arguments) => Start(runs, FreePort(), portOption, "/api/about", arguments);

    /// <summary>Starts a verb where one that has ended was.</summary>
    public Task<ArenaProcess> StartAgain(string runs, string portOption, params string[] arguments) => Start(runs, new Uri(Url).Port, portOption, "/api/about", arguments);

    /// <summary>Asks the process to end, as a machine does that is shut down.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static async Task<ArenaProcess> Start(string runs, int port, string portOption, string ready, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "arena.dll"), .. arguments, portOption, port.ToString(CultureInfo.InvariantCulture)])
            start.ArgumentList.Add(argument);
        start.Environment["ARENA_RUNS"] = runs;
        var arena = new ArenaProcess(Process.Start(start)!, port);
        try
        {
            await arena.Answers(ready);
            return arena;
        }
        catch
        {
            await arena.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the process has ended by itself, and returns its exit code.</summary>
    public async Task<int> Ended()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task Answers(string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(Url) };
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Patience)
        {
            Assert.False(_process.HasExited, $"the arena ended before it answered:\n{Said}");
            try
            {
                using HttpResponseMessage answer = await client.GetAsync(path);
                if (answer.IsSuccessStatusCode && await answer.Content.ReadAsStringAsync() is not "[]")
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }
            await Task.Delay(Pause);
        }
        Assert.Fail($"the arena did not answer at {Url} within {Patience}:\n{Said}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Note(string? line)
    {
        if (line is null)
            return;
        lock (_said)
            _said.AppendLine(line);
    }
}
