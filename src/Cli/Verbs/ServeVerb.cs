using System.CommandLine;
using Prometheus;
using SelfPlayArena.Cli.Serving;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena serve</c>: the arena in a browser, without training.</summary>
internal static class ServeVerb
{
    public static Command Create()
    {
        var serve = new ServeOptions();
        Option<string?> runs = new("--runs") { Description = "folder that holds the runs (default: runs/, or $ARENA_RUNS)", HelpName = "FOLDER" };
        Option<string?> run = new("--run") { Description = "run that is shown first, and whose policies play (default: the most recent one)", HelpName = "NAME" };
        var command = new Command("serve", "Serve the arena to browsers: play against bots, watch matches and replays, look at runs. 'arena league' does so as well while it trains.") { runs, run };
        serve.AddTo(command);
        command.SetAction(parsed =>
        {
            RunCatalog catalog = parsed.GetValue(runs) is { } folder ? Existing(folder) : RunCatalog.Default;
            string? name = parsed.GetValue(run);
            if (name is not null)
                _ = catalog.Existing(name);
            using var interrupts = new Interrupts();
            TextWriter error = TextWriter.Synchronized(parsed.InvocationConfiguration.Error);
            return Run(serve.Read(parsed, catalog.Root, name) with { Tell = what => error.WriteLine($"arena: {what}") }, parsed.InvocationConfiguration.Output, interrupts.Token);
        });
        return command.WithExample(
            "arena serve",
            "arena serve --run quick-1v1 --port 5090",
            "arena serve --listen 0.0.0.0",
            "ARENA_TOKEN=$(openssl rand -hex 24) arena serve --listen 0.0.0.0 --host arena.example",
            "arena serve --trusted-proxy 127.0.0.1 --host arena.example");
    }

    private static RunCatalog Existing(string folder)
        => Directory.Exists(folder) ? new RunCatalog(folder) : throw new UserError($"--runs: there is no folder '{Path.GetFullPath(folder)}'");

    private static int Run(ServerOptions options, TextWriter output, CancellationToken cancellation)
    {
        Make(options.Runs);
        var sheet = new MetricSheet(Metrics.NewCustomRegistry());
        _ = new ProcessMetrics(sheet, BuildInfo.Version, BuildInfo.Packages);
        ArenaServer server = Start(options, sheet);
        try
        {
            foreach (string line in Welcome.Lines(server))
                output.WriteLine(line);
            output.Flush();
            cancellation.WaitHandle.WaitOne();
        }
        finally
        {
            server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        return 0;
    }

    /// <summary>There from the start, so that a league that begins later sees whose the matches of people are.</summary>
    private static void Make(string runs)
    {
        try
        {
            Directory.CreateDirectory(runs);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The server says so when there is something to keep.
        }
    }

    private static ArenaServer Start(ServerOptions options, MetricSheet sheet)
    {
        try
        {
            return ArenaServer.StartAsync(options, sheet, new PlayPressure(), TimeProvider.System).GetAwaiter().GetResult();
        }
        catch (AddressTakenException e)
        {
            throw new UserError($"{e.Message} (--port N)", e);
        }
    }
}
