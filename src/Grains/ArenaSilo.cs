using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;

namespace SelfPlayArena.Grains;

/// <summary>How a process becomes a silo of this room's grains.</summary>
public static class ArenaSilo
{
    /// <summary>Name of the storage provider in which learners remember what they were told to do.</summary>
    public const string Storage = "arena";

    /// <summary>
    /// Adds what the grains need besides a cluster and a storage provider named <see cref="Storage"/>. Call it after <c>UseOrleans</c>: what is added later
    /// is stopped earlier, and learners and hosts must come to rest while the silo still stands.
    /// </summary>
    /// <param name="watcher">Sees what happens to runs that learn in this process; null for nobody.</param>
    public static IServiceCollection AddArenaGrains(this IServiceCollection services, IRunHome home, GrainMeter meter, IRunWatcher? watcher = null)
    {
        services.AddSingleton(home);
        services.AddSingleton(meter);
        services.AddSingleton<SiloRuns>();
        services.TryAddSingleton(TimeProvider.System);
        if (watcher is not null)
            services.AddSingleton(watcher);
        services.AddHostedService<Rest>();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromMinutes(2));
        return services;
    }

    /// <summary>A silo that is the whole cluster, in this process. Start it, and stop it.</summary>
    /// <param name="memory">Folder in which its grains remember (<see cref="FileGrainStorage"/>).</param>
    public static IHost Alone(IRunHome home, string memory, GrainMeter meter, IRunWatcher? watcher = null, TimeProvider? time = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        // The program handles Ctrl-C itself: the first one saves.
        builder.Services.AddSingleton<IHostLifetime, Unattended>();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort.Take(), FreePort.Take());
            silo.Services.AddGrainStorage(Storage, (_, _) => new FileGrainStorage(memory));
        });
        builder.Services.AddArenaGrains(home, meter, watcher);
        return builder.Build();
    }

    /// <summary>Brings learners and hosts of this process to rest before its silo stops.</summary>
    private sealed class Rest(SiloRuns runs) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => runs.LeaveAsync().WaitAsync(cancellationToken);
    }

    private sealed class Unattended : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Two programs on one machine are two clusters; the real runtime listens even when it is alone.</summary>
    private static class FreePort
    {
        public static int Take()
        {
            using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
            return ((System.Net.IPEndPoint)socket.LocalEndPoint!).Port;
        }
    }
}
