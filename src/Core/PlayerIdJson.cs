using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SelfPlayArena.Core;

/// <summary>A player as one JSON string, the way it is printed: <c>main@latest</c>, <c>main@7</c>, <c>scripted:easy@1</c>.</summary>
internal sealed class PlayerIdJson : JsonConverter<PlayerId>
{
    public override PlayerId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string text = reader.GetString() ?? throw new JsonException("a player is a string, not null");
        if (new MemberId(text).IsScripted)
            return new PlayerId(new MemberId(text), 0);
        int at = text.LastIndexOf('@');
        if (at <= 0)
            throw new JsonException($"'{text}' is no player; expected NAME@latest, NAME@7 or scripted:NAME");
        string version = text[(at + 1)..];
        int number = PlayerId.Latest;
        if (version != "latest" && !int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            throw new JsonException($"'{text}' is no player: '{version}' is neither 'latest' nor a number");
        return new PlayerId(new MemberId(text[..at]), number);
    }

    public override void Write(Utf8JsonWriter writer, PlayerId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
