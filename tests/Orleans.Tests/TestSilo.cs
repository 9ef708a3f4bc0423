using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace Orleans.Tests;

/// <summary>A silo of its own for each test.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private const int FirstPort = 11_130, FirstGateway = 30_030;
    private static int s_silos;
    private readonly IHost _host;

    public TestSilo(Action<ISiloBuilder> configure)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        // The real runtime listens, and tests run side by side.
        int number = Interlocked.Increment(ref s_silos);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FirstPort + number, FirstGateway + number);
            silo.AddMemoryGrainStorage("store");
            configure(silo);
        });
        _host = builder.Build();
    }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public Task Start() => _host.StartAsync();

    public Task Stop() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
