using System.CommandLine;
using Prometheus;
using SelfPlayArena.Cli.Serving;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Matches.Measuring;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena bench serve</c>: whether live matches stay on time under many clients.</summary>
internal static class BenchServeVerb
{
    public static Command Create()
    {
        Option<string> mode = CommonOptions.Mode();
        Option<int> spectators = CommonOptions.Count("--spectators", "spectators of one match", 200, 0, 900);
        Option<int> matches = CommonOptions.Count("--matches", "matches with one simulated person each", 50, 0, 250);
        Option<string?> player = new("--player") { Description = "who plays the bots (default: scripted:hard, then an untrained network of --network)", HelpName = "PLAYER" };
        Option<string> network = CommonOptions.Among("--network", "size of the untrained network", NetworkSize.Tiny.Name, [.. NetworkSize.All.Select(s => s.Name)]);
        Option<double> seconds = CommonOptions.Seconds(30);
        Option<bool> json = CommonOptions.Json("print one line of JSON for each load");
        var command = new Command("serve", "Measure live matches under load: how late ticks are, how long bots think, what clients are sent. Clients are in this process, over real sockets.")
        {
            mode, spectators, matches, player, network, seconds, json,
        };
        command.SetAction(parsed =>
        {
            using var interrupts = new Interrupts();
            string runs = Directory.CreateTempSubdirectory("arena-bench-").FullName;
            try
            {
                string[] players = parsed.GetValue(player) is { } named ? [named] : ["scripted:hard", Untrained(runs, parsed.GetValue(mode)!, parsed.GetValue(network)!)];
                Run(parsed.GetValue(mode)!, parsed.GetValue(spectators), parsed.GetValue(matches), players, parsed.GetValue(seconds), runs, figures => Print(figures, parsed.GetValue(json), parsed.InvocationConfiguration.Output), interrupts.Token)
                    .GetAwaiter().GetResult();
                return 0;
            }
            finally
            {
                Directory.Delete(runs, recursive: true);
            }
        });
        return command.WithExample("arena bench serve", "arena bench serve --matches 50 --spectators 0 --player run:quick-5v5@latest", "arena bench serve --json");
    }

    private static async Task Run(string mode, int spectators, int matches, string[] players, double seconds, string runs, Action<LoadFigures> told, CancellationToken cancellation)
    {
        // Runs of players that are named lie where they always do; what is played here is thrown away.
        var options = new ServerOptions { Port = 0, Runs = runs, Games = new GameCatalog(RunCatalog.Default), Version = BuildInfo.Version, Packages = BuildInfo.Packages };
        await using ArenaServer server = await ArenaServer.StartAsync(options, new MetricSheet(Metrics.NewCustomRegistry()), new PlayPressure(), TimeProvider.System);
        var trial = new LoadTrial(server, mode, seconds);
        foreach (string player in players)
        {
            if (spectators > 0)
                told(await trial.Spectators(spectators, player, cancellation));
            if (matches > 0)
                told(await trial.People(matches, player, cancellation));
        }
    }

    /// <summary>A network that knows nothing decides as slowly as one that was trained.</summary>
    private static string Untrained(string folder, string mode, string network)
    {
        EnvironmentSpec spec = Environments.Create(Environments.Moba, mode, "quick").Spec;
        var plan = new NetworkPlan(NetworkSize.Named(network).Describe(spec), spec);
        string file = Path.Combine(folder, network + ".bundle");
        new PolicyBundle(plan, WeightInitializer.Create(plan, 1), new PolicyCard { Member = network }).Save(file);
        return "file:" + file;
    }

    private static void Print(LoadFigures f, bool json, TextWriter output)
    {
        if (json)
        {
            output.WriteLine(JsonOutput.Line(f));
        }
        else
        {
            string load = f.Scene == "spectators" ? $"{Numbers.Text(f.Clients)} spectators of one {f.Mode}" : $"{Numbers.Text(f.Matches)} matches of {f.Mode}, a person in each";
            output.WriteLine($"{load}, bots {Path.GetFileName(f.Players)}, {Numbers.Text(f.Seconds, "0")} s");
            output.WriteLine($"  ticks      {Numbers.Text(f.LateP50, "0.00")} ms late (median), {Numbers.Text(f.LateP99, "0.00")} ms (99%), {Numbers.Text((int)f.Dropped)} dropped of {Numbers.Text((int)f.Ticks)}");
            output.WriteLine($"  bots       {Numbers.Text(f.BotP50, "0.00")} ms a match's decision (median), {Numbers.Text(f.BotP99, "0.00")} ms (99%)");
            output.WriteLine($"  clients    {Numbers.Text(f.KilobytesPerClient, "0.0")} kB/s each, {Numbers.Text(f.MostKilobytesPerClient, "0.0")} at most; {Numbers.Text(f.Lost)} lost{(f.RoundTripP99 > 0 ? $"; an order is answered in {Numbers.Text(f.RoundTripP50, "0.0")} ms (median), {Numbers.Text(f.RoundTripP99, "0.0")} ms (99%)" : "")}");
            output.WriteLine($"  processor  {Numbers.Text(f.Cores, "0.00")} cores, server and clients");
        }
        output.Flush();
    }
}
