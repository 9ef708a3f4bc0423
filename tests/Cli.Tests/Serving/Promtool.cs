using System.Diagnostics;

namespace SelfPlayArena.Cli.Tests.Serving;

/// <summary>Prometheus' own checker.</summary>
internal static class Promtool
{
    public const string Package = "Debian's prometheus package";

    /// <summary>Runs it and fails with its words if it finds anything wrong.</summary>
    public static void Accepts(string? input, params string[] arguments)
    {
        using Process promtool = Process.Start(new ProcessStartInfo("promtool", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = promtool.StandardError.ReadToEndAsync();
        promtool.StandardInput.Write(input);
        promtool.StandardInput.Close();
        string said = promtool.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
        promtool.WaitForExit();
        Assert.True(promtool.ExitCode == 0, said);
    }
}
