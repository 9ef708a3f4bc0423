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
        // Collected before the first byte goes out, so that a failing callback becomes an answer with a reason instead of a torn page.
        using var page = new MemoryStream();
        try
        {
            await registry.CollectAndExportAsTextAsync(page, context.RequestAborted).ConfigureAwait(false);
        }
        catch (ScrapeFailedException e)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync(e.Message, context.RequestAborted).ConfigureAwait(false);
            return;
        }
        context.Response.ContentType = PrometheusConstants.TextContentTypeWithVersionAndEncoding;
        await context.Response.Body.WriteAsync(page.GetBuffer().AsMemory(0, (int)page.Length), context.RequestAborted).ConfigureAwait(false);
    }
}
