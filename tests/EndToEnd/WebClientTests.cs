using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using SelfPlayArena.Testing;
using Xunit.Abstractions;

namespace SelfPlayArena.EndToEnd.Tests;

/// <summary>The web client's own checks, by the scripts of its package.json.</summary>
public sealed partial class WebClientTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [ToolFact("npm", "--version", Needs = "Node.js and npm")]
    public void Types_hold() => Succeeds("types");

    [ToolFact("npm", "--version", Needs = "Node.js and npm")]
    public void Sources_are_as_the_formatter_writes_them() => Succeeds("lint");

    [ToolFact("npm", "--version", Needs = "Node.js and npm")]
    public void Its_logic_does_what_its_unit_tests_say()
    {
        string said = Succeeds("unit");
        Match passed = Passed().Match(said), failed = Failed().Match(said);
        Assert.True(passed.Success && failed.Success, said);
        Assert.NotEqual("0", passed.Groups[1].Value);
        Assert.Equal("0", failed.Groups[1].Value);
    }

    [ToolFact("npm", "--version", Needs = "Node.js and npm")]
    public void The_lock_file_names_no_registry()
        => Assert.DoesNotContain("\"resolved\"", File.ReadAllText(Path.Combine(Folder(), "package-lock.json")), StringComparison.Ordinal);

    private string Succeeds(string script)
    {
        var start = new ProcessStartInfo("npm", ["run", "--silent", script]) { WorkingDirectory = Folder(), RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> told = process.StandardOutput.ReadToEndAsync(), complained = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(Patience);
        if (!ended)
            process.Kill(entireProcessTree: true);
        string said = told.Result + complained.Result;
        output.WriteLine(said);
        Assert.True(ended, $"npm run {script} did not end in {Patience}:\n{said}");
        Assert.True(process.ExitCode == 0, $"npm run {script} failed:\n{said}");
        return said;
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../src/Server/web"));

    [GeneratedRegex(@"^. pass (\d+)", RegexOptions.Multiline)]
    private static partial Regex Passed();

    [GeneratedRegex(@"^. fail (\d+)", RegexOptions.Multiline)]
    private static partial Regex Failed();
}
