using System.CommandLine;
using SelfPlayArena.Cli.Configuration;
using SelfPlayArena.Cli.Measuring;
using SelfPlayArena.Learning;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using Spectre.Console;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena bench train</c>: speed of the learner, or of the whole loop.</summary>
internal static class BenchTrainVerb
{
    public static Command Create()
    {
        Option<string> preset = CommonOptions.Among("--preset", "settings that come with the program", Presets.Default, Presets.Names);
        Option<string?> config = new("--config") { Description = "YAML file whose settings go over the preset's", HelpName = "FILE" };
        Option<bool> endToEnd = new("--end-to-end") { Description = "the whole loop: simulating, acting and learning together" };
        Option<double?> seconds = CommonOptions.Ranged(new Option<double?>("--seconds") { Description = "seconds that are measured (default 5; end to end 60)", HelpName = "S" }, 0.01, 86_400);
        Option<double> warmUp = CommonOptions.Ranged(new Option<double>("--warm-up") { Description = "end to end: seconds before them that do not count", DefaultValueFactory = _ => 20, HelpName = "S" }, 0, 3600);
        Option<string> precision = CommonOptions.Among("--precision", "what layers are computed in (default: the settings')", null, SettingKeys.Precisions);
        Option<string> device = CommonOptions.Among("--device", "where the learner computes (default: the settings')", null, SettingKeys.Devices);
        Option<string> actorDevice = CommonOptions.Among("--actor-device", "end to end: where match hosts evaluate the policy (default: the settings')", null, SettingKeys.ActorDevices);
        Option<string> network = CommonOptions.Among("--network", "size of the network (default: the settings')", null, [.. NetworkSize.All.Select(s => s.Name)]);
        Option<int?> microBatch = CommonOptions.Ranged(new Option<int?>("--micro-batch") { Description = "hero-steps of one pass (default: the settings'; 0: what suits the device)", HelpName = "N" }, 0, 1_048_576);
        Option<int?> batch = CommonOptions.Ranged(new Option<int?>("--batch") { Description = "hero-steps of an update (default: the settings')", HelpName = "N" }, 64, 16_777_216);
        Option<ulong> seed = CommonOptions.Seed();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("train", "Time the learner on chunks recorded in self-play, by phase and layer; or, end to end, a whole league.")
        {
            preset, config, endToEnd, seconds, warmUp, precision, device, actorDevice, network, microBatch, batch, seed, json,
        };
        command.SetAction(parsed =>
        {
            RunSettings settings = Presets.Load(parsed.GetValue(preset)!);
            if (parsed.GetValue(config) is { } file)
                settings = SettingsFile.Read(file, settings);
            settings = settings with
            {
                Seed = parsed.GetValue(seed),
                Precision = parsed.GetValue(precision) ?? settings.Precision,
                Device = parsed.GetValue(device) ?? settings.Device,
                ActorDevice = parsed.GetValue(actorDevice) ?? settings.ActorDevice,
                Network = parsed.GetValue(network) ?? settings.Network,
                MicroBatch = parsed.GetValue(microBatch) ?? settings.MicroBatch,
                BatchSteps = parsed.GetValue(batch) ?? settings.BatchSteps,
            };
            IEnvironmentFactory factory = Environments.Create(settings);
            // What is wrong with a device is told before minutes of playing.
            if (PpoLearner.DeviceProblem(settings.Device) is { } problem)
                throw new UserError($"--device: {problem}");
            using var interrupts = new Interrupts();
            TextWriter output = parsed.InvocationConfiguration.Output;
            bool asJson = parsed.GetValue(json);
            if (parsed.GetValue(endToEnd))
            {
                using var status = new StatusLine(Console.Error, asJson || Console.IsErrorRedirected);
                LoopBench.Result result = LoopBench.Run(
                    factory, settings, parsed.GetValue(seconds) ?? 60, parsed.GetValue(warmUp),
                    now => status.Show($"update {now.Updates}, {Numbers.Short(now.HeroStepsPerSecond)} hero-steps/s"), interrupts.Token);
                status.Clear();
                if (asJson)
                    output.WriteLine(JsonOutput.Line(result));
                else
                    Print(result, output);
                return 0;
            }
            TrainingBench.Result learning = TrainingBench.Run(factory, settings, parsed.GetValue(seconds) ?? 5, interrupts.Token);
            if (asJson)
                output.WriteLine(JsonOutput.Line(learning));
            else
                Print(learning, output);
            return 0;
        });
        return command.WithExample("arena bench train --preset quick-5v5", "arena bench train --end-to-end --seconds 60 --json");
    }

    private static void Print(TrainingBench.Result result, TextWriter output)
    {
        IAnsiConsole console = Consoles.For(output);
        console.Write(Parts("phase of an update", result.Phases));
        console.Write(Parts("layer of the network by itself", result.Layers));
        output.WriteLine($"{result.Environment}, network {result.Network}, batch {result.BatchSteps}, micro-batch {result.MicroBatch}, {result.Threads} thread(s) on {result.Device}, median of {result.Updates} updates");
        output.WriteLine($"precision {result.Precision}{(result.Choice.Float32 > 0 ? $", chosen by a pass of {Numbers.Text(result.Choice.Float32, "0.0")} µs a hero-step in float32 and {Numbers.Text(result.Choice.BFloat16, "0.0")} in bfloat16" : "")}");
        output.WriteLine($"learning  {Numbers.Text(result.MicrosecondsPerStep, "0.0")} µs a trained hero-step of {(result.Device == "cpu" ? "processor time" : "the clock")}: {Numbers.Short(result.HeroStepsPerSecond)} hero-steps/s; {Numbers.Text(result.WallMicrosecondsPerStep, "0.0")} µs by the wall clock");
        output.WriteLine($"arithmetic {Numbers.Percent(result.ShareOfPeak)} of the {Numbers.Text(result.PeakFlops / 1e9, "0")} GFLOP/s of a large matrix product; trunk and recurrent part alone {Numbers.Percent(result.CoreShareOfPeak)}");
        output.WriteLine($"playing   {Numbers.Text(result.MicrosecondsToPlay, "0.0")} µs a simulated hero-step (simulation, acting and the critic, one thread)");
    }

    private static void Print(LoopBench.Result result, TextWriter output)
    {
        output.WriteLine($"{result.Environment}, network {result.Network}: {result.Actors} actor(s) × {result.Matches} matches, learner on {result.LearnerThreads} thread(s), seed {result.Seed}");
        output.WriteLine($"trained    {Numbers.Short(result.HeroStepsPerSecond)} hero-steps/s over {Numbers.Text(result.Seconds, "0.0")} s and {result.Updates} updates, after {Numbers.Text(result.WarmUpSeconds, "0.0")} s");
        output.WriteLine($"simulated  {Numbers.Short(result.SimulatedPerSecond)} hero-steps/s");
        output.WriteLine($"waiting    actors {Numbers.Percent(result.ActorsWaiting)}, learner {Numbers.Percent(result.LearnerWaiting)}");
        output.WriteLine($"staleness  {Numbers.Text(result.StalenessMean, "0.0")} updates; dropped {Numbers.Percent(result.DroppedShare, "0.00")}");
        output.WriteLine($"processors {Numbers.Text(result.ProcessorsUsed, "0.00")} in use by this process; learning in {result.Precision}");
        output.WriteLine($"learner    {Shares(result.Learner)}: {Numbers.Percent(result.LearnerCovered)} of the wall clock without 'other'");
        output.WriteLine($"hosts      {Shares(result.Hosts)}: {Numbers.Percent(result.HostsCovered)} of the wall clock");
        output.WriteLine($"memory     {Numbers.Text(result.WorkingSetBytes / 1048576.0, "0")} MiB");
    }

    private static string Shares(IReadOnlyDictionary<string, double> shares) => string.Join(", ", shares.Where(s => s.Value >= 0.0005).Select(s => $"{s.Key} {Numbers.Percent(s.Value)}"));

    private static Table Parts(string title, IReadOnlyList<TrainingBench.Part> parts)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(title);
        foreach (string name in new[] { "forward µs", "backward µs", "total µs", "of peak" })
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (TrainingBench.Part part in parts)
            table.AddRow(Markup.Escape(part.Phase), Numbers.Text(part.Forward, "0.00"), part.Backward > 0 ? Numbers.Text(part.Backward, "0.00") : "", Numbers.Text(part.Total, "0.00"), part.ShareOfPeak > 0 ? Numbers.Percent(part.ShareOfPeak, "0") : "");
        return table;
    }
}
