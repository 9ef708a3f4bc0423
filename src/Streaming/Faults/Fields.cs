using System.Buffers;
using System.Buffers.Binary;
using MessagePack;
using SelfPlayArena.Core;

namespace SelfPlayArena.Streaming.Faults;

/// <summary>A header as a list of values, so that each of them can be replaced by what it must not be.</summary>
internal static class Fields
{
    public static byte[] Encode(IReadOnlyList<object?> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        var writer = new MessagePackWriter(buffer);
        Write(ref writer, fields);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A whole frame with sound checksums.</summary>
    public static byte[] Frame(FrameKind kind, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload = default)
    {
        var frame = new byte[FramePrefix.Bytes + header.Length + payload.Length];
        new FramePrefix(kind, header.Length, payload.Length, Crc32C.Of(header), payload.IsEmpty ? 0 : Crc32C.Of(payload)).Write(frame);
        header.CopyTo(frame.AsSpan(FramePrefix.Bytes));
        payload.CopyTo(frame.AsSpan(FramePrefix.Bytes + header.Length));
        return frame;
    }

    public static byte[] Frame(FrameKind kind, IReadOnlyList<object?> fields) => Frame(kind, Encode(fields));

    /// <summary>The same frame with a prefix that its checksum vouches for, whatever it says.</summary>
    public static void Vouch(Span<byte> frame) => BinaryPrimitives.WriteUInt32LittleEndian(frame[20..], Crc32C.Of(frame[..20]));

    public static IReadOnlyList<object?> Matchup(Random random, string home, string away) => [
        (long)random.Next(1_000_000), home, PlayerId.Latest, away, random.Next(1, 4), random.Next(1, 64), (ulong)random.NextInt64()];

    /// <summary>A value that should not be there, whatever was.</summary>
    public static object? Nasty(Random random) => random.Next(22) switch
    {
        0 => null,
        1 => -1L,
        2 => long.MinValue,
        3 => long.MaxValue,
        4 => ulong.MaxValue,
        5 => int.MaxValue,
        6 => (long)int.MaxValue + 1,
        7 => 0L,
        8 => float.NaN,
        9 => double.PositiveInfinity,
        10 => true,
        11 => "",
        12 => new string('x', 300),
        13 => "../../etc/passwd",
        14 => "line\nbreak\0and\u001b[31mcolour",
        15 => "main",
        16 => new byte[random.Next(64)],
        17 => new byte[3000],
        18 => Array.Empty<object?>(),
        19 => Nested(64),
        20 => (1L << 60) - 1,
        _ => random.NextInt64(),
    };

    private static object?[] Nested(int depth) => depth == 0 ? [] : [Nested(depth - 1)];

    private static void Write(ref MessagePackWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNil();
                break;
            case bool b:
                writer.Write(b);
                break;
            case int i:
                writer.Write(i);
                break;
            case long l:
                writer.Write(l);
                break;
            case ulong u:
                writer.Write(u);
                break;
            case float f:
                writer.Write(f);
                break;
            case double d:
                writer.Write(d);
                break;
            case string s:
                writer.Write(s);
                break;
            case byte[] bytes:
                writer.Write(bytes);
                break;
            case IReadOnlyList<object?> list:
                writer.WriteArrayHeader(list.Count);
                foreach (object? item in list)
                    Write(ref writer, item);
                break;
            default:
                throw new ArgumentException($"a header holds no {value.GetType()}", nameof(value));
        }
    }
}
