using System.Diagnostics;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Testing;

namespace SelfPlayArena.Server.Tests.Research;

/// <summary>The Python package in tools/python against a server: its own tests, and its examples as a person starts them.</summary>
public sealed class PythonTests
{
    private const string Python = "/usr/bin/python3";
    private const string Needs = "Debian's python3-numpy and python3-msgpack";
    private static readonly ServerOptions s_options = TestServer.Options with { Games = new TestGames() };

    [ToolFact(Python, "-c", "import numpy, msgpack", Needs = Needs)]
    public async Task ThePackagesOwnTestsPass()
    {
        await using TestServer server = await TestServer.Start(s_options);
        string said = await Run(server, "-W", "error::ResourceWarning", "-m", "unittest", "discover", "-s", "tests");
        Assert.Contains("OK", said, StringComparison.Ordinal);
        Assert.Matches("Ran [3-9][0-9] tests", said);
    }

    [ToolFact(Python, "-c", "import numpy, msgpack", Needs = Needs)]
    public async Task TheExampleMeasuresDecisionsASecond()
    {
        await using TestServer server = await TestServer.Start(s_options);
        string said = await Run(server, "examples/speed.py", "--url", server.Server.Url, "--environment", "matching", "--seats", "client", "random", "--matches", "1", "3", "--seconds", "0.2");
        Assert.Matches(@"(?m)^\s+1 +[0-9]", said);
        Assert.Matches(@"(?m)^\s+3 +[0-9]", said);
    }

    [ToolFact(Python, "-c", "import numpy, msgpack", Needs = Needs)]
    public async Task TheExamplePlaysAMatchToItsEndWithoutAnIllegalAction()
    {
        await using TestServer server = await TestServer.Start(s_options);
        string said = await Run(server, "examples/play_against_member.py", "--url", server.Server.Url, "--opponent", "scripted:easy@1", "--side", "away");
        Assert.Matches("rules \\(away\\) (won against|lost to|drew with) scripted:easy@1 after [0-9]:[0-9]{2} .* 0 illegal actions", said);
    }

    private static async Task<string> Run(TestServer server, params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments) { WorkingDirectory = Path.Combine(AppContext.BaseDirectory, "python"), RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ARENA_URL"] = server.Server.Url;
        start.Environment["PYTHONPATH"] = start.WorkingDirectory;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using Process process = Process.Start(start)!;
        try
        {
            using var patience = new CancellationTokenSource(TestServer.Patience);
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token), errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            string said = await output + await errors;
            Assert.True(process.ExitCode == 0, said);
            return said;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
