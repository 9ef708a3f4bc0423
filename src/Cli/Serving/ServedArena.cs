using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.League;

namespace SelfPlayArena.Cli.Serving;

/// <summary>The server beside a run. It starts on a thread of its own, so that the command loads its networks meanwhile.</summary>
internal sealed class ServedArena : IDisposable
{
    private readonly Task<ArenaServer> _server;
    private readonly bool _insisted;

    private ServedArena(Task<ArenaServer> server, bool insisted) => (_server, _insisted) = (server, insisted);

    /// <param name="port">The one that was asked for; null for the usual one, which the run can do without.</param>
    /// <exception cref="UserError">A port that was asked for cannot be had.</exception>
    public static ServedArena Start(ServerOptions options, int? port, MetricSheet sheet, IPlayPressure pressure)
    {
        options = options with { Port = port ?? options.Port };
        var arena = new ServedArena(Task.Run(() => ArenaServer.StartAsync(options, sheet, pressure, TimeProvider.System)), port is not null);
        // Refused before there is a run.
        if (port is not null)
            arena.Wait();
        return arena;
    }

    /// <summary>Shows the run, and returns where browsers find it. Null, after saying why, where it cannot be served: training matters more.</summary>
    public string? Open(IServedRun run, TextWriter error)
    {
        try
        {
            ArenaServer server = Wait();
            server.Attach(run);
            return server.Url;
        }
        catch (UserError e) when (!_insisted)
        {
            error.WriteLine($"arena: {e.Message}; the league goes on without it");
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            _server.GetAwaiter().GetResult().DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (AddressTakenException)
        {
            // It never served.
        }
    }

    private ArenaServer Wait()
    {
        try
        {
            return _server.GetAwaiter().GetResult();
        }
        catch (AddressTakenException e)
        {
            throw new UserError($"{e.Message} (--serve-port N, or --no-serve)", e);
        }
    }
}
