using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.People;

/// <summary>Ratings of the people who played here.</summary>
internal static class PeopleRoutes
{
    public static void AddPeople(this IServiceCollection services)
        => services.AddSingleton(s =>
        {
            PlayFolder folder = s.GetRequiredService<PlayFolder>();
            ServerFaults faults = s.GetRequiredService<ServerFaults>();
            return new PeopleRatings(folder.Path, s.GetRequiredService<TimeProvider>(), what => faults.Tell("ratings", what), folder.IsOwn);
        });

    public static void MapPeople(this IEndpointRouteBuilder routes)
        => routes.MapGet("/api/people", (PeopleRatings people) => people.All())
            .WithSummary("Ratings of people (Glicko) with the half-width of their 95% interval, best first").Refuses();
}
