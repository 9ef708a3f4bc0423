using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Client;

/// <summary>Serves the web client at every path that is not the interface's.</summary>
internal static class WebClientRoutes
{
    private const string NotBuilt = """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>SelfPlayArena</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:12vh auto;padding:0 1rem;color-scheme:light dark}code{background:#8883;padding:.1rem .3rem;border-radius:.2rem}</style>
        <h1>SelfPlayArena</h1>
        <p>The server runs; its web client was not built. That needs Node.js 18 or newer with npm; the next start of <code>./arena</code> builds it.</p>
        <p>Meanwhile: <a href="/api/about">about</a> · <a href="/api/runs">runs</a> · <a href="/api/league">league</a> · <a href="/api/replays">replays</a> · <a href="/api/matches">matches</a> ·
        <a href="/openapi/v1.json">the interface (OpenAPI)</a> · <a href="/metrics">metrics</a> · <a href="/health">health</a></p></html>
        """;

    public static void MapWebClient(this IEndpointRouteBuilder routes)
    {
        WebClientFiles files = routes.ServiceProvider.GetRequiredService<WebClientFiles>();
        routes.MapMethods("/{**path}", [HttpMethods.Get, HttpMethods.Head], (HttpContext context) => Answer(context, files)).ExcludeFromDescription();
    }

    private static Task Answer(HttpContext context, WebClientFiles files)
    {
        PathString path = context.Request.Path;
        if (path.StartsWithSegments("/api") || path.StartsWithSegments("/ws") || path.StartsWithSegments("/openapi"))
            throw Refusal.NotFound($"There is nothing at {path}; what there is stands in /openapi/v1.json.");
        if (files.Find(path.Value is null or "/" ? "/index.html" : path.Value) is { } file)
            return file.Answer(context);
        if (files.IsBuilt || WebClientFiles.IsFile(path.Value ?? ""))
            throw Refusal.NotFound($"The web client has no file {path}.");
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(NotBuilt), context.RequestAborted).AsTask();
    }
}
