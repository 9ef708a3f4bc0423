using Microsoft.AspNetCore.Http;

namespace SelfPlayArena.Server.Security;

/// <summary>
/// Refuses what another site's page lets a browser ask for: browsers say on whose behalf they ask. Programs that say nothing are let through,
/// except to what controls the run.
/// </summary>
internal sealed class OriginCheck(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (IsForeign(request))
            throw Refusal.Forbidden($"Requests from pages of other sites are refused; allowed: pages that {Own(request)} itself serves, and programs that are no browser.");
        if (context.GetEndpoint()?.Metadata.GetMetadata<SameOriginOnly>() is not null && !IsOwn(request))
            throw Refusal.Forbidden($"Only pages of this server may do this; a program says so by the header 'Origin: {Own(request)}'.");
        return next(context);
    }

    private static string Own(HttpRequest request) => $"{request.Scheme}://{request.Host}";

    private static bool IsOwn(HttpRequest request) => string.Equals(request.Headers.Origin, Own(request), StringComparison.OrdinalIgnoreCase);

    private static bool IsForeign(HttpRequest request)
    {
        if (request.Headers.Origin.Count > 0)
            return !IsOwn(request);
        // A link from elsewhere to the client's pages is welcome; a script or picture that asks is not.
        string? site = request.Headers["Sec-Fetch-Site"];
        return site is "cross-site" or "same-site" && request.Headers["Sec-Fetch-Mode"] != "navigate";
    }
}

/// <summary>Marks an endpoint that only this server's own pages may use.</summary>
internal sealed class SameOriginOnly;
