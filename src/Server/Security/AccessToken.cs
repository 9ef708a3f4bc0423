using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Server.Security;

/// <summary>
/// The secret that whoever comes from another machine must know. Browsers bring it once, by <c>?access=</c> or the form, and get a cookie; programs send
/// the header <c>Arena-Token</c>, or <c>Authorization: Bearer</c> where no seat's token stands there.
/// </summary>
public sealed class AccessToken(ServerOptions options)
{
    public const string Cookie = "arena-access";
    public const string Header = "Arena-Token";
    public const string Query = "access";
    private const string Bearer = "Bearer ";
    private const int Bytes = 24;
    private readonly byte[]? _digest = options.Token is { Length: > 0 } token ? Digest(token) : null;

    /// <summary>A token that nobody guesses: 192 random bits.</summary>
    public static string Generate() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>False where everybody who can reach the address is welcome.</summary>
    public bool IsDemanded => _digest is not null;

    internal bool IsKnownBy(HttpRequest request)
        => _digest is null
            || Fits(request.Cookies[Cookie])
            || Fits(request.Headers[Header])
            || (request.Headers.Authorization.ToString() is { } authorization && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && Fits(authorization[Bearer.Length..]));

    /// <summary>Whether it is the token. Takes as long for a near miss as for a wild guess, as digests are compared in constant time.</summary>
    public bool Fits(string? token) => _digest is not null && !string.IsNullOrEmpty(token) && CryptographicOperations.FixedTimeEquals(Digest(token), _digest);

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
