using System.Net;
using System.Net.Sockets;
using Prometheus;
using SelfPlayArena.Cli.Serving;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;

namespace SelfPlayArena.Cli.Tests.Serving;

/// <summary>A league that is served to browsers.</summary>
public sealed class ServedArenaTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("arena-served-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_league_says_where_it_is_served_and_refuses_a_port_that_was_asked_for_and_is_taken_before_there_is_a_run()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        string config = Path.Combine(_root, "small.yaml");
        File.WriteAllText(config, "environment: matching\ndevice: cpu\nmatches_per_actor: 8\nbatch_steps: 128\nchunk_steps: 4\nanchors: [random]\n");
        string name = "shown-" + Path.GetFileName(_root), folder = Path.Combine(RunCatalog.Default.Root, name);
        using StringWriter output = new(), error = new();
        string[] league = ["league", "--config", config, "--name", name, "--steps", "100", "--metrics", "off"];
        try
        {
            Assert.Equal(2, ArenaCommand.Run([.. league, "--serve-port", $"{port}"], output, error));
            Assert.Contains($"127.0.0.1:{port}: another program listens there already", error.ToString(), StringComparison.Ordinal);
            Assert.Contains("--no-serve", error.ToString(), StringComparison.Ordinal);
            Assert.False(Directory.Exists(folder));
            Assert.Equal(0, ArenaCommand.Run([.. league, "--serve-port", "0"], output, error));
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        Assert.Contains("watch and play in a browser: http://127.0.0.1:", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_league_goes_on_without_its_server_where_the_usual_port_is_taken()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using ServedArena arena = ServedArena.Start(
            ServeOptions.Plain(_root, null) with { Port = ((IPEndPoint)taken.LocalEndpoint).Port }, port: null, new MetricSheet(Metrics.NewCustomRegistry()), new PlayPressure());
        using var error = new StringWriter();
        Assert.Null(arena.Open(null!, error));
        Assert.Contains("the league goes on without it", error.ToString(), StringComparison.Ordinal);
    }
}
