using System.Diagnostics;
using SelfPlayArena.Testing;

namespace MessagePack.Tests;

/// <summary>
/// Values that this writer wrote go through other people's libraries and come back: they understood our bytes, and we theirs.
/// </summary>
public sealed class InteropTests
{
    private const int Values = 400;

    [ToolFact("/usr/bin/python3", "-c", "import msgpack", Needs = "Debian's python3-msgpack")]
    public void Python_reads_what_we_write_and_we_read_what_it_writes() => Check("/usr/bin/python3", "echo.py", exact: true);

    [ToolFact("npm", "--version", Needs = "Node.js with npm")]
    public void JavaScript_reads_what_we_write_and_we_read_what_it_writes()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "@msgpack")))
            Run("npm", ["ci", "--silent", "--no-audit", "--no-fund"], []);
        Check("node", "echo.mjs", exact: false);
    }

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "interop");

    private static void Check(string program, string script, bool exact)
    {
        byte[][] ours = [.. Enumerable.Range(0, Values).Select(Value.Random)];
        string[] lines = Run(program, [script], ours.Select(Convert.ToHexString));
        Assert.Equal(Values, lines.Length);
        for (int i = 0; i < Values; i++)
        {
            Assert.Equal(Value.Read(ours[i]), Value.Read(Convert.FromHexString(lines[i])));
            if (exact)
                Assert.Equal(Convert.ToHexString(ours[i]), lines[i], ignoreCase: true);
        }
    }

    private static string[] Run(string program, string[] arguments, IEnumerable<string> input)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        foreach (string line in input)
            process.StandardInput.WriteLine(line);
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(120_000), $"{program} did not end");
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors.Result}");
        return output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
