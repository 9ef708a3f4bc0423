using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SelfPlayArena.Core;

namespace SelfPlayArena.League;

/// <summary>
/// One event as one line: <c>{"v":1,"position":12,"checksum":"16 hex digits","event":{"kind":…}}</c>. The checksum covers the position and
/// the event's bytes as they stand, so the prefix is read byte by byte and not through a JSON parser.
/// </summary>
internal static class EventLine
{
    public const int Version = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new PlayerConverter(), new MemberConverter() },
    };

    private static readonly string[] Kinds = [.. typeof(LeagueEvent)
        .GetCustomAttributes(typeof(JsonDerivedTypeAttribute), inherit: false)
        .Select(a => (string)((JsonDerivedTypeAttribute)a).TypeDiscriminator!)];

    /// <summary>Writes the line with its line feed.</summary>
    public static void Write(Stream to, long position, LeagueEvent e)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(e, Json);
        to.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{{\"v\":{Version},\"position\":{position},\"checksum\":\"{Checksum(position, body):x16}\",\"event\":")));
        to.Write(body);
        to.Write("}\n"u8);
    }

    /// <summary>Reads a line (without line feed) that must hold <paramref name="position"/>.</summary>
    /// <exception cref="FormatException">It is damaged, or from a newer version of the program; the message says which.</exception>
    public static LeagueEvent Read(ReadOnlySpan<byte> line, long position)
    {
        ReadOnlySpan<byte> rest = line;
        if (!Take(ref rest, "{\"v\":"u8) || !TakeNumber(ref rest, out long version))
            throw new FormatException("it does not start like a league event");
        if (version != Version)
            throw new FormatException($"it has format version {version}; this program reads version {Version}, use the program that wrote it");
        if (!Take(ref rest, ",\"position\":"u8) || !TakeNumber(ref rest, out long found) || !Take(ref rest, ",\"checksum\":\""u8)
            || !Utf8Parser.TryParse(rest, out ulong checksum, out int used, 'x') || used != 16)
            throw new FormatException("its position or checksum cannot be read");
        rest = rest[16..];
        if (!Take(ref rest, "\",\"event\":"u8) || rest.Length < 2 || rest[^1] != '}')
            throw new FormatException("it ends too early");
        ReadOnlySpan<byte> body = rest[..^1];
        if (Checksum(found, body) != checksum)
            throw new FormatException("its checksum does not fit its content");
        if (found != position)
            throw new FormatException($"it holds position {found} where {position} was expected");
        return Parse(body);
    }

    private static LeagueEvent Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<LeagueEvent>(body, Json) ?? throw new FormatException("it holds no event");
        }
        catch (JsonException e)
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            string kind = document.RootElement.TryGetProperty("kind", out JsonElement k) ? k.ToString() : "none";
            throw Array.IndexOf(Kinds, kind) < 0
                ? new FormatException($"it is of the kind '{kind}', which this program does not know (known: {string.Join(", ", Kinds)}); it was written by a newer program", e)
                : new FormatException($"its '{kind}' event does not have the fields that this program expects: {e.Message}", e);
        }
    }

    private static ulong Checksum(long position, ReadOnlySpan<byte> body)
    {
        Span<byte> prefix = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(prefix, position);
        return StableHash.Finish(StableHash.Append(StableHash.Append(StableHash.Start, prefix), body));
    }

    private static bool Take(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> expected)
    {
        if (!rest.StartsWith(expected))
            return false;
        rest = rest[expected.Length..];
        return true;
    }

    private static bool TakeNumber(ref ReadOnlySpan<byte> rest, out long number)
    {
        if (!Utf8Parser.TryParse(rest, out number, out int used) || number < 0)
            return false;
        rest = rest[used..];
        return true;
    }

    private sealed class PlayerConverter : JsonConverter<PlayerId>
    {
        public override PlayerId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            try
            {
                return PlayerText.Parse(reader.GetString() ?? "");
            }
            catch (FormatException e)
            {
                throw new JsonException(e.Message, e);
            }
        }

        public override void Write(Utf8JsonWriter writer, PlayerId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    private sealed class MemberConverter : JsonConverter<MemberId>
    {
        public override MemberId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, MemberId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
