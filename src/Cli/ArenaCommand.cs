using System.CommandLine;
using System.CommandLine.Parsing;
using SelfPlayArena.Cli.Verbs;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli;

/// <summary>The command <c>arena</c>: its verbs, and how errors become a screen of text and an exit code.</summary>
internal static class ArenaCommand
{
    private const int Failure = 1;

    public static RootCommand Create()
    {
        var root = new RootCommand($"SelfPlayArena: policies learn a MOBA by playing against themselves. Packages: {BuildInfo.PackagesSentence}");
        var bench = new Command("bench", "Measure speed, and check that the simulation has not changed.")
        {
            BenchSimVerb.Create(),
            BenchInferVerb.Create(),
            BenchTrainVerb.Create(),
            BenchStreamVerb.Create(),
            BenchServeVerb.Create(),
            BenchGrainsVerb.Create(),
            BenchSignatureVerb.Create(),
        };
        var env = new Command("env", "Look at environments.")
        {
            EnvSpecVerb.Create(),
        };
        root.Add(LeagueVerb.Create());
        root.Add(ServeVerb.Create());
        root.Add(WorkerVerb.Create());
        root.Add(SiloVerb.Create());
        root.Add(ClusterVerb.Create());
        root.Add(ChaosVerb.Create());
        root.Add(EvalVerb.Create());
        root.Add(CloneVerb.Create());
        root.Add(DistillVerb.Create());
        root.Add(BalanceVerb.Create());
        root.Add(bench);
        root.Add(env);
        root.Add(RunsVerb.Create());
        root.Add(ReportVerb.Create());
        root.Add(ReplayVerb.Create());
        bench.WithExample("arena bench sim --mode 5v5 --matches 1,64,256");
        env.WithExample("arena env spec --mode 1v1");
        root.WithExample("arena league --preset quick-1v1 --minutes 10", "arena eval --a run:quick-1v1@latest --b random --mode 1v1 --matches 200", "arena test");
        return root;
    }

    /// <summary>Runs one command line. 0 done, 2 asked for something impossible, 1 any other failure.</summary>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        ParseResult parsed = Create().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not ExampleHelp)
            return Refuse(parsed, error);
        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                // The verbs handle Ctrl-C themselves: the first one saves.
                ProcessTerminationTimeout = null,
            });
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("arena: interrupted");
            return 130;
        }
        catch (Exception e) when (UserMessage(e) is { } message)
        {
            error.WriteLine($"arena: {message}");
            return UserError.ExitCode;
        }
        catch (Exception e)
        {
            error.WriteLine($"arena: {Innermost(e).Message}");
            if (CrashLog.Write(arguments, e) is { } log)
                error.WriteLine($"The details are in {log}");
            return Failure;
        }
    }

    /// <summary>What to tell a person about an error that is theirs or their machine's; null for defects of the program.</summary>
    private static string? UserMessage(Exception e) => e switch
    {
        UserError or UnknownRunException => e.Message,
        LeagueLogException or BundleException or ReplayException => e.Message,
        InvalidDataException or FileNotFoundException or DirectoryNotFoundException => e.Message,
        UnauthorizedAccessException => e.Message,
        IOException => $"{e.Message.TrimEnd('.')}. Nothing that was saved before is damaged.",
        { InnerException: { } inner } => UserMessage(inner),
        _ => null,
    };

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;

    private static int Refuse(ParseResult parsed, TextWriter error)
    {
        Command command = parsed.CommandResult.Command;
        string[] names = [.. command.Options.SelectMany(o => o.Aliases.Prepend(o.Name)), .. command.Subcommands.Select(c => c.Name)];
        foreach (string message in parsed.Errors.Select(e => InWords(e.Message)).Distinct())
            error.WriteLine($"arena: {message}");
        foreach (string word in parsed.UnmatchedTokens)
        {
            if (Spelling.Nearest(word, names) is { } near)
                error.WriteLine($"Did you mean '{near}' instead of '{word}'?");
        }
        error.WriteLine($"Allowed: {string.Join(", ", names.Where(n => n.Length > 2 && n != "/?").Order(StringComparer.Ordinal))}");
        error.WriteLine($"More: {Path(parsed.CommandResult)} --help");
        return UserError.ExitCode;
    }

    /// <summary>The parser names .NET types in its messages.</summary>
    private static string InWords(string message)
    {
        int at = message.IndexOf(" as expected type ", StringComparison.Ordinal);
        return at < 0 ? message : $"{message[..at]}; allowed: {(message.Contains("Double", StringComparison.Ordinal) ? "a number" : "a whole number")}";
    }

    private static string Path(CommandResult result)
        => result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "arena";
}
