using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace SelfPlayArena.Cli;

/// <summary>A command's help followed by its examples.</summary>
internal sealed class ExampleHelp(HelpAction inner, Command command, IReadOnlyList<string> examples) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = inner.Invoke(parseResult);
        if (parseResult.CommandResult.Command == command && examples.Count > 0)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine(examples.Count == 1 ? "Example:" : "Examples:");
            foreach (string example in examples)
                output.WriteLine($"  {example}");
            output.WriteLine();
        }
        return code;
    }
}

/// <summary>Gives commands their examples.</summary>
internal static class Examples
{
    /// <summary>Shows these command lines at the end of the command's help.</summary>
    public static Command WithExample(this Command command, params string[] examples)
    {
        HelpOption? help = command.Options.OfType<HelpOption>().FirstOrDefault();
        if (help is null)
            command.Options.Add(help = new HelpOption());
        help.Action = new ExampleHelp((HelpAction)help.Action!, command, examples);
        return command;
    }
}
