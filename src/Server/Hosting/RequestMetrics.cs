using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Prometheus;
using SelfPlayArena.Rollout.Telemetry;

namespace SelfPlayArena.Server.Hosting;

/// <summary>What the server answers and how long that takes.</summary>
internal sealed class RequestMetrics
{
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    public RequestMetrics(MetricSheet sheet)
    {
        sheet.Begin("Server");
        Requests = sheet.Counter("arena_http_requests_total", "Requests answered, WebSockets excluded.", "method", "route", "status");
        Duration = sheet.Histogram("arena_http_request_seconds", "Time from a request to the end of its answer, WebSockets excluded.", Seconds, "route");
        Running = sheet.Gauge("arena_http_requests_running", "Requests being answered, open WebSockets included.");
        Running.Set(0);
    }

    public Counter Requests { get; }

    public Histogram Duration { get; }

    public Gauge Running { get; }
}

/// <summary>Counts requests by the route they matched, never by path: those that come from outside would be without number.</summary>
internal sealed class RequestMetricsMiddleware(RequestDelegate next, RequestMetrics metrics, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        long start = time.GetTimestamp();
        metrics.Running.Inc();
        try
        {
            await next(context);
        }
        finally
        {
            metrics.Running.Dec();
            if (!context.WebSockets.IsWebSocketRequest)
            {
                string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
                metrics.Requests.WithLabels(Method(context.Request.Method), route, context.Response.StatusCode.ToString(CultureInfo.InvariantCulture)).Inc();
                metrics.Duration.WithLabels(route).Observe(time.GetElapsedTime(start).TotalSeconds);
            }
        }
    }

    private static string Method(string method) => method is "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "OPTIONS" ? method : "other";
}
