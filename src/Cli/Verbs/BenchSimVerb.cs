using System.CommandLine;
using SelfPlayArena.Cli.Measuring;
using SelfPlayArena.Rollout;
using Spectre.Console;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena bench sim</c>: speed of the simulator alone.</summary>
internal static class BenchSimVerb
{
    public static Command Create()
    {
        Option<string> environment = CommonOptions.Among("--env", "environment", Environments.Moba, Environments.Names);
        Option<string> mode = CommonOptions.Mode();
        Option<string> rules = CommonOptions.Among("--rules", "rule set; full decides every second tick, quick every fourth", "full", Environments.AllRules);
        Option<int[]> matches = CommonOptions.CountList("--matches", "matches stepped at once; several are measured one after the other", "1,64,256");
        Option<double> seconds = CommonOptions.Seconds(2);
        Option<int> repeats = CommonOptions.Count("--repeats", "measurements; their median is reported", 5, 1, 1000);
        Option<bool> fullState = new("--full-state") { Description = "also write the privileged full state, as for a learner's critic" };
        Option<ulong> seed = CommonOptions.Seed();
        Option<bool> json = CommonOptions.Json("print one line of JSON for each number of matches");
        var command = new Command(
            "sim", "Time the simulator on one thread: observations and masks of every hero, then a step. Random legal actions are chosen outside the time that counts.")
        {
            environment, mode, rules, matches, seconds, repeats, fullState, seed, json,
        };
        command.SetAction(parsed =>
        {
            string rulesPlayed = parsed.GetValue(rules)!;
            IEnvironmentFactory factory = Environments.Create(parsed.GetValue(environment)!, parsed.GetValue(mode)!, rulesPlayed);
            TextWriter output = parsed.InvocationConfiguration.Output;
            var results = new List<SimulationBench.Result>();
            foreach (int count in parsed.GetValue(matches)!)
            {
                SimulationBench.Result result = SimulationBench.Run(
                    factory.Create(count), rulesPlayed, parsed.GetValue(seconds), parsed.GetValue(repeats), parsed.GetValue(seed), parsed.GetValue(fullState));
                results.Add(result);
                if (parsed.GetValue(json))
                    output.WriteLine(JsonOutput.Line(result));
            }
            if (!parsed.GetValue(json))
                Print(results, output);
            return 0;
        });
        return command.WithExample("arena bench sim --mode 5v5 --matches 1,64,256", "arena bench sim --mode 1v1 --rules full --matches 64 --json");
    }

    private static void Print(List<SimulationBench.Result> results, TextWriter output)
    {
        SimulationBench.Result first = results[0];
        var table = new Table
        {
            Border = TableBorder.Rounded,
            Title = new TableTitle(Markup.Escape($"{first.Environment}, {first.Rules} rules, one thread, median of {first.Repeats} × {Numbers.Text(first.Seconds)} s")),
        };
        table.AddColumn("matches");
        foreach (string name in new[] { "hero-steps/s", "hero-ticks/s", "with choosing", "observe µs", "step µs", "choose µs", "spread", "bytes/step" })
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (SimulationBench.Result r in results)
        {
            table.AddRow(
                $"{r.Matches}", Numbers.Short(r.HeroStepsPerSecond), Numbers.Short(r.HeroTicksPerSecond), Numbers.Short(r.HeroStepsPerSecondWithChoice),
                Numbers.Text(r.MicrosecondsObserve), Numbers.Text(r.MicrosecondsStep), Numbers.Text(r.MicrosecondsChoose), Numbers.Percent(r.Spread), Numbers.Text(r.BytesAllocatedPerStep, "0.#"));
        }
        Consoles.For(output).Write(table);
        output.WriteLine("µs are per hero and decision; hero-steps/s leave out the choosing of random actions");
    }
}
