using System.CommandLine;
using Prometheus;
using SelfPlayArena.Cli.Configuration;
using SelfPlayArena.Cli.Measuring;
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
    private const string Preset = "quick-5v5";
    private const int MostClients = 900;

    public static Command Create()
    {
        Option<string> mode = CommonOptions.Mode();
        Option<int> spectators = CommonOptions.Count("--spectators", "spectators of one match", 200, 0, MostClients);
        Option<int> matches = CommonOptions.Count("--matches", "matches with one simulated person each", 50, 0, 250);
        Option<string?> player = new("--player") { Description = "who plays the bots (default: scripted:hard, then an untrained network of --network)", HelpName = "PLAYER" };
        Option<string> network = CommonOptions.Among("--network", "size of the untrained network", NetworkSize.Tiny.Name, [.. NetworkSize.All.Select(s => s.Name)]);
        Option<double> seconds = CommonOptions.Seconds(30);
        Option<bool> training = new("--training") { Description = $"let a league of preset {Preset} train in this process, and measure each load twice: while it is paused and while it trains" };
        Option<bool> json = CommonOptions.Json("print one line of JSON for each load");
        var command = new Command("serve", "Measure live matches under load: how late ticks are, how long bots think, what clients are sent. Clients are in this process, over real sockets.")
        {
            mode, spectators, matches, player, network, seconds, training, json,
        };
        command.SetAction(parsed =>
        {
            using var interrupts = new Interrupts();
            string folder = Directory.CreateTempSubdirectory("arena-bench-").FullName;
            try
            {
                string[] players = parsed.GetValue(player) is { } named ? [named] : ["scripted:hard", Untrained(folder, parsed.GetValue(mode)!, parsed.GetValue(network)!)];
                var loads = new Loads(parsed.GetValue(mode)!, parsed.GetValue(spectators), parsed.GetValue(matches), players, parsed.GetValue(seconds), folder, figures => Print(figures, parsed.GetValue(json), parsed.InvocationConfiguration.Output));
                (parsed.GetValue(training) ? Beside(loads, interrupts.Token) : Alone(loads, interrupts.Token)).GetAwaiter().GetResult();
                return 0;
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
        return command.WithExample(
            "arena bench serve", "arena bench serve --matches 50 --spectators 0 --player run:quick-5v5@latest", "arena bench serve --training --player scripted:hard", "arena bench serve --json");
    }

    private static async Task Alone(Loads loads, CancellationToken cancellation)
    {
        await using ArenaServer server = await Start(loads, new PlayPressure());
        await loads.Measure(new LoadTrial(server, loads.Mode, loads.Seconds), loads.Told, cancellation);
    }

    /// <summary>Training alone, each load alone and both together, one after the other, so that other processes on the machine disturb all three alike.</summary>
    private static async Task Beside(Loads loads, CancellationToken cancellation)
    {
        var pressure = new PlayPressure();
        await using ArenaServer server = await Start(loads, pressure);
        using var league = new BackgroundRun(Presets.Load(Preset), Path.Combine(loads.Folder, Preset), pressure);
        var trial = new LoadTrial(server, loads.Mode, loads.Seconds, league.Rate);
        await league.Warm.WaitAsync(cancellation);
        foreach (Loads load in loads.Each())
        {
            long start = TimeProvider.System.GetTimestamp();
            await Task.Delay(TimeSpan.FromSeconds(loads.Seconds), cancellation);
            double alone = league.Rate(start);
            await league.Pause();
            await load.Measure(trial, f => loads.Told(f with { Training = "paused", TrainedPerSecond = 0, TrainedAlone = alone }), cancellation);
            await league.Resume();
            await load.Measure(trial, f => loads.Told(f with { Training = "running", TrainedAlone = alone }), cancellation);
        }
    }

    /// <summary>Runs of players that are named lie where they always do; what is played here is thrown away.</summary>
    private static Task<ArenaServer> Start(Loads loads, PlayPressure pressure)
    {
        var options = new ServerOptions { Port = 0, Runs = loads.Folder, Games = new GameCatalog(RunCatalog.Default), MostSockets = MostClients, Version = BuildInfo.Version, Packages = BuildInfo.Packages };
        return ArenaServer.StartAsync(options, new MetricSheet(Metrics.NewCustomRegistry()), pressure, TimeProvider.System);
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
            if (f.Training != "none")
                output.WriteLine($"  training   {(f.Training == "paused" ? "paused" : $"{Numbers.Short(f.TrainedPerSecond)} hero-steps/s, {Numbers.Percent(f.TrainedPerSecond / f.TrainedAlone, "0")} of {Numbers.Short(f.TrainedAlone)} while nobody plays")}");
            output.WriteLine($"  processor  {Numbers.Text(f.Cores, "0.00")} cores, server and clients{(f.Training == "running" ? ", training" : "")}; {Numbers.Text(f.Collections)} garbage collections held everybody up for {Numbers.Text(f.Collecting, "0.0")} ms in all");
        }
        output.Flush();
    }

    /// <param name="Folder">Of the bench, deleted afterwards.</param>
    /// <param name="Told">Takes each load's figures.</param>
    private sealed record Loads(string Mode, int Spectators, int Matches, IReadOnlyList<string> Players, double Seconds, string Folder, Action<LoadFigures> Told)
    {
        /// <summary>One load at a time.</summary>
        public IEnumerable<Loads> Each()
        {
            foreach (string player in Players)
            {
                if (Spectators > 0)
                    yield return this with { Players = [player], Matches = 0 };
                if (Matches > 0)
                    yield return this with { Players = [player], Spectators = 0 };
            }
        }

        public async Task Measure(LoadTrial trial, Action<LoadFigures> told, CancellationToken cancellation)
        {
            foreach (Loads load in Each())
            {
                string player = load.Players[0];
                told(load.Spectators > 0 ? await trial.Spectators(load.Spectators, player, cancellation) : await trial.People(load.Matches, player, cancellation));
            }
        }
    }
}
