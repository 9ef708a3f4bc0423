using System.Globalization;
using System.Text;
using System.Text.Json;
using SelfPlayArena.Core;

namespace SelfPlayArena.Server.Matches.Saving;

/// <summary>
/// A match as it lies on the disk: a line with the format's version and the checksum of all that follows, then JSON. Without the checksum a recording with a few
/// other bits would still be one, of a match that nobody played.
/// </summary>
internal static class MatchFile
{
    private const int HashDigits = 16;

    /// <summary>A network that has diverged remembers what JSON has no numbers for.</summary>
    private static readonly JsonSerializerOptions Json = new()
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static ReadOnlySpan<byte> Mark => "arena-match 1 "u8;

    public static byte[] Encode(SavedMatch match) => Sealed(JsonSerializer.SerializeToUtf8Bytes(match, Json));

    /// <summary>Puts the line before what follows it.</summary>
    internal static byte[] Sealed(ReadOnlySpan<byte> json) => [.. Mark, .. Checksum(json), (byte)'\n', .. json];

    /// <exception cref="InvalidDataException">It is damaged, or no match of this version's; says how.</exception>
    public static SavedMatch Decode(ReadOnlySpan<byte> file)
    {
        int start = Mark.Length + HashDigits + 1;
        if (!file.StartsWith(Mark))
            throw new InvalidDataException("it does not begin as matches kept by this version do ('arena-match 1'): it is another version's, or damaged");
        if (file.Length < start || file[start - 1] != '\n')
            throw new InvalidDataException("its first line has no checksum: it is damaged");
        ReadOnlySpan<byte> json = file[start..];
        if (!file.Slice(Mark.Length, HashDigits).SequenceEqual(Checksum(json)))
            throw new InvalidDataException($"its checksum does not fit its {json.Length.ToString(CultureInfo.InvariantCulture)} bytes: it is damaged or cut off");
        try
        {
            return JsonSerializer.Deserialize<SavedMatch>(json, Json) ?? throw new InvalidDataException("it is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static byte[] Checksum(ReadOnlySpan<byte> json) => Encoding.ASCII.GetBytes(StableHash.Of(json).ToString("x16", CultureInfo.InvariantCulture));
}
