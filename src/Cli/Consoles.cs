using Spectre.Console;

namespace SelfPlayArena.Cli;

/// <summary>Consoles that draw on what a command was told to write to.</summary>
internal static class Consoles
{
    private const int RedirectedWidth = 132;

    /// <summary>The terminal, or plain text of a fixed width for anything else.</summary>
    public static IAnsiConsole For(TextWriter output)
    {
        if (ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected)
            return AnsiConsole.Console;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = RedirectedWidth;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
