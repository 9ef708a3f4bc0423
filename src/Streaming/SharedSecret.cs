using System.Security.Cryptography;
using System.Text;

namespace SelfPlayArena.Streaming;

/// <summary>
/// What learner and workers both know and never send: each proves it by an HMAC-SHA256 over both ends' fresh random bytes. It proves who
/// speaks when a connection begins; it does not hide what is said afterwards.
/// </summary>
public sealed class SharedSecret
{
    /// <summary>Fewest bytes of a secret.</summary>
    public const int MinBytes = 16;

    internal const int NonceBytes = 32;
    internal const int ProofBytes = 32;

    private readonly byte[] _key;

    private SharedSecret(byte[] key) => _key = key;

    /// <summary>No secret: for connections that never leave one machine.</summary>
    public static SharedSecret None { get; } = new([]);

    public bool IsNone => _key.Length == 0;

    /// <param name="text">White space around it does not count.</param>
    /// <exception cref="ArgumentException">Shorter than <see cref="MinBytes"/>.</exception>
    public static SharedSecret Of(string text)
    {
        byte[] key = Encoding.UTF8.GetBytes(text.Trim());
        if (key.Length < MinBytes)
            throw new ArgumentException($"the secret has {key.Length} bytes; allowed are {MinBytes} or more, for example what 'openssl rand -hex 32' prints", nameof(text));
        return new SharedSecret(key);
    }

    internal static byte[] Nonce() => RandomNumberGenerator.GetBytes(NonceBytes);

    /// <summary>The role is part of what is proved, so that nobody can send a proof back to where it came from.</summary>
    internal byte[] Prove(string role, string session, byte[] workerNonce, byte[] learnerNonce)
    {
        byte[] proved = [.. Encoding.UTF8.GetBytes($"arena {FramePrefix.Version} {role} {session} "), .. workerNonce, .. learnerNonce];
        return HMACSHA256.HashData(_key, proved);
    }

    internal bool Proves(byte[] proof, string role, string session, byte[] workerNonce, byte[] learnerNonce)
        => CryptographicOperations.FixedTimeEquals(proof, Prove(role, session, workerNonce, learnerNonce));
}
