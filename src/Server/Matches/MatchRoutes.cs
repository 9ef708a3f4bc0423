using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace SelfPlayArena.Server.Matches;

/// <summary>Live matches: lobbies, seats, and the WebSockets over which they are watched and played.</summary>
internal static class MatchRoutes
{
    public static void AddMatches(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
    }

    public static void MapMatches(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
    }
}
