using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.League;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Hosting;

/// <summary>What this client may do here.</summary>
/// <param name="Control">It may pause, resume, snapshot and stop the run.</param>
/// <param name="Play">It may open and join matches.</param>
internal sealed record Permissions(bool Control, bool Play);

/// <param name="Protocol">Version of the interface and of what WebSockets carry.</param>
/// <param name="Packages">Which packages the program was built with.</param>
/// <param name="Run">The run of this process; null if it has none.</param>
internal sealed record About(string Product, string Version, int Protocol, string Packages, string? Run, Permissions May);

/// <summary>Who answers here, and how it is.</summary>
internal static class AboutRoutes
{
    /// <summary>Raised when a client of the version before would misread what is sent.</summary>
    public const int Protocol = 1;

    public static void MapAbout(this IEndpointRouteBuilder routes)
        => routes.MapGet("/api/about", (ServerOptions options, ServedLeague league)
            => new About("SelfPlayArena", options.Version, Protocol, options.Packages, league.Run?.Name, new Permissions(league.Run is not null, true)))
            .WithSummary("Product and protocol version, the run of this process, and what this client may do").Refuses();

    public static void MapHealth(this IEndpointRouteBuilder routes)
        => routes.MapGet("/health", (ServedLeague league) =>
        {
            RunHealth? run = league.Run?.Health;
            return TypedResults.Json(new Health(run?.State ?? "serving", run?.Healthy ?? true), statusCode: run is { Healthy: false } ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
        }).WithSummary("Whether the server and its run live; 503 when the run is stalled or faulted").Produces<Health>().Produces<Health>(StatusCodes.Status503ServiceUnavailable).Refuses();
}

/// <param name="State"><c>serving</c> without a run of its own, else the run's: starting, running, paused, stalled, faulted, ended.</param>
internal sealed record Health(string State, bool Healthy);
