using System.CommandLine;
using SelfPlayArena.Cli.Measuring;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;
using Spectre.Console;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena bench sim</c>: speed of the simulator alone.</summary>
internal static class BenchSimVerb
{
    /// <summary>Who plays roll-outs: the cheapest of the scripted players that there are.</summary>
    private static readonly string[] RollOutPlayers = ["micro", "easy"];

    public static Command Create()
    {
        Option<string> environment = CommonOptions.Among("--env", "environment", Environments.Moba, Environments.Names);
        Option<string> mode = CommonOptions.Mode();
        Option<string> rules = CommonOptions.Among("--rules", "rule set; full decides every second tick, quick every fourth", "full", Environments.AllRules);
        Option<int[]> matches = CommonOptions.CountList("--matches", "matches stepped at once; several take turns", "1,64,256");
        var players = new Option<string>("--players")
        {
            Description = "who plays: random for random legal actions, or a scripted player such as easy for all heroes",
            DefaultValueFactory = _ => RandomPlayer.Name,
            HelpName = "NAME",
        };
        Option<int> threads = CommonOptions.Count("--threads", "if more than 1: also measure this many threads, each with matches of its own", 1, 1, 256);
        Option<double> seconds = CommonOptions.Seconds(1);
        Option<int> repeats = CommonOptions.Count("--repeats", "measurements; their median is reported", 5, 1, 1000);
        Option<bool> fullState = new("--full-state") { Description = "also write the privileged full state, as for a learner's critic" };
        Option<bool> rollOuts = new("--step-only") { Description = "also time roll-outs: steps without observations, with cheap scripted players choosing" };
        Option<bool> profile = new("--profile") { Description = "also break the time down by the systems of a tick and the parts of an observation" };
        Option<ulong> seed = CommonOptions.Seed();
        Option<bool> json = CommonOptions.Json("print one line of JSON for each number of matches");
        var command = new Command(
            "sim", "Time the simulator: observations and masks of every hero, then a step. Choosing actions does not count, except where it says so.")
        {
            environment, mode, rules, matches, players, threads, seconds, repeats, fullState, rollOuts, profile, seed, json,
        };
        command.SetAction(parsed =>
        {
            string rulesPlayed = parsed.GetValue(rules)!;
            IEnvironmentFactory factory = Environments.Create(parsed.GetValue(environment)!, parsed.GetValue(mode)!, rulesPlayed);
            string name = parsed.GetValue(players)!;
            int index = name == RandomPlayer.Name ? PlayedMatches.Random : ScriptedNames.Require(factory.Spec, "--players", name, RandomPlayer.Name);
            bool withRollOuts = parsed.GetValue(rollOuts);
            using var interrupts = new Interrupts();
            IReadOnlyList<SimulationBench.Result> results = SimulationBench.Run(
                factory,
                new SimulationBench.Settings(
                    rulesPlayed, parsed.GetValue(matches)!, index < 0 ? name : factory.Spec.ScriptedPlayers[index], index, parsed.GetValue(threads), parsed.GetValue(seconds), parsed.GetValue(repeats),
                    parsed.GetValue(seed), parsed.GetValue(fullState), withRollOuts, withRollOuts ? ScriptedNames.FirstOf(factory.Spec, RollOutPlayers) : 0, parsed.GetValue(profile)),
                interrupts.Token);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (!parsed.GetValue(json))
                Terminal.SimulationReport.Print(results, output);
            foreach (SimulationBench.Result result in results.Where(_ => parsed.GetValue(json)))
                output.WriteLine(JsonOutput.Line(result));
            return 0;
        });
        return command.WithExample(
            "arena bench sim --mode 5v5 --matches 1,64,256 --json",
            "arena bench sim --threads 2 --step-only --profile",
            "arena bench sim --players easy --matches 64");
    }
}
