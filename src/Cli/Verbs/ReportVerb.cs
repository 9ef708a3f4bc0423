using System.CommandLine;
using System.Text;
using SelfPlayArena.Cli.Reporting;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena report</c>: the course of runs as a page with charts.</summary>
internal static class ReportVerb
{
    public static Command Create()
    {
        var runs = new Argument<string[]>("RUN") { Description = "names of runs; several are drawn into the same charts", Arity = ArgumentArity.OneOrMore };
        var html = new Option<string?>("--html") { Description = "file to write (default: report.html in the first run's folder)", HelpName = "FILE" };
        Option<string> over = CommonOptions.Among("--over", "what the charts run over", "steps", ["steps", "time"]);
        var command = new Command("report", "Write the course of one or several runs as a page with charts: strength, entropies, losses, rewards, speed, and settings that differ.") { runs, html, over };
        command.SetAction(parsed =>
        {
            RunCatalog catalog = RunCatalog.Default;
            string[] names = [.. parsed.GetValue(runs)!.Distinct()];
            if (names.Length > RunPage.MostRuns)
                throw new UserError($"{names.Length} runs are named; one page compares at most {RunPage.MostRuns}");
            RunFolder[] folders = [.. names.Select(catalog.Existing)];
            RunHistory[] histories = [.. folders.Select((f, i) => RunHistory.Read(f, names[i]))];
            if (histories.FirstOrDefault(h => h.Updates == 0) is { } young)
                throw new UserError($"run '{young.Name}' has no progress yet: its first update is still to come");
            string file = parsed.GetValue(html) ?? Path.Combine(folders[0].Path, "report.html");
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
                throw new UserError($"--html {file}: the folder {folder} does not exist");
            AtomicFile.Write(file, Encoding.UTF8.GetBytes(RunPage.Render(histories, parsed.GetValue(over) == "time")));
            parsed.InvocationConfiguration.Output.WriteLine(file);
            return 0;
        });
        return command.WithExample("arena report quick-5v5", "arena report quick-5v5 quick-5v5-2 --over time --html compare.html");
    }
}
