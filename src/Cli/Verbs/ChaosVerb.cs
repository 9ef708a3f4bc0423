using System.CommandLine;
using SelfPlayArena.Cli.Chaos;
using SelfPlayArena.Cli.Configuration;
using SelfPlayArena.Streaming.Faults;
using Spectre.Console;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena chaos</c>: shows that a league comes through what breaks.</summary>
internal static class ChaosVerb
{
    private const int Violated = 1;

    public static Command Create()
    {
        Option<double> minutes = CommonOptions.Ranged(new Option<double>("--minutes") { Description = "how long", DefaultValueFactory = _ => 10, HelpName = "M" }, 0.2, 10_000);
        Option<int> workers = CommonOptions.Count("--workers", "worker processes", 3, 1, 64);
        Option<int?> workerKills = Number("--worker-kills", $"workers killed (default: {ChaosPlan.WorkerKillsAMinute} a minute)");
        Option<int?> learnerKills = Number("--learner-kills", $"times that the learner is killed and resumed (default: {Numbers.Text(ChaosPlan.LearnerKillsAMinute)} a minute)");
        Option<int?> cuts = Number("--cuts", $"connections cut in the middle of a frame (default: {ChaosPlan.CutsAMinute} a minute)");
        Option<long?> frames = CommonOptions.Ranged(
            new Option<long?>("--frames") { Description = $"random and mutated frames that the learner is made to read (default: {Numbers.Text(ChaosPlan.FramesAMinute)} a minute)", HelpName = "N" }, 0, 1e12);
        Option<string> preset = CommonOptions.Among("--preset", "play this game instead of a small task whose matches take moments", null, Presets.Names);
        Option<string?> config = new("--config") { Description = "YAML file whose settings go over the preset's", HelpName = "FILE" };
        Option<string?> keep = new("--keep") { Description = "keep the league's run in this folder (default: a temporary one, kept after a violation)", HelpName = "FOLDER" };
        Option<int> seed = CommonOptions.Count("--seed", "seed of what happens when", 1, 0, int.MaxValue);
        Option<bool> json = CommonOptions.Json();
        var command = new Command(
            "chaos", "Run a league with workers while killing both, cutting connections and sending rubbish to its port; then check that nothing was lost, counted twice or let in. Exit code 1 if something was.")
        {
            minutes, workers, workerKills, learnerKills, cuts, frames, preset, config, keep, seed, json,
        };
        command.SetAction(parsed =>
        {
            double m = parsed.GetValue(minutes);
            var plan = new ChaosPlan(
                m, parsed.GetValue(workers), parsed.GetValue(workerKills) ?? ChaosPlan.Times(ChaosPlan.WorkerKillsAMinute, m), parsed.GetValue(learnerKills) ?? ChaosPlan.Times(ChaosPlan.LearnerKillsAMinute, m),
                parsed.GetValue(cuts) ?? ChaosPlan.Times(ChaosPlan.CutsAMinute, m), ChaosPlan.Times(ChaosPlan.FloodsAMinute, m), parsed.GetValue(frames) ?? (long)(ChaosPlan.FramesAMinute * m),
                parsed.GetValue(seed), parsed.GetValue(preset), parsed.GetValue(config) is { } file ? Path.GetFullPath(file) : null);
            return Run(plan, parsed.GetValue(keep), parsed.GetValue(json), parsed.InvocationConfiguration);
        });
        return command.WithExample(
            "arena chaos --minutes 10",
            "arena chaos --minutes 1 --workers 2 --seed 7 --json",
            "arena chaos --minutes 60 --preset quick-5v5 --keep chaos");
    }

    private static Option<int?> Number(string name, string description) => CommonOptions.Ranged(new Option<int?>(name) { Description = description, HelpName = "N" }, 0, 1_000_000);

    private static int Run(ChaosPlan plan, string? keep, bool json, InvocationConfiguration console)
    {
        if (plan.Config is { } config && !File.Exists(config))
            throw new UserError($"--config: there is no file '{config}'");
        string folder = keep is null ? Directory.CreateTempSubdirectory("arena-chaos-").FullName : Path.GetFullPath(keep);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new UserError($"--keep: '{folder}' is not empty");
        Directory.CreateDirectory(folder);
        using var interrupts = new Interrupts();
        ChaosReport? report = null;
        try
        {
            using var run = new ChaosRun(plan, folder, console.Error.WriteLine);
            report = run.Run(interrupts.Token);
        }
        finally
        {
            // What was interrupted shows nothing; what failed by itself is kept for whoever looks why.
            if (keep is null && (report is null ? interrupts.Requested : report.Violations.Count == 0))
                Directory.Delete(folder, recursive: true);
            else if (report is null)
                console.Error.WriteLine($"The run is kept in {folder}");
        }
        if (json)
            console.Output.WriteLine(JsonOutput.Line(report));
        else
            Print(report, console.Output);
        return report.Violations.Count == 0 ? 0 : Violated;
    }

    private static void Print(ChaosReport report, TextWriter output)
    {
        IAnsiConsole console = Consoles.For(output);
        Table what = Of("what was thrown", "how often", "frames read", "what came of it");
        what.AddRow("workers killed", Numbers.Text(report.WorkerKills), "", $"{report.Sessions} workers in all");
        what.AddRow("learner killed and resumed", Numbers.Text(report.LearnerKills), "", $"{report.Resumes} resumes");
        what.AddRow("connections cut within a frame", Numbers.Text(report.Cuts), "", "workers came back");
        foreach (Intrusion way in Enum.GetValues<Intrusion>())
            what.AddRow(Words(way), Numbers.Text(report.Visits[way.ToString()]), Numbers.Text(report.Frames[way.ToString()]), "");
        what.AddRow("in all", "", Numbers.Text(report.FramesRead), $"beside {Numbers.Text(report.RelayedFrames)} of the workers, {Numbers.Text(report.RelayedBytes / 1e6, "0")} MB");
        console.Write(what);
        Table refused = Of("refused as", "metrics", "lines in the log");
        foreach (string reason in report.RefusalLines.Keys.Union(report.Refusals.Keys).Order(StringComparer.Ordinal))
            refused.AddRow(reason, Numbers.Text(report.Refusals.GetValueOrDefault(reason)), Numbers.Text(report.RefusalLines.GetValueOrDefault(reason)));
        console.Write(refused);
        output.WriteLine($"Metrics and log were compared {report.RefusalChecks} times, when no intruder was inside; the log also has what came between such a moment and a kill.");
        Table results = Of("results", "");
        results.AddRow("reported by workers", Numbers.Text(report.ResultsReported));
        results.AddRow("acknowledged", Numbers.Text(report.ResultsAcknowledged));
        results.AddRow("in the log", Numbers.Text(report.ResultsInLog));
        results.AddRow("acknowledged and lost", Numbers.Text(report.ResultsLost));
        results.AddRow("counted twice", Numbers.Text(report.ResultsTwice));
        results.AddRow("counted otherwise than sent", Numbers.Text(report.ResultsChanged));
        results.AddRow("sent again and not counted again", Numbers.Text(report.RepeatedResults));
        console.Write(results);
        Table lives = Of("learner's life", "from", "seconds", "updates", "hero-steps", "memory once grown", "refusals");
        foreach (ChaosReport.Life life in report.Lives)
            lives.AddRow(Numbers.Text(life.Number), Numbers.Duration(life.BornAt), Numbers.Text(life.Seconds, "0"), Numbers.Text(life.Updates), Numbers.Text(life.TrainedSteps), Mebibytes(life.Memory), Numbers.Text(life.Refusals));
        console.Write(lives);
        output.WriteLine($"Memory by minute, MiB: {string.Join(" ", report.MemoryByMinute.Select(b => Numbers.Text(b / 1048576.0, "0")))}");
        output.WriteLine($"Earlier lives {Mebibytes(report.Memory.EarlyLives)}, later ones {Mebibytes(report.Memory.LateLives)}; the last life from {Mebibytes(report.Memory.LastLifeEarly)} to {Mebibytes(report.Memory.LastLifeLate)}");
        output.WriteLine($"Trained {Numbers.Short(report.StepsPerSecond)} hero-steps/s, {Numbers.Short(report.QuietStepsPerSecond)} after the last trouble; {Numbers.Text(report.Minutes, "0.0")} minutes, seed {report.Seed}");
        foreach (string violation in report.Violations)
            output.WriteLine($"VIOLATION: {violation}");
        output.WriteLine(report.Violations.Count == 0 ? "The league came through." : $"The run is kept in {report.Folder}");
    }

    private static Table Of(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (string column in columns)
            table.AddColumn(column);
        return table;
    }

    private static string Mebibytes(long? bytes) => bytes is { } b ? $"{Numbers.Text(b / 1048576.0, "0")} MiB" : "–";

    private static string Words(Intrusion way) => way switch
    {
        Intrusion.Noise => "random bytes",
        Intrusion.DamagedPrefix => "greetings with a prefix that lies",
        Intrusion.DamagedGreeting => "greetings with a wrong value",
        Intrusion.OutOfTurn => "frames before their turn",
        Intrusion.CutShort => "connections that end within a frame",
        Intrusion.WrongSecret => "wrong secret",
        Intrusion.OtherContent => "right secret, other content or layout",
        Intrusion.OldWorker => "the worker's code with older content",
        Intrusion.Insider => "right secret, mutated frames",
        _ => "floods, connections",
    };
}
