using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.Matches.Reels;
using SelfPlayArena.Server.Matches.Wire;
using SelfPlayArena.Server.People;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Matches;

/// <summary>Live matches: lobbies, seats, and the WebSockets over which they are watched and played.</summary>
internal static class MatchRoutes
{
    public static void AddMatches(this IServiceCollection services)
    {
        services.AddSingleton(s => new LiveMatches(
            s.GetRequiredService<ServerOptions>(), s.GetRequiredService<MetricSheet>(), s.GetService<IPlayPressure>(), s.GetRequiredService<PeopleRatings>(), s.GetRequiredService<IRatedPools>(),
            s.GetRequiredService<ServerFaults>(), s.GetRequiredService<PlayFolder>()));
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<LiveMatches>());
        services.AddSingleton<ReelShelf>();
        services.AddSingleton(s => new MatchSockets(s.GetRequiredService<LiveMatches>().Meter, s.GetRequiredService<ServerOptions>().Vanished, s.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
    }

    public static void MapMatches(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup("/api/matches").WithTags("matches");
        api.MapGet("", (LiveMatches matches) => matches.All.Select(m => m.View()).OrderBy(v => v.Id, StringComparer.Ordinal)).WithSummary("Live matches and lobbies.").Refuses();
        api.MapPost("", (OpenRequest request, HttpContext context, LiveMatches matches, Callers callers) =>
        {
            Caller caller = callers.Of(context);
            return matches.Open(request with { Person = PersonCookie.KeyOf(context), From = caller.Name }, callers.MostMatches(caller));
        }).RequireRateLimiting(ServerLimits.Changes)
            .WithSummary("Opens a lobby; a match without people starts at once and can be watched.").RefusesBodies(StatusCodes.Status409Conflict);
        api.MapGet("{id}", (string id, LiveMatches matches) => matches.Get(id).View()).WithSummary("A lobby or match with its seats.").Refuses(StatusCodes.Status404NotFound);
        api.MapPost("{id}/join", (string id, JoinRequest request, HttpContext context, LiveMatches matches) => matches.Get(id).Join(request with { Person = PersonCookie.KeyOf(context) })).RequireRateLimiting(ServerLimits.Changes)
            .WithSummary("Takes a free seat.").RefusesBodies(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        api.MapPost("{id}/seat", (string id, SeatRequest request, HttpContext context, LiveMatches matches) => matches.Get(id).Change(Bearer(context), request)).RequireRateLimiting(ServerLimits.Changes)
            .WithSummary("Before the start: the host changes a seat, and whoever has one chooses its hero.").RefusesBodies(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        api.MapPost("{id}/start", (string id, HttpContext context, LiveMatches matches) => matches.Get(id).Start(Bearer(context))).RequireRateLimiting(ServerLimits.Changes)
            .WithSummary("The host starts the match, or its draft.").Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        api.MapPost("{id}/leave", (string id, HttpContext context, LiveMatches matches) =>
        {
            matches.Get(id).Leave(Bearer(context));
            return TypedResults.NoContent();
        }).RequireRateLimiting(ServerLimits.Changes).WithSummary("Before the start: gives a seat back. When the host goes, whoever has waited longest is the host.").Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        routes.MapGet("/api/difficulties", (string? mode, string? rules, LiveMatches matches) => DifficultyLevels.Of(matches, mode, rules)).WithTags("matches")
            .WithSummary("Levels of bots: how fast and true their hands are, and who decides in matches of a mode and rule set.").Refuses(StatusCodes.Status400BadRequest);
        routes.Map("/ws/match/{id}", (string id, HttpContext context, LiveMatches matches, MatchSockets sockets) =>
            sockets.Serve(context, _ => Task.FromResult<IConversation>(new LiveConversation(matches.Get(id), Token(context), ViewOf(context))))).ExcludeFromDescription().WithMetadata(new DisableRequestTimeoutAttribute());
        routes.Map("/ws/replay/{id}", (string id, HttpContext context, ReelShelf shelf, LiveMatches matches, MatchSockets sockets) => sockets.Serve(context, async cancellation =>
        {
            int view = ViewOf(context);
            var session = new ReelSession(await shelf.Get(id, cancellation), view, matches.Players);
            matches.Clock.Add(session);
            return session;
        })).ExcludeFromDescription().WithMetadata(new DisableRequestTimeoutAttribute());
    }

    /// <summary>The view that a WebSocket asks for.</summary>
    public static int ViewOf(HttpContext context) => context.Request.Query["view"].ToString() switch
    {
        "" or "all" => SightOf.Everything,
        "0" => 0,
        "1" => 1,
        _ => throw Refusal.BadRequest("The view is unknown; allowed: all, 0, 1."),
    };

    private static string? Token(HttpContext context) => context.Request.Query["token"] is { Count: 1 } given && given.ToString().Length > 0 ? given.ToString() : null;

    private static string? Bearer(HttpContext context)
    {
        const string scheme = "Bearer ";
        string header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header[scheme.Length..] : null;
    }

    private sealed class LiveConversation(LiveMatch match, string? token, int view) : IConversation
    {
        public Watcher Watcher { get; } = match.Attach(token, view);

        public void Receive(in ClientFrame frame) => match.Receive(Watcher, in frame);

        public void Leave() => match.Detach(Watcher);
    }
}
