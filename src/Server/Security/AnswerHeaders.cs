using Microsoft.AspNetCore.Http;

namespace SelfPlayArena.Server.Security;

/// <summary>
/// Puts on every answer what browsers should know: that pages run nothing but the server's own scripts, are framed by nobody, and that other sites
/// get nothing of it.
/// </summary>
internal sealed class AnswerHeaders(RequestDelegate next)
{
    // Styles: chart and renderer libraries set style attributes. Workers and images from blobs: the renderer decodes its textures there.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
        + "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return next(context);
    }
}
