using System.Diagnostics;

namespace SelfPlayArena.Testing;

/// <summary>A fact that needs a program, which <c>./arena test</c> installs where it may; without it the test is skipped with a word why.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolFactAttribute : FactAttribute
{
    private readonly bool _there;

    public ToolFactAttribute(string program, params string[] probe)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, probe) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            _there = process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            _there = false;
        }
    }

    public string Needs
    {
        get;
        set
        {
            field = value;
            if (!_there)
                Skip = $"needs {value}";
        }
    } = "";
}
