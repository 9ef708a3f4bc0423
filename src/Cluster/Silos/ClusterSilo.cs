using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using SelfPlayArena.Cluster.Silos;
using SelfPlayArena.Grains;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cluster;

/// <summary>A silo of a cluster.</summary>
public sealed class ClusterSilo
{
    /// <summary>Whether this build can be one.</summary>
    public static bool CanRun => true;

    /// <summary>Joins the cluster, and works until told to stop; then hands over what it has, and leaves.</summary>
    /// <param name="watcher">Sees what happens to runs that learn here.</param>
    /// <exception cref="ClusterException">The database cannot be used.</exception>
    public static async Task RunAsync(ClusterDatabase database, SiloOptions options, GrainMeter meter, IRunWatcher watcher, TimeProvider time, CancellationToken stop)
    {
        var home = new ClusterRunHome(database, options, time);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<IHostLifetime, Unattended>();
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error).AddFilter("Orleans.Runtime.Silo", LogLevel.Error).AddProvider(new Lines(options.Log)));
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(new Draining(database, options.Cluster));
        builder.Services.AddSingleton<SiloDuties>();
        builder.Services.AddSingleton<IRunWatcher>(services => new Watchers(home, services.GetRequiredService<SiloDuties>(), watcher));
        builder.UseOrleans(silo => Configure(silo, options));
        builder.Services.AddArenaGrains(home, meter);
        using IHost host = builder.Build();
        await host.StartAsync(stop);
        var duties = host.Services.GetRequiredService<SiloDuties>();
        await duties.StartAsync(CancellationToken.None);
        options.Joined(true);
        options.Log($"silo {options.Name} is in cluster {options.Cluster}, at {options.Address}:{options.SiloPort}, as {options.Roles.ToString().ToLowerInvariant()}");
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.Register(() => stopped.TrySetResult()))
        await using (host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => stopped.TrySetResult()))
            await stopped.Task;
        options.Joined(false);
        options.Log($"silo {options.Name} hands over and leaves");
        await duties.LeaveAsync();
        await duties.StopAsync(CancellationToken.None);
        await host.StopAsync(CancellationToken.None);
        await duties.ForgetAsync();
    }

    private static void Configure(ISiloBuilder silo, SiloOptions options)
    {
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (options.Cluster, options.Cluster));
        silo.Configure<Orleans.Configuration.SiloOptions>(o => o.SiloName = options.Name);
        silo.ConfigureEndpoints(options.Address, options.SiloPort, gatewayPort: 0, listenOnAnyHostAddress: !IPAddress.IsLoopback(options.Address));
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = options.Probe;
            o.NumMissedProbesLimit = 3;
            o.TableRefreshTimeout = TimeSpan.FromSeconds(10);
            o.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(10);
            o.DefunctSiloExpiration = TimeSpan.FromHours(1);
        });
        // Without this an exception of ours, or of the database within it, becomes on its way to another silo one that says only that it could not travel.
        silo.Services.Configure<ExceptionSerializationOptions>(o => o.SupportedNamespacePrefixes.UnionWith([nameof(SelfPlayArena), nameof(Npgsql)]));
        // A silo that lacks a role lacks the classes: the others place nothing of them there.
        silo.Services.PostConfigure<GrainTypeOptions>(o =>
        {
            if (!options.Roles.HasFlag(SiloRoles.Learner))
                o.Classes.ExceptWith([typeof(LearnerGrain), typeof(LeagueGrain), typeof(ModelPoolGrain)]);
            if (!options.Roles.HasFlag(SiloRoles.Hosts))
                o.Classes.Remove(typeof(MatchHostGrain));
        });
        silo.Services.AddSingleton<IMembershipTable, PostgresMembershipTable>();
        silo.Services.AddGrainStorage(ArenaSilo.Storage, (services, _) => new PostgresGrainStorage(
            services.GetRequiredService<ClusterDatabase>(), services.GetRequiredService<Serializer>(), services.GetRequiredService<IOptions<ClusterOptions>>()));
        silo.Services.AddSingleton<IGrainPropertiesProvider, SpreadProperties>();
        silo.AddPlacementDirector<Spread, SpreadDirector>();
        silo.AddGrainDirectory(PostgresGrainDirectory.Name, (services, _) => new PostgresGrainDirectory(services.GetRequiredService<ClusterDatabase>(), options.Cluster));
    }

    /// <summary>The program handles signals itself.</summary>
    private sealed class Unattended : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Watchers(params IRunWatcher[] all) : IRunWatcher
    {
        public void Opened(string name, SelfPlayRun run) => Array.ForEach(all, w => w.Opened(name, run));

        public void Updated(string name, RunProgress progress) => Array.ForEach(all, w => w.Updated(name, progress));

        public void Ended(string name, Exception? failure) => Array.ForEach(all, w => w.Ended(name, failure));
    }

    /// <summary>Orleans' warnings, a line each.</summary>
    private sealed class Lines(Action<string> log) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                log($"{formatter(state, exception)}{(exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})")}".ReplaceLineEndings(" "));
        }

        public void Dispose()
        {
        }
    }
}
