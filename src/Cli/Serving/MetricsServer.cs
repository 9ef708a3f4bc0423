using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Prometheus;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;

namespace SelfPlayArena.Cli.Serving;

/// <summary>
/// Serves <c>/metrics</c> for Prometheus and <c>/health</c> for whoever restarts things. It starts on a thread of its own, so that the command
/// loads its networks meanwhile.
/// </summary>
internal sealed class MetricsServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);
    private readonly Task<WebApplication> _app;

    private MetricsServer(Task<WebApplication> app) => _app = app;

    /// <param name="health">How the run or the worker is, null while there is none yet; without it <c>/health</c> is not served.</param>
    public static MetricsServer Start(MetricsAddress address, CollectorRegistry registry, Func<IHealth?>? health)
        => new(Task.Run(() => Serve(address, app => app.MapMetrics(registry: registry), health)));

    /// <summary>Serves several registries as one page, whichever there are at the time.</summary>
    /// <inheritdoc cref="Start(MetricsAddress, CollectorRegistry, Func{IHealth})"/>
    public static MetricsServer Start(MetricsAddress address, Func<IReadOnlyList<CollectorRegistry>> registries, Func<IHealth?>? health)
        => new(Task.Run(() => Serve(address, app => app.MapGet("/metrics", (HttpContext context) => Page(context, registries())), health)));

    /// <summary>Waits until it serves, and returns where, as in <c>http://127.0.0.1:5081</c>.</summary>
    /// <exception cref="UserError">It cannot serve there; says why.</exception>
    public string Address() => Bound(_app.GetAwaiter().GetResult());

    /// <summary>Stops serving; at once, but for answers that are on their way.</summary>
    public void Dispose()
    {
        try
        {
            WebApplication app = _app.GetAwaiter().GetResult();
            using (var patience = new CancellationTokenSource(Patience))
                app.StopAsync(patience.Token).GetAwaiter().GetResult();
            app.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is UserError or OperationCanceledException)
        {
            // It never served, or somebody was slow to take an answer: either way there is nothing left to stop.
        }
    }

    private static string Bound(WebApplication app) => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    private static async Task<WebApplication> Serve(MetricsAddress address, Action<WebApplication> metrics, Func<IHealth?>? health)
    {
        IPEndPoint endpoint = address.Endpoint!;
        try
        {
            return await Listen(endpoint, metrics, health);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException && !address.Insisted)
        {
            return await Listen(new IPEndPoint(endpoint.Address, 0), metrics, health);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new UserError($"metrics cannot be served at {endpoint}: {e.InnerException?.Message ?? e.Message}; allowed: --metrics {MetricsAddress.Allowed}", e);
        }
    }

    private static async Task<WebApplication> Listen(IPEndPoint endpoint, Action<WebApplication> metrics, Func<IHealth?>? health)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(endpoint);
        });
        builder.Services.AddRoutingCore();
        // The usual one answers signals itself; here they belong to the command.
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        WebApplication app = builder.Build();
        metrics(app);
        if (health is not null)
            app.MapGet("/health", (HttpContext context) => Answer(context, health()));
        try
        {
            await app.StartAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static async Task Page(HttpContext context, IReadOnlyList<CollectorRegistry> registries)
    {
        using var page = new MemoryStream();
        foreach (CollectorRegistry registry in registries)
            await registry.CollectAndExportAsTextAsync(page, context.RequestAborted);
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.Body.WriteAsync(page.GetBuffer().AsMemory(0, (int)page.Length), context.RequestAborted);
    }

    private static Task Answer(HttpContext context, IHealth? health)
    {
        context.Response.StatusCode = health is { Healthy: false } ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        byte[] body = health is null ? """{"state":"starting","healthy":true}"""u8.ToArray() : JsonSerializer.SerializeToUtf8Bytes(health, health.GetType(), RunFolder.Json);
        return context.Response.Body.WriteAsync(body, 0, body.Length, context.RequestAborted);
    }

    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
