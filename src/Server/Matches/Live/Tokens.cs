using System.Security.Cryptography;
using System.Text;

namespace SelfPlayArena.Server.Matches.Live;

/// <summary>Names of matches and secrets of seats.</summary>
internal static class Tokens
{
    /// <summary>No letters that are taken for others.</summary>
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int SecretBytes = 24;
    private const int IdLength = 8;

    /// <summary>A match's name: short enough to be read out.</summary>
    public static string Id() => RandomNumberGenerator.GetString(Letters, IdLength);

    public static string Secret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Whether two secrets are the same, found out in a time that does not depend on where they differ.</summary>
    public static bool Same(string? known, string? given)
        => known is not null && given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(known), Encoding.UTF8.GetBytes(given));
}
