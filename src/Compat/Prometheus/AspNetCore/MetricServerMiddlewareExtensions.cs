using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Prometheus;

/// <summary>Serves a registry's metrics over HTTP.</summary>
public static class MetricServerMiddlewareExtensions
{
    /// <summary>Answers requests for <paramref name="pattern"/> with the metrics of a registry, the default one unless another is given.</summary>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder endpoints, string pattern = "/metrics", CollectorRegistry? registry = null)
    {
        CollectorRegistry source = registry ?? Metrics.DefaultRegistry;
        return endpoints.Map(pattern, context => Answer(context, source)).WithDisplayName("Prometheus metrics");
    }

    private static async Task Answer(HttpContext context, CollectorRegistry registry)
    {
        using var page = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(page, context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = PrometheusConstants.TextContentTypeWithVersionAndEncoding;
        await context.Response.Body.WriteAsync(page.GetBuffer().AsMemory(0, (int)page.Length), context.RequestAborted).ConfigureAwait(false);
    }
}
