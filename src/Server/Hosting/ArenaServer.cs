using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.Client;
using SelfPlayArena.Server.League;
using SelfPlayArena.Server.Matches;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Hosting;

/// <summary>The arena's server: the web client, the REST interface and live matches on one address.</summary>
public sealed class ArenaServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly WebApplication _app;

    private ArenaServer(WebApplication app, ServerOptions options)
    {
        _app = app;
        Options = options;
        var bound = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Port = bound.Port;
    }

    public ServerOptions Options { get; }

    /// <summary>Port that it listens on.</summary>
    public int Port { get; }

    /// <summary>What a person on this machine puts into the browser.</summary>
    public string Url => Address(Options.Address.Equals(IPAddress.Any) || Options.Address.Equals(IPAddress.IPv6Any) ? "127.0.0.1"
        : Options.Address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{Options.Address}]" : Options.Address.ToString());

    /// <summary>What the server is made of; for the parts that live in the process beside it.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts to serve.</summary>
    /// <param name="sheet">Where the server's metrics are kept; its registry is what <c>/metrics</c> shows.</param>
    /// <param name="pressure">Raised while people play.</param>
    /// <exception cref="AddressTakenException">The address is in use or is not this machine's.</exception>
    /// <exception cref="ArgumentException">An address outside loopback, or a proxy, without a token.</exception>
    public static async Task<ArenaServer> StartAsync(ServerOptions options, MetricSheet sheet, IPlayPressure pressure, TimeProvider time)
    {
        if (!options.IsPrivate && string.IsNullOrEmpty(options.Token))
            throw new ArgumentException($"{(options.IsLoopback ? "a proxy lets others in" : $"{options.Address} is not loopback")}: whoever can reach it must know a token", nameof(options));
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            ServerLimits.Apply(kestrel.Limits);
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, options.Port);
        });
        builder.Services.AddSingleton(options).AddSingleton(sheet).AddSingleton(pressure).AddSingleton(time).AddSingleton<ServedLeague>().AddSingleton<ServerFaults>().AddSingleton<PlayFolder>();
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.Services.AddArenaServices();
        WebApplication app = builder.Build();
        app.UseArena();
        try
        {
            await app.StartAsync();
            return new ArenaServer(app, options);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw new AddressTakenException(Why(options, e), e);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the server show and control a run of this process from now on.</summary>
    public void Attach(IServedRun run) => _app.Services.GetRequiredService<ServedLeague>().Attach(run);

    /// <summary>Stops serving; answers that are on their way get two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var patience = new CancellationTokenSource(Patience))
        {
            try
            {
                await _app.StopAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                // Somebody is slow to take an answer; there is nothing left to save for them.
            }
        }
        await _app.DisposeAsync();
    }

    private string Address(string host) => string.Create(CultureInfo.InvariantCulture, $"http://{host}:{Port}");

    private static string Why(ServerOptions options, Exception e)
    {
        var endpoint = new IPEndPoint(options.Address, options.Port);
        string reason = e.InnerException is AddressInUseException ? "another program listens there already" : e.InnerException?.Message ?? e.Message;
        return $"the arena cannot be served at {endpoint}: {reason}; allowed: another port, or 0 for any that is free";
    }

    /// <summary>Signals belong to the command, not to the web host.</summary>
    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
