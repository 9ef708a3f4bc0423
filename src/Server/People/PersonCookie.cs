using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SelfPlayArena.Server.People;

/// <summary>
/// Knows a browser again without asking who sits before it: a random number in a cookie. Only its hash is kept, so that the file of ratings lets nobody
/// pass for somebody else.
/// </summary>
internal static class PersonCookie
{
    private const string Name = "arena-person";
    private const int Bytes = 16;

    /// <summary>The person's key; a browser that has none yet gets one. Null for programs that are no browser: they keep no cookies.</summary>
    public static string? KeyOf(HttpContext context)
    {
        if (context.Request.Cookies[Name] is { Length: 2 * Bytes } known && known.All(char.IsAsciiHexDigitLower))
            return Key(known);
        if (context.Request.Headers.Origin.Count == 0)
            return null;
        string secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        context.Response.Cookies.Append(Name, secret, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = TimeSpan.FromDays(400), Secure = context.Request.IsHttps });
        return Key(secret);
    }

    private static string Key(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)).AsSpan(0, Bytes));
}
