using System.Text.Json;
using System.Text.Json.Serialization;

namespace SelfPlayArena.Server.Hosting;

/// <summary>Writes null for NaN and infinities, which JSON lacks: a chart leaves a gap there.</summary>
internal sealed class FiniteNumbers : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteNullValue();
    }
}
