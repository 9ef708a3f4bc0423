using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Research;

/// <summary>Where programs open batches of matches.</summary>
internal static class ResearchRoutes
{
    public const string Path = "/ws/env";

    public static void AddResearch(this IServiceCollection services) => services.AddSingleton<ResearchRoom>();

    public static void MapResearch(this IEndpointRouteBuilder routes)
        => routes.MapGet(Path, ServeAsync).DisableRequestTimeout().ExcludeFromDescription();

    private static async Task ServeAsync(HttpContext context, ResearchRoom room, Callers callers, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            throw new Refusal(StatusCodes.Status426UpgradeRequired, "WebSocket needed", $"{Path} is a WebSocket; tools/python has a client for it.");
        if (room.Games is null)
            throw Refusal.NotFound("this server has no environments for programs; 'arena serve' has");
        bool isHere = callers.Of(context).IsHere;
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        using var client = new ResearchSocket(socket, room, room.Games, isHere);
        await client.ServeAsync(lifetime.ApplicationStopping);
    }
}
