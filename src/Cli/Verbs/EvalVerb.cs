using System.CommandLine;
using SelfPlayArena.Cli.Serving;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.League;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using Spectre.Console;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena eval</c>: two players against each other, sides swapped half the time.</summary>
internal static class EvalVerb
{
    /// <summary>What <c>--json</c> prints.</summary>
    /// <param name="WinRateA">Wins of A plus half the draws, by matches.</param>
    /// <param name="Ci95">95% interval of the win rate [low, high].</param>
    /// <param name="EloDiff">A's rating minus B's.</param>
    /// <param name="Temperature">Sampling temperature of policies.</param>
    /// <param name="SecondsPerMatch">Mean game time of a match.</param>
    internal sealed record Report(
        string A, string B, string Environment, string Rules, double WinRateA, double[] Ci95, double EloDiff, double[] EloCi95,
        int WinsA, int WinsB, int Draws, int Matches, ulong Seed, double Temperature, int Threads, double SecondsPerMatch, IReadOnlyDictionary<string, int> Reasons,
        double HeroStepsPerSecond);

    public static Command Create()
    {
        var a = new Option<string>("--a") { Description = "first player", Required = true, HelpName = "SPEC" };
        var b = new Option<string>("--b") { Description = "second player", Required = true, HelpName = "SPEC" };
        Option<string> environment = CommonOptions.Among("--env", "environment (default: that of the run, else moba)", null, Environments.Names);
        Option<string> mode = CommonOptions.Among("--mode", "game mode (default: that of the run, else 5v5)", null, Environments.AllModes);
        Option<string> rules = CommonOptions.Among("--rules", "rule set (default: that of the run, else quick)", null, Environments.AllRules);
        Option<int> matches = CommonOptions.Count("--matches", "matches to play; each seed is played twice with sides swapped", 200, 1, 1_000_000);
        Option<ulong> seed = CommonOptions.Seed();
        Option<double> temperature = CommonOptions.Ranged(
            new Option<double>("--temperature") { Description = "how policies choose: 1 as in training, less is surer, 0 always the likeliest", DefaultValueFactory = _ => 0.5, HelpName = "T" }, 0, 10);
        Option<int> threads = CommonOptions.Count("--threads", "threads to play on", System.Environment.ProcessorCount, 1, 1024);
        Option<string?> record = CommonOptions.Record();
        Option<MetricsAddress?> metrics = CommonOptions.Metrics("where /metrics is served meanwhile (default: nowhere)");
        Option<bool> json = CommonOptions.Json();
        var command = new Command("eval", "Play two players against each other: win rate with its 95% interval and the Elo difference.\n\nSPEC is one of\n" + PlayerSpec.Forms)
        {
            a, b, environment, mode, rules, matches, seed, temperature, threads, record, metrics, json,
        };
        var play = new PlayOptions();
        play.AddTo(command);
        command.SetAction(parsed =>
        {
            PlayerSpec first = PlayerSpec.Parse(parsed.GetRequiredValue(a));
            PlayerSpec second = PlayerSpec.Parse(parsed.GetRequiredValue(b));
            var loader = new PlayerLoader(RunCatalog.Default);
            RunSettings settings = loader.SettingsOf(first) ?? loader.SettingsOf(second) ?? new RunSettings();
            string rulesPlayed = parsed.GetValue(rules) ?? settings.Rules;
            IEnvironmentFactory factory = Environments.Create(play.Over(settings, parsed) with
            {
                Environment = parsed.GetValue(environment) ?? settings.Environment,
                Mode = parsed.GetValue(mode) ?? settings.Mode,
                Rules = rulesPlayed,
            });
            Contestant one = loader.Load(first, factory.Spec);
            Contestant two = loader.Load(second, factory.Spec);
            int count = parsed.GetValue(matches);
            int used = Math.Min(parsed.GetValue(threads), count);
            using ReplayFolder? replays = parsed.GetValue(record) is { } folder ? CommonOptions.Recorder(folder, factory.Recipe, factory.Spec) : null;
            using var interrupts = new Interrupts();
            var sheet = new MetricSheet(Prometheus.Metrics.NewCustomRegistry());
            var far = new EvaluationMetrics(sheet, count);
            _ = new ProcessMetrics(sheet, BuildInfo.Version, BuildInfo.Packages);
            using MetricsServer? server = parsed.GetValue(metrics) is { Endpoint: not null } address ? MetricsServer.Start(address, sheet.Registry, health: null) : null;
            _ = server?.Address();
            using var counter = new StatusLine(Console.Error, Console.IsErrorRedirected || parsed.GetValue(json));
            EvaluationResult result = Evaluation.Play(
                factory, one, two, count, parsed.GetValue(seed), used, (float)parsed.GetValue(temperature), Show, interrupts.Token, replays);
            counter.Clear();
            replays?.Dispose();
            if (replays?.Fault is { } fault)
                parsed.InvocationConfiguration.Error.WriteLine($"arena: {fault}");
            Report report = Summarise(result, first.Text, second.Text, factory, rulesPlayed, parsed.GetValue(seed), parsed.GetValue(temperature), used);
            if (parsed.GetValue(json))
                parsed.InvocationConfiguration.Output.WriteLine(JsonOutput.Line(report));
            else
                Print(report, parsed.InvocationConfiguration.Output);
            return 0;

            void Show(int done)
            {
                far.Finished(done);
                counter.Show($"{done} of {count} matches");
            }
        });
        return command.WithExample(
            "arena eval --a run:quick-1v1@latest --b scripted:easy --mode 1v1 --matches 200 --seed 7",
            "arena eval --a scripted:easy --b random --json",
            "arena eval --a scripted:easy --b scripted:easy --matches 10 --record replays");
    }

    internal static Report Summarise(EvaluationResult result, string a, string b, IEnvironmentFactory factory, string rules, ulong seed, double temperature, int threads)
    {
        ScoreEstimate estimate = ScoreEstimate.Of(result.WinsA, result.Draws, result.WinsB);
        return new Report(
            a, b, factory.Spec.Name, rules, estimate.WinRate, [estimate.Low, estimate.High],
            estimate.EloDifference, [estimate.EloLow, estimate.EloHigh],
            result.WinsA, result.WinsB, result.Draws, result.Matches, seed, temperature, threads, result.Decisions * factory.Spec.SecondsPerDecision,
            result.Reasons, result.AgentSteps / Math.Max(result.Seconds, 1e-9));
    }

    private static void Print(Report report, TextWriter output)
    {
        IAnsiConsole console = Consoles.For(output);
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape($"{report.Environment}, {report.Rules} rules, {report.Matches} matches, seed {report.Seed}, temperature {Numbers.Text(report.Temperature)}")) };
        table.AddColumns("player", "wins", "share", "");
        table.AddRow(Markup.Escape("A  " + report.A), $"{report.WinsA}", Numbers.Percent((double)report.WinsA / report.Matches), Terminal.Sparkline.Bar((double)report.WinsA / report.Matches, 24));
        table.AddRow(Markup.Escape("B  " + report.B), $"{report.WinsB}", Numbers.Percent((double)report.WinsB / report.Matches), Terminal.Sparkline.Bar((double)report.WinsB / report.Matches, 24));
        table.AddRow("draws", $"{report.Draws}", Numbers.Percent((double)report.Draws / report.Matches), "");
        console.Write(table);
        output.WriteLine($"win rate of A  {Numbers.Percent(report.WinRateA)}  (95%: {Numbers.Percent(report.Ci95[0])} to {Numbers.Percent(report.Ci95[1])}; a draw counts half)");
        output.WriteLine($"Elo A - B      {Numbers.Text(report.EloDiff, "+0;-0;0")}  (95%: {Numbers.Text(report.EloCi95[0], "+0;-0;0")} to {Numbers.Text(report.EloCi95[1], "+0;-0;0")})");
        output.WriteLine($"matches        {Numbers.Duration(report.SecondsPerMatch)} of game time on average; ended by {string.Join(", ", report.Reasons.OrderByDescending(r => r.Value).Select(r => $"{r.Key} {r.Value}"))}");
        output.WriteLine($"speed          {Numbers.Short(report.HeroStepsPerSecond)} hero-steps/s on {report.Threads} thread{(report.Threads == 1 ? "" : "s")}");
    }
}
