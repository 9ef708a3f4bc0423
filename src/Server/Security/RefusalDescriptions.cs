using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace SelfPlayArena.Server.Security;

/// <summary>Tells the OpenAPI document how requests are refused, each with its problem document.</summary>
internal static class RefusalDescriptions
{
    private static readonly string[] Problem = ["application/problem+json"];

    /// <summary>Refusals that any request may meet on its way through the pipeline.</summary>
    private static readonly int[] OnTheWay =
    [
        StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status421MisdirectedRequest, StatusCodes.Status429TooManyRequests, StatusCodes.Status500InternalServerError,
    ];

    /// <summary>Refusals of requests that have a body.</summary>
    private static readonly int[] OfBodies = [StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType];

    /// <param name="statuses">What the endpoint itself refuses with, besides what every request may meet.</param>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (int status in (HashSet<int>)[.. OnTheWay, .. statuses])
            endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), Problem));
        return endpoint;
    }

    /// <summary>As <see cref="Refuses"/>, for an endpoint that reads a body.</summary>
    public static RouteHandlerBuilder RefusesBodies(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses) => endpoint.Refuses([.. OfBodies, .. statuses]);
}
