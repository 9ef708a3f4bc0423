using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.League;

/// <param name="Action">pause, resume, snapshot or stop.</param>
internal sealed record ControlRequest(string Action);

/// <param name="State">The run's after the request: running, paused, or stopping.</param>
internal sealed record ControlAnswer(string State);

/// <summary>Runs on disk, and the run of this process.</summary>
internal static class LeagueRoutes
{
    private const string Actions = "pause, resume, snapshot, stop";

    public static void AddLeague(this IServiceCollection services)
        => services.AddSingleton<RunShelf>().AddSingleton<LeagueStandings>().AddSingleton<ProgressFiles>().AddSingleton<IRatedPools, LeaguePools>();

    public static void MapLeague(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/runs", (RunShelf shelf) => shelf.All())
            .WithSummary("The runs on disk, most recently active first").Refuses();
        routes.MapGet("/api/league", (string? run, LeagueStandings standings) => standings.Of(run))
            .WithSummary("A league's ratings, payoff and family, from its log; without a name of the run that is served, or the most recent").Refuses(StatusCodes.Status404NotFound);
        routes.MapGet("/api/league/progress", (string? run, long? after, ProgressFiles files) => TypedResults.Bytes(ProgressLines.Write(files.After(run, after ?? -1)), "application/json"))
            .WithSummary("A run's progress after an update, at most 2,000 lines, evenly thinned")
            .Produces<object[]>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound);
        routes.MapPost("/api/league/control", Control)
            .WithSummary($"Controls the run of this process: {Actions}")
            .WithMetadata(new SameOriginOnly())
            .RequireRateLimiting(ServerLimits.Changes)
            .Produces<ControlAnswer>()
            .RefusesBodies(StatusCodes.Status409Conflict);
    }

    private static async Task<ControlAnswer> Control(ControlRequest request, ServedLeague league)
    {
        if (league.Run is not { } run)
            throw Refusal.Conflict("This server trains nothing, so that there is nothing to control; 'arena league' does.");
        switch (request.Action)
        {
            case "pause":
                await run.Pause();
                break;
            case "resume":
                await run.Resume();
                break;
            case "snapshot":
                await run.Snapshot();
                break;
            case "stop":
                await run.Stop();
                return new ControlAnswer("stopping");
            default:
                throw Refusal.BadRequest($"'{RunShelf.Shortened(request.Action ?? "")}' is no action; allowed: {Actions}.");
        }
        return new ControlAnswer(run.Paused ? RunShelf.Paused : RunShelf.Running);
    }
}
