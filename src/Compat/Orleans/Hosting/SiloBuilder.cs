using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Orleans.Hosting
{
    /// <summary>Sets up the part of a cluster that runs in this process.</summary>
    public interface ISiloBuilder
    {
        IServiceCollection Services { get; }

        IConfiguration Configuration { get; }
    }

    internal sealed record SiloBuilder(IServiceCollection Services, IConfiguration Configuration) : ISiloBuilder;

    public static class CoreHostingExtensions
    {
        /// <summary>One silo on this machine, which needs no other. The ports are the real runtime's; this one listens nowhere.</summary>
        public static ISiloBuilder UseLocalhostClustering(this ISiloBuilder builder, int siloPort = 11111, int gatewayPort = 30000, System.Net.IPEndPoint? primarySiloEndpoint = null, string serviceId = "dev", string clusterId = "dev")
        {
            builder.Services.Configure<ClusterOptions>(o =>
            {
                o.ServiceId = serviceId;
                o.ClusterId = clusterId;
            });
            return builder;
        }
    }

    public static class MemoryGrainStorageSiloBuilderExtensions
    {
        /// <summary>Keeps states in this process's memory.</summary>
        public static ISiloBuilder AddMemoryGrainStorage(this ISiloBuilder builder, string name)
        {
            builder.Services.AddGrainStorage(name, (_, _) => new MemoryGrainStorage());
            return builder;
        }

        /// <inheritdoc cref="AddMemoryGrainStorage"/>
        public static ISiloBuilder AddMemoryGrainStorageAsDefault(this ISiloBuilder builder) => builder.AddMemoryGrainStorage("Default");
    }
}

namespace Orleans.Runtime.Hosting
{
    public static class StorageProviderExtensions
    {
        private const string Default = "Default";

        /// <summary>Keeps states of the provider's name with what the factory makes.</summary>
        public static IServiceCollection AddGrainStorage<T>(this IServiceCollection collection, string name, Func<IServiceProvider, string, T> implementationFactory)
            where T : IGrainStorage
        {
            collection.AddKeyedSingleton<IGrainStorage>(name, (services, key) => implementationFactory(services, (string)key!));
            if (name == Default)
                collection.TryAddSingleton(services => services.GetRequiredKeyedService<IGrainStorage>(Default));
            return collection;
        }
    }
}

namespace Orleans.Configuration
{
    public class ClusterOptions
    {
        public string ServiceId { get; set; } = "default";

        public string ClusterId { get; set; } = "default";
    }

    public class GrainCollectionOptions
    {
        /// <summary>How often idle activations are looked for.</summary>
        public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

        /// <summary>How long an activation may be idle.</summary>
        public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);
    }

    public class SiloMessagingOptions
    {
        /// <summary>How long a caller waits for an answer.</summary>
        public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);
    }
}

namespace Microsoft.Extensions.Hosting
{
    public static class OrleansSiloGenericHostExtensions
    {
        public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder, Action<Orleans.Hosting.ISiloBuilder> configureDelegate)
        {
            ArgumentNullException.ThrowIfNull(hostAppBuilder);
            ArgumentNullException.ThrowIfNull(configureDelegate);
            IServiceCollection services = hostAppBuilder.Services;
            services.AddOptions<ClusterOptions>();
            services.AddOptions<GrainCollectionOptions>();
            services.AddOptions<SiloMessagingOptions>();
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton<Silo>();
            services.TryAddSingleton<Orleans.IGrainFactory>(s => s.GetRequiredService<Silo>());
            services.TryAddSingleton<Orleans.IClusterClient>(s => s.GetRequiredService<Silo>());
            services.AddHostedService(s => s.GetRequiredService<Silo>());
            configureDelegate(new Orleans.Hosting.SiloBuilder(services, hostAppBuilder.Configuration));
            return hostAppBuilder;
        }
    }
}
