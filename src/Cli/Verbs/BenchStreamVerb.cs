using System.CommandLine;
using SelfPlayArena.Cli.Configuration;
using SelfPlayArena.Cli.Measuring;
using SelfPlayArena.Rollout;
using Spectre.Console;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena bench stream</c>: speed and cost of carrying chunks from a worker to a learner.</summary>
internal static class BenchStreamVerb
{
    public static Command Create()
    {
        Option<string> preset = CommonOptions.Among("--preset", "settings that come with the program", Presets.Default, Presets.Names);
        Option<double> seconds = CommonOptions.Seconds(5);
        Option<double> rate = CommonOptions.Ranged(
            new Option<double>("--rate") { Description = "hero-steps/s at which the cost is measured: what a league trains on", DefaultValueFactory = _ => 8000, HelpName = "N" }, 1, 1e8);
        Option<int> repeats = CommonOptions.Count("--repeats", "times that all is measured, in turns; medians are told", 3, 1, 1000);
        Option<ulong> seed = CommonOptions.Seed();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("stream", "Time the stream from workers to the learner over loopback, both ends in this process, and its memory when the learner stops reading.")
        {
            preset, seconds, rate, repeats, seed, json,
        };
        command.SetAction(parsed =>
        {
            RunSettings settings = Presets.Load(parsed.GetValue(preset)!) with { Seed = parsed.GetValue(seed) };
            using var interrupts = new Interrupts();
            TextWriter output = parsed.InvocationConfiguration.Output;
            StreamBench.Result result = StreamBench.Run(Environments.Create(settings), settings, parsed.GetValue(seconds), parsed.GetValue(rate), parsed.GetValue(repeats), interrupts.Token);
            if (parsed.GetValue(json))
                output.WriteLine(JsonOutput.Line(result));
            else
                Print(result, output);
            return 0;
        });
        return command.WithExample("arena bench stream", "arena bench stream --preset full-5v5 --rate 20000 --json");
    }

    private static void Print(StreamBench.Result result, TextWriter output)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (string name in new[] { "what", "measured", "goal" })
            table.AddColumn(name);
        table.AddRow("payload, one connection", $"{Numbers.Text(result.PayloadBytesPerSecond / 1e9, "0.00")} GB/s", "1 GB/s");
        table.AddRow("processor time for it, both ends", $"{Numbers.Text(result.CpuSecondsPerGigabyte, "0.00")} s a GB", "");
        table.AddRow("chunks played and checked, one connection", $"{Numbers.Short(result.HeroStepsPerSecond)} hero-steps/s", "200 k hero-steps/s");
        table.AddRow($"at {Numbers.Short(result.Rate)} hero-steps/s, over loopback", $"{Numbers.Percent(result.LoopbackCpu, "0.00")} of a core, both ends ({Each(result.LoopbackCpus)})", "8%");
        table.AddRow($"at {Numbers.Short(result.Rate)} hero-steps/s, in process", $"{Numbers.Percent(result.InProcessCpu, "0.00")} of a core ({Each(result.InProcessCpus)})", "1%");
        table.AddRow("held when the learner stops reading", $"{Numbers.Text(result.HeldBytes / 1048576.0, "0.0")} MiB in {result.HeldChunks} chunks at both ends", $"at most {Numbers.Text(result.MostHeldBytes / 1048576.0, "0.0")} MiB");
        table.AddRow("memory added meanwhile", $"{Numbers.Text(result.StoppedGrowthBytes / 1048576.0, "0.0")} MiB", "");
        Consoles.For(output).Write(table);
        output.WriteLine($"{result.Environment}: {result.ChunkBytes} bytes a chunk of {result.ChunkHeroSteps} hero-steps, {Numbers.Text(result.BytesPerHeroStep, "0")} bytes each; {Numbers.Text(result.Seconds, "0.0")} s each, medians. Not counted: {Numbers.Percent(result.PacingCpu, "0.00")} of a core for copying chunks and sleeping between them, measured without carrying any");
    }

    private static string Each(IReadOnlyList<double> shares) => string.Join(", ", shares.Order().Select(s => Numbers.Percent(s, "0.00")));
}
