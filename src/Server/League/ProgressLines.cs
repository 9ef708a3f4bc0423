using System.Text.Json;

namespace SelfPlayArena.Server.League;

/// <summary>
/// Lines of progress as the interface has them: camelCase, null for numbers that JSON lacks. All but the last say of the ratings only the learner's own, since
/// with them a long run's answer would be ten times as long.
/// </summary>
internal static class ProgressLines
{
    public static byte[] Write(IReadOnlyList<byte[]> lines)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            for (int i = 0; i < lines.Count; i++)
            {
                using JsonDocument line = JsonDocument.Parse(lines[i]);
                Record(json, line.RootElement, last: i == lines.Count - 1);
            }
            json.WriteEndArray();
        }
        return stream.ToArray();
    }

    private static void Record(Utf8JsonWriter json, JsonElement record, bool last)
    {
        json.WriteStartObject();
        foreach (JsonProperty field in record.EnumerateObject())
        {
            if (!last && field.NameEquals("elo_curve"))
                continue;
            json.WritePropertyName(Camel(field.Name));
            Value(json, field.Value, last || !field.NameEquals("ratings"));
        }
        json.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter json, JsonElement value, bool all)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (JsonElement element in value.EnumerateArray())
                {
                    if (element.ValueKind != JsonValueKind.Object)
                        Value(json, element, all);
                    else if (all || IsLatest(element))
                        Record(json, element, last: true);
                }
                json.WriteEndArray();
                break;
            // Keys of an object within a line are names of heads and terms, not of fields.
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (JsonProperty named in value.EnumerateObject())
                {
                    json.WritePropertyName(named.Name);
                    Value(json, named.Value, all);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.String when value.GetString() is "NaN" or "Infinity" or "-Infinity":
                json.WriteNullValue();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static bool IsLatest(JsonElement rating)
        => rating.TryGetProperty("player", out JsonElement player) && player.ValueKind == JsonValueKind.String && player.GetString()!.EndsWith("@latest", StringComparison.Ordinal);

    private static string Camel(string snake)
    {
        string[] words = snake.Split('_');
        return words[0] + string.Concat(words.Skip(1).Select(w => w.Length == 0 ? w : char.ToUpperInvariant(w[0]) + w[1..]));
    }
}
