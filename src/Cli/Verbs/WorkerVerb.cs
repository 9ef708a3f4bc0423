using System.CommandLine;
using Prometheus;
using SelfPlayArena.Cli.Serving;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Streaming;

namespace SelfPlayArena.Cli.Verbs;

/// <summary><c>arena worker</c>: plays matches for a learner in another process.</summary>
internal static class WorkerVerb
{
    private static readonly TimeSpan PlainPause = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        Option<string> connect = new("--connect") { Description = "where the learner listens ('arena league --listen')", HelpName = "HOST:PORT", Required = true };
        Option<int> actors = CommonOptions.Count("--actors", "threads that play", 1, 1, 1024);
        Option<int> matches = CommonOptions.Count("--matches", "matches that each thread plays at a time; 0 for what the learner says", 0, 0, 65_536);
        Option<string?> secretFile = StreamOptions.SecretFile();
        Option<double> patience = CommonOptions.Ranged(
            new Option<double>("--patience") { Description = "minutes to wait for a learner that does not answer", DefaultValueFactory = _ => 10, HelpName = "M" }, 0, 1e6);
        Option<MetricsAddress?> metrics = CommonOptions.Metrics("where /metrics and /health are served (default: off)");
        var command = new Command("worker", "Play matches for a learner in another process or on another machine. It says what is played; nothing is written here.")
        {
            connect, actors, matches, secretFile, patience, metrics,
        };
        command.SetAction(parsed =>
        {
            (string host, int port) = StreamOptions.HostAndPort("--connect", parsed.GetValue(connect)!);
            var target = new WorkerTarget(host, port, StreamOptions.Secret(parsed.GetValue(secretFile)), TimeSpan.FromMinutes(parsed.GetValue(patience)));
            using var interrupts = new Interrupts();
            var worker = new Watched(target, parsed.GetValue(actors), parsed.GetValue(matches), parsed.GetValue(metrics));
            return Run(worker, parsed.InvocationConfiguration, interrupts);
        });
        return command.WithExample(
            "arena worker --connect 127.0.0.1:7070",
            "arena worker --connect learner.example:7070 --actors 8 --matches 32 --secret-file secret.txt",
            "arena worker --connect 127.0.0.1:7070 --metrics 127.0.0.1:5090",
            "ARENA_SECRET=$(cat secret.txt) arena worker --connect learner.example:7070");
    }

    private sealed record Watched(WorkerTarget Target, int Actors, int Matches, MetricsAddress? Metrics);

    private static int Run(Watched asked, InvocationConfiguration console, Interrupts interrupts)
    {
        TextWriter output = console.Output;
        bool live = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        using var status = new StatusLine(Console.Error, silent: !live || Console.IsErrorRedirected);
        var gate = new Lock();
        long shown = 0;
        var rate = new PlayingRate();
        var worker = new RemoteWorker(asked.Target, asked.Actors, asked.Matches, Environments.Create, Say, TimeProvider.System);
        using MetricsServer? server = Serve(asked.Metrics, worker, console.Error);
        WorkerProgress last;
        try
        {
            last = worker.Run(
                now =>
                {
                    string line = rate.Line(now);
                    status.Show(line);
                    if (!live && TimeProvider.System.GetElapsedTime(shown) >= PlainPause)
                    {
                        shown = TimeProvider.System.GetTimestamp();
                        Say(line);
                    }
                },
                interrupts.Token);
        }
        catch (Exception e) when (e is RefusedException or IOException)
        {
            status.Clear();
            throw new UserError(e is RefusedException refused ? $"refused ({refused.Refusal}): {e.Message}" : e.Message, e);
        }
        status.Clear();
        Say($"played {Numbers.Short(last.Played.AgentSteps)} hero-steps and {Numbers.Text(last.Played.Matches)} matches in {Numbers.Duration(last.Seconds)}; "
            + $"{Numbers.Text(last.Link.AcknowledgedChunks)} of {Numbers.Text(last.Link.Chunks)} chunks and {Numbers.Text(last.Link.AcknowledgedResults)} of {Numbers.Text(last.Link.Results)} results taken by the learner");
        return 0;

        void Say(string line)
        {
            lock (gate)
            {
                status.Clear();
                output.WriteLine(line);
                output.Flush();
            }
        }
    }

    private static MetricsServer? Serve(MetricsAddress? address, RemoteWorker worker, TextWriter error)
    {
        if (address?.Endpoint is null)
            return null;
        var sheet = new MetricSheet(Metrics.NewCustomRegistry());
        _ = new ProcessMetrics(sheet, BuildInfo.Version, BuildInfo.Packages);
        _ = new WorkerMetrics(sheet, worker);
        MetricsServer server = MetricsServer.Start(address, sheet.Registry, () => worker.Health);
        error.WriteLine($"arena: metrics are at {server.Address()}/metrics");
        return server;
    }

    /// <summary>Turns totals into rates over the last seconds.</summary>
    private sealed class PlayingRate
    {
        private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
        private readonly Queue<WorkerProgress> _seen = new();

        public string Line(WorkerProgress now)
        {
            _seen.Enqueue(now);
            while (_seen.Count > 2 && now.Seconds - _seen.Peek().Seconds > Window.TotalSeconds)
                _seen.Dequeue();
            WorkerProgress first = _seen.Peek();
            double span = Math.Max(now.Seconds - first.Seconds, 1e-9);
            string state = now.Link.Connected ? $"version {Numbers.Text(now.Link.Version)}" : "not connected";
            return $"{Numbers.Duration(now.Seconds)}  {Numbers.Short((now.Played.AgentSteps - first.Played.AgentSteps) / span)} hero-steps/s  "
                + $"{Numbers.Text(now.Played.Matches)} matches  {Numbers.Short((now.Link.BytesSent - first.Link.BytesSent) / span)}B/s sent  waiting {Numbers.Percent(now.WaitingShare)}  {state}";
        }
    }
}
