using System.Collections;
using MessagePack;

namespace SelfPlayArena.Server.Matches.Wire;

/// <summary>
/// Writes small trees of maps, lists, strings, numbers and bools: what is sent now and then and need not be fast. A map is a
/// <c>(string, object?)[]</c>, a list any other sequence.
/// </summary>
internal static class Plain
{
    public static void Write(ref MessagePackWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNil();
                break;
            case string text:
                writer.Write(text);
                break;
            case bool truth:
                writer.Write(truth);
                break;
            case int number:
                writer.Write(number);
                break;
            case long number:
                writer.Write(number);
                break;
            case float number:
                writer.Write(number);
                break;
            case double number:
                writer.Write(number);
                break;
            case (string Key, object? Value)[] map:
                writer.WriteMapHeader(map.Length);
                foreach ((string key, object? held) in map)
                {
                    writer.Write(key);
                    Write(ref writer, held);
                }
                break;
            case IEnumerable list:
                object?[] items = [.. list.Cast<object?>()];
                writer.WriteArrayHeader(items.Length);
                foreach (object? item in items)
                    Write(ref writer, item);
                break;
            default:
                throw new ArgumentException($"a {value.GetType().Name} has no form on the wire", nameof(value));
        }
    }
}
