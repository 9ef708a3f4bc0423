using System.CommandLine;
using SelfPlayArena.Cli.Configuration;
using SelfPlayArena.Cli.Measuring;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using Spectre.Console;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena bench grains</c>: what matches weigh in grains, and what grains cost.</summary>
internal static class BenchGrainsVerb
{
    public static Command Create()
    {
        Option<string> mode = CommonOptions.Mode();
        Option<string> rules = CommonOptions.Rules();
        Option<string> network = CommonOptions.Among("--network", "size of the network", "tiny", [.. NetworkSize.All.Select(s => s.Name)]);
        Option<int> matches = CommonOptions.Count("--matches", "matches at a time in this process", 4000, 1, 1_000_000);
        Option<int> hosts = CommonOptions.Count("--hosts", "match host grains that share them, each with a thread", 4, 1, 4096);
        Option<bool> trajectories = new("--trajectories") { Description = "matches leave experience behind, as in training" };
        Option<double> seconds = CommonOptions.Seconds(20);
        Option<bool> cost = new("--hosting-cost") { Description = "instead: processor time for a trained hero-step in grains, against direct hosting" };
        Option<string> preset = CommonOptions.Among("--preset", "with --hosting-cost: settings of the runs", Presets.Default, Presets.Names);
        Option<int> pairs = CommonOptions.Count("--pairs", "with --hosting-cost: pairs of runs", 10, 6, 1000);
        Option<long> steps = CommonOptions.Ranged(
            new Option<long>("--steps") { Description = "with --hosting-cost: trained hero-steps that are measured of each run", DefaultValueFactory = _ => 200_000, HelpName = "N" }, 1, 1e12);
        Option<ulong> seed = CommonOptions.Seed();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("grains", "Measure thousands of matches in one process, hosted by grains: memory a match, speed, and how fast grains answer meanwhile.")
        {
            mode, rules, network, matches, hosts, trajectories, seconds, cost, preset, pairs, steps, seed, json,
        };
        command.SetAction(parsed =>
        {
            using var interrupts = new Interrupts();
            TextWriter output = parsed.InvocationConfiguration.Output;
            bool asJson = parsed.GetValue(json);
            using var status = new StatusLine(Console.Error, asJson || Console.IsErrorRedirected);
            if (parsed.GetValue(cost))
            {
                RunSettings league = Presets.Load(parsed.GetValue(preset)!) with { Seed = parsed.GetValue(seed) };
                HostingCostBench.Result costs = HostingCostBench.Run(Environments.Create(league), league, parsed.GetValue(pairs), parsed.GetValue(steps), status.Show, interrupts.Token);
                status.Clear();
                if (asJson)
                    output.WriteLine(JsonOutput.Line(costs));
                else
                    Print(costs, output);
                return 0;
            }
            RunSettings settings = new() { Mode = parsed.GetValue(mode)!, Rules = parsed.GetValue(rules)!, Network = parsed.GetValue(network)!, Seed = parsed.GetValue(seed) };
            GrainBench.Result result = GrainBench.Run(
                Environments.Create(settings), settings, parsed.GetValue(matches), parsed.GetValue(hosts), parsed.GetValue(trajectories), parsed.GetValue(seconds), status.Show, interrupts.Token);
            status.Clear();
            if (asJson)
                output.WriteLine(JsonOutput.Line(result));
            else
                Print(result, output);
            return 0;
        });
        return command.WithExample("arena bench grains", "arena bench grains --trajectories --json", "arena bench grains --hosting-cost --preset quick-1v1 --pairs 12");
    }

    private static void Print(GrainBench.Result result, TextWriter output)
    {
        output.WriteLine($"{result.Environment}, network {result.Network}: {result.Matches} matches in {result.Hosts} match host grains, {(result.Trajectories ? "with" : "without")} trajectories");
        output.WriteLine($"memory     {Numbers.Text(result.BytesAMatch / 1024, "0.0")} KiB a match over the {Numbers.Text(result.EmptyBytes / 1048576.0, "0")} MiB of the process with an empty silo; managed {Numbers.Text(result.ManagedBytesAMatch / 1024, "0.0")} KiB");
        output.WriteLine($"played     {Numbers.Short(result.HeroStepsPerSecond)} hero-steps/s on {Numbers.Text(result.Cores, "0.0")} cores, {result.MatchesFinished} matches to their end, in {Numbers.Text(result.Seconds, "0.0")} s");
        var table = new Table { Border = TableBorder.Rounded };
        foreach (string column in new[] { "call, while they play", "calls", "median ms", "99% ms", "worst ms" })
            table.AddColumn(column);
        foreach (GrainBench.Latency l in result.Latencies)
            table.AddRow(l.Call, Numbers.Text(l.Calls), Numbers.Text(l.MedianMilliseconds, "0.000"), Numbers.Text(l.P99Milliseconds, "0.000"), Numbers.Text(l.WorstMilliseconds, "0.0"));
        Consoles.For(output).Write(table);
    }

    private static void Print(HostingCostBench.Result result, TextWriter output)
    {
        output.WriteLine($"{result.Environment}, network {result.Network}: processor time for a trained hero-step, {result.Pairs.Count} pairs of runs of {Numbers.Short(result.StepsEach)} hero-steps");
        output.WriteLine($"direct     {Numbers.Text(result.DirectMicroseconds, "0.00")} µs");
        output.WriteLine($"in grains  {Numbers.Text(result.GrainsMicroseconds, "0.00")} µs");
        output.WriteLine($"ratio      {Numbers.Text(result.Ratio, "0.000")} (95%: {Numbers.Text(result.Low, "0.000")} to {Numbers.Text(result.High, "0.000")})");
    }
}
