using System.CommandLine;
using SelfPlayArena.Cli.Configuration;
using SelfPlayArena.Cli.Measuring;
using SelfPlayArena.Core;
using SelfPlayArena.Learning;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using Spectre.Console;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena bench infer</c>: speed of a policy's decisions.</summary>
internal static class BenchInferVerb
{
    public static Command Create()
    {
        Option<string> environment = CommonOptions.Among("--env", "environment", Environments.Moba, Environments.Names);
        Option<string> mode = CommonOptions.Mode();
        Option<string> rules = CommonOptions.Rules();
        Option<string> network = CommonOptions.Among("--network", "network size", NetworkSize.Tiny.Name, [.. NetworkSize.All.Select(s => s.Name)]);
        Option<int[]> batch = CommonOptions.CountList("--batch", "heroes decided for at once; several are measured one after the other", "1,10,50,500");
        Option<string> device = CommonOptions.Among(
            "--device", "where it is computed: cpu is the interpreter on one thread, the others are the service that match hosts share", "cpu", [.. SettingKeys.ActorDevices.Where(d => d != "auto")]);
        Option<double> seconds = CommonOptions.Seconds(2);
        Option<ulong> seed = CommonOptions.Seed();
        Option<bool> json = CommonOptions.Json("print one line of JSON for each batch");
        var command = new Command("infer", "Time a policy: the forward pass and the sampling of masked actions, on observations of real matches.")
        {
            environment, mode, rules, network, batch, device, seconds, seed, json,
        };
        command.SetAction(parsed =>
        {
            IEnvironmentFactory factory = Environments.Create(parsed.GetValue(environment)!, parsed.GetValue(mode)!, parsed.GetValue(rules)!);
            NetworkSize size = NetworkSize.Named(parsed.GetValue(network)!);
            var plan = new NetworkPlan(size.Describe(factory.Spec), factory.Spec);
            ulong root = parsed.GetValue(seed);
            Weights weights = WeightInitializer.Create(plan, Seeds.Derive(root, "weights"));
            var policy = new PolicyNetwork(plan, weights);
            string where = parsed.GetValue(device)!;
            if (where == "cuda" && PpoLearner.DeviceProblem(where) is { } problem)
                throw new UserError($"--device: {problem}");
            TextWriter output = parsed.InvocationConfiguration.Output;
            var results = new List<InferenceBench.Result>();
            foreach (int rows in parsed.GetValue(batch)!)
            {
                InferenceBench.Result result = where == "cpu"
                    ? InferenceBench.Run(factory.Create(InferenceBench.Matches), policy, size.Name, rows, parsed.GetValue(seconds), root)
                    : InferenceBench.Run(factory.Create(InferenceBench.Matches), policy, weights, size.Name, where, rows, parsed.GetValue(seconds), root);
                results.Add(result);
                if (parsed.GetValue(json))
                    output.WriteLine(JsonOutput.Line(result));
            }
            if (!parsed.GetValue(json))
                Print(results, output);
            return 0;
        });
        return command.WithExample("arena bench infer --network tiny --batch 1,10,50,500", "arena bench infer --device libtorch-cpu --batch 500");
    }

    private static void Print(List<InferenceBench.Result> results, TextWriter output)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape($"{results[0].Environment}, network {results[0].Network}, {(results[0].Device == "cpu" ? "one thread" : results[0].Device)}, µs a hero decision")) };
        table.AddColumn("batch");
        foreach (string name in new[] { "median", "p99", "processor", "forward", "sampling", "decisions/s", "calls" })
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (InferenceBench.Result r in results)
            table.AddRow($"{r.Batch}", Numbers.Text(r.Median, "0.00"), Numbers.Text(r.P99, "0.00"), Numbers.Text(r.Processor, "0.00"), Part(r.MedianForward), Part(r.MedianSample), Numbers.Short(r.DecisionsPerSecond), $"{r.Calls}");
        Consoles.For(output).Write(table);

        static string Part(double? microseconds) => microseconds is { } part ? Numbers.Text(part, "0.00") : "";
    }
}
