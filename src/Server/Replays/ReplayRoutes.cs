using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Replays;

/// <param name="Page">From 1.</param>
/// <param name="Total">Replays on all pages.</param>
internal sealed record ReplayPage(int Page, int Pages, int Total, IReadOnlyList<ReplayAnswer> Items);

/// <summary>Finding and fetching replays.</summary>
internal static class ReplayRoutes
{
    private const int PageSize = 24;
    private const int LongestQuery = 200;

    public static void AddReplays(this IServiceCollection services) => services.AddSingleton<ReplayShelf>();

    public static void MapReplays(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/replays", (string? q, int? page, ReplayShelf shelf) => Find(q ?? "", page ?? 1, shelf))
            .WithSummary("Replays of runs and of played matches, newest first, 24 a page; q: words that players, heroes, mode, rules or run must all have")
            .Refuses(StatusCodes.Status400BadRequest);
        routes.MapGet("/api/replays/{id}", (string id, ServerOptions options) =>
            {
                string path = ReplayNames.PathOf(options.Runs, id);
                return TypedResults.PhysicalFile(path, "application/octet-stream", Path.GetFileName(path));
            })
            .WithSummary("A replay's file, as 'arena replay' shows it")
            .Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream")
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound);
    }

    private static ReplayPage Find(string q, int page, ReplayShelf shelf)
    {
        if (q.Length > LongestQuery)
            throw Refusal.BadRequest($"The search has {q.Length} characters; allowed: {LongestQuery}.");
        string[] words = q.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        IReadOnlyList<ReplayAnswer> found = words.Length == 0 ? shelf.All() : [.. shelf.All().Where(r => r.Has(words))];
        int pages = Math.Max(1, (found.Count + PageSize - 1) / PageSize);
        if (page < 1 || page > pages)
            throw Refusal.BadRequest($"There is no page {page}; allowed: 1 to {pages}.");
        return new ReplayPage(page, pages, found.Count, [.. found.Skip((page - 1) * PageSize).Take(PageSize)]);
    }
}
