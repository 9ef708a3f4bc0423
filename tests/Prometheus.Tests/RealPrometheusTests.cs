using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SelfPlayArena.Testing;

namespace Prometheus.Tests;

/// <summary>What Prometheus itself says of our pages.</summary>
public sealed class RealPrometheusTests
{
    [ToolFact("promtool", "--version", Needs = "Debian's prometheus package")]
    public async Task Promtool_finds_nothing_wrong_with_a_page()
    {
        using Process promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await promtool.StandardInput.WriteAsync(await Page.Of(Page.Registry()));
        promtool.StandardInput.Close();
        string said = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, said);
    }

    [Fact]
    public async Task The_page_has_its_content_type_and_a_failing_callback_does_not_cost_it()
    {
        CollectorRegistry registry = Page.Registry();
        Gauge late = Metrics.WithCustomRegistry(registry).CreateGauge("arena_late", "Set just before the page is made.");
        await using WebApplication server = await Serve(registry);
        using var client = new HttpClient();
        registry.AddBeforeCollectCallback(() => throw new InvalidOperationException("the league is starting"));
        registry.AddBeforeCollectCallback(_ => throw new InvalidOperationException("and its learner too"));
        registry.AddBeforeCollectCallback(() => late.Set(7));
        using HttpResponseMessage page = await client.GetAsync(new Uri(Address(server) + "/metrics"));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", page.Content.Headers.ContentType!.ToString());
        Assert.Contains("\narena_late 7\n", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [ToolFact("prometheus", "--version", Needs = "Debian's prometheus package")]
    public async Task A_real_Prometheus_scrapes_and_answers_queries()
    {
        await using WebApplication server = await Serve(Page.Registry());
        string folder = Directory.CreateTempSubdirectory("arena-prometheus-").FullName;
        int port = FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"),
            $"global: {{ scrape_interval: 1s }}\nscrape_configs:\n  - job_name: arena\n    static_configs: [ {{ targets: [ '{Address(server)[7..]}' ] }} ]\n");
        using Process prometheus = Process.Start(new ProcessStartInfo("prometheus",
            [$"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/data", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
        { RedirectStandardError = true })!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            Assert.Equal("5", await Ask(client, "arena_update_seconds_count"));
            Assert.Equal("3", await Ask(client, "arena_steps_total"));
            Assert.Equal("1", await Ask(client, "arena_frames_total{kind=\"chunk\",side=\"a\\\"b\\\\c\\nd\"}"));
            Assert.Equal("1", await Ask(client, "up{job=\"arena\"} == 1"));
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The value of a query, asked again until it is there (a server starts, then scrapes).</summary>
    private static async Task<string> Ask(HttpClient client, string query)
    {
        var clock = Stopwatch.StartNew();
        string last = "";
        while (clock.Elapsed < TimeSpan.FromMinutes(3))
        {
            try
            {
                last = await client.GetStringAsync(new Uri("/api/v1/query?query=" + Uri.EscapeDataString(query), UriKind.Relative));
                JsonElement results = JsonDocument.Parse(last).RootElement.GetProperty("data").GetProperty("result");
                if (results.GetArrayLength() > 0)
                    return results[0].GetProperty("value")[1].GetString()!;
            }
            catch (HttpRequestException e)
            {
                last = e.Message;
            }
            await Task.Delay(100);
        }
        throw new TimeoutException($"no answer to {query}: {last}");
    }

    private static async Task<WebApplication> Serve(CollectorRegistry registry)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.MapMetrics(registry: registry);
        await app.StartAsync();
        return app;
    }

    private static string Address(WebApplication app) => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
