using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Content;

/// <summary>What does not change while the server runs.</summary>
internal static class ContentRoutes
{
    public static void MapContent(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/content", () => GameContent.All)
            .WithSummary("Heroes, items, summoner spells, modes, rule sets and difficulties, in the order of their indices").Refuses();
        routes.MapGet("/api/maps/{mode}", (string mode) => MapAnswers.Of(mode))
            .WithSummary("The ground of a mode: cells, lanes, structures, camps and fountains").Refuses(StatusCodes.Status404NotFound);
    }
}
