using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Server.Client;
using SelfPlayArena.Server.Content;
using SelfPlayArena.Server.League;
using SelfPlayArena.Server.Matches;
using SelfPlayArena.Server.People;
using SelfPlayArena.Server.Replays;
using SelfPlayArena.Server.Research;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Hosting;

/// <summary>What the server is made of, and through what a request goes, in order.</summary>
internal static class Pipeline
{
    public static void AddArenaServices(this IServiceCollection services)
    {
        services.AddRouting();
        services.AddProblemDetails();
        // Otherwise a body that cannot be read is answered without a word; so it is told like any other refusal.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddOpenApi(document => document.AddDocumentTransformer((openApi, _, _) =>
        {
            (openApi.Info.Title, openApi.Info.Version) = ("SelfPlayArena", AboutRoutes.Protocol.ToString(System.Globalization.CultureInfo.InvariantCulture));
            return Task.CompletedTask;
        }));
        services.AddResponseCompression(compression => compression.MimeTypes = ["application/json"]);
        services.AddRequestTimeouts(ServerLimits.Apply);
        services.AddRateLimiter(ServerLimits.Apply);
        services.AddSingleton<RequestMetrics>();
        services.AddSingleton<HostNames>();
        services.AddSingleton<FolderNames>();
        services.AddSingleton<Callers>();
        services.AddSingleton<AccessToken>();
        services.AddSingleton<WebClientFiles>();
        services.ConfigureHttpJsonOptions(json => Configure(json.SerializerOptions));
        services.AddLeague();
        services.AddReplays();
        services.AddPeople();
        services.AddMatches();
        services.AddResearch();
    }

    public static void UseArena(this WebApplication app)
    {
        app.UseTrustedProxies(app.Services.GetRequiredService<ServerOptions>());
        app.UseMiddleware<RequestMetricsMiddleware>();
        app.UseMiddleware<AnswerHeaders>();
        app.UseMiddleware<Refusals>();
        app.UseMiddleware<HostCheck>();
        app.UseMiddleware<OriginCheck>();
        app.UseRateLimiter();
        app.UseMiddleware<TokenCheck>();
        app.UseResponseCompression();
        app.UseRequestTimeouts();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15) });
        app.UseMiddleware<SocketLimit>();
        app.MapOpenApi();
        app.MapMetrics(registry: app.Services.GetRequiredService<MetricSheet>().Registry);
        app.MapHealth();
        app.MapAbout();
        app.MapContent();
        app.MapLeague();
        app.MapReplays();
        app.MapPeople();
        app.MapMatches();
        app.MapResearch();
        app.MapWebClient();
    }

    /// <summary>How answers are written: camelCase, nothing for what is not there, null for numbers that JSON lacks.</summary>
    public static void Configure(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.Converters.Add(new FiniteNumbers());
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
    }
}
