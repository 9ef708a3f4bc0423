using System.Text;
using Microsoft.AspNetCore.Http;

namespace SelfPlayArena.Server.Security;

/// <summary>Lets nobody in who does not know the token. A browser that comes without is shown where to enter it.</summary>
internal sealed class TokenCheck(RequestDelegate next, AccessToken token)
{
    private const string Door = """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>SelfPlayArena</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}input,button{font:inherit;padding:.4rem .6rem}input{width:100%;box-sizing:border-box;margin:.5rem 0}</style>
        <h1>SelfPlayArena</h1><p>This arena is open to those who know its token. It was printed when the server was started.</p>
        <form method="get" action="/"><label>Token<input name="access" type="password" autocomplete="current-password" autofocus required></label><button>Enter</button></form></html>
        """;

    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (token.IsDemanded && request.Query[AccessToken.Query] is { Count: 1 } given && token.Fits(given))
        {
            // The token must not stay in the address: it would be in the history and in every screenshot.
            context.Response.Cookies.Append(AccessToken.Cookie, given.ToString(), new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = TimeSpan.FromDays(30), Secure = request.IsHttps });
            context.Response.Headers.CacheControl = "no-store";
            // Two slashes at the beginning would lead to another site.
            context.Response.Redirect("/" + request.Path.ToUriComponent().TrimStart('/'));
            return Task.CompletedTask;
        }
        if (token.IsKnownBy(request) || request.Path == "/health")
            return next(context);
        if (!HttpMethods.IsGet(request.Method) || !request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
            throw new Refusal(StatusCodes.Status401Unauthorized, "Token needed", $"This server demands its token; allowed: the header '{AccessToken.Header}: TOKEN', or a browser that was given it at /.");
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Door), context.RequestAborted).AsTask();
    }
}
