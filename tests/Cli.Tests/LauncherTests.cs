using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SelfPlayArena.Cli.Tests;

public sealed class LauncherTests
{
    [Theory]
    [InlineData("arena")]
    [InlineData(".ci/run")]
    public void ScriptsAreValidBash(string script) => Assert.Equal((0, "", ""), Bash("-n", Path.Combine(Root(), script)));

    [Fact]
    public void AnUnknownPackagesModeIsRefused()
    {
        (int code, _, string error) = Bash("-c", $"ARENA_PACKAGES=maybe '{Path.Combine(Root(), "arena")}' runs");
        Assert.Equal(2, code);
        Assert.Contains("allowed: compat", error, StringComparison.Ordinal);
    }

    [Fact]
    public void AMachineWithoutTheSdkIsToldWhatToInstall()
    {
        (int code, _, string error) = Bash("-c", $"mkdir -p \"$T\"; for c in bash env readlink dirname; do ln -sf \"$(command -v $c)\" \"$T/$c\"; done; PATH=\"$T\" HOME=/nowhere DOTNET_ROOT= '{Path.Combine(Root(), "arena")}' runs");
        Assert.Equal(2, code);
        Assert.Contains(".NET SDK 10", error, StringComparison.Ordinal);
    }

    [Fact]
    public void TheTestVerbNamesItsOptions()
    {
        (int code, _, string error) = Bash("-c", $"'{Path.Combine(Root(), "arena")}' test --fliter X");
        Assert.Equal(2, code);
        Assert.Contains("--filter EXPRESSION", error, StringComparison.Ordinal);
    }

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));

    private static (int Code, string Output, string Error) Bash(params string[] arguments)
    {
        string temporary = Directory.CreateTempSubdirectory("arena-launcher-").FullName;
        try
        {
            var start = new ProcessStartInfo("bash", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["T"] = temporary;
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }
}
