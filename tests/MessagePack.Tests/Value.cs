using System.Buffers;
using System.Globalization;

namespace MessagePack.Tests;

/// <summary>Any MessagePack value as a text that two equal values share, written and read through the reader and writer.</summary>
internal static class Value
{
    /// <summary>Writes a random value; integers and floats do not mix, so that clients with one number type keep them apart.</summary>
    public static void Write(ref MessagePackWriter w, Random random, int depth)
    {
        switch (random.Next(depth > 0 ? 10 : 7))
        {
            case 0:
                w.WriteNil();
                break;
            case 1:
                w.Write(random.Next(2) == 0);
                break;
            case 2:
                w.Write(-(1L << random.Next(63)) + random.Next(3) - 1);
                break;
            case 3:
                w.Write((1UL << random.Next(64)) - (ulong)random.Next(2));
                break;
            case 4:
                w.Write(random.Next(40) == 0 ? double.PositiveInfinity : random.NextDouble() + random.Next(-9, 9) + 1e-7);
                break;
            case 5:
                w.Write(new string('é', Length(random)) + "✓𝄞" + random.Next());
                break;
            case 6:
                byte[] bytes = new byte[Length(random)];
                random.NextBytes(bytes);
                w.Write(bytes);
                break;
            case 7:
                byte[] data = new byte[random.Next(3) == 0 ? Length(random) : 1 << random.Next(5)];
                random.NextBytes(data);
                w.WriteExtensionFormat(new ExtensionResult((sbyte)random.Next(1, 100), data));
                break;
            case 8:
                int items = random.Next(2) == 0 ? random.Next(4) : random.Next(14, 18);
                w.WriteArrayHeader(items);
                for (int i = 0; i < items; i++)
                    Write(ref w, random, depth - 1);
                break;
            default:
                int pairs = random.Next(5);
                w.WriteMapHeader(pairs);
                for (int i = 0; i < pairs; i++)
                {
                    w.Write("key " + i.ToString(CultureInfo.InvariantCulture));
                    Write(ref w, random, depth - 1);
                }
                break;
        }
    }

    /// <summary>Lengths around the places where encodings change.</summary>
    private static int Length(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => random.Next(28, 34),
        2 => random.Next(250, 260),
        3 => 65_530 + random.Next(10),
        _ => random.Next(20),
    };

    public static string Read(ref MessagePackReader r)
    {
        switch (r.NextMessagePackType)
        {
            case MessagePackType.Nil:
                Assert.True(r.TryReadNil());
                return "nil";
            case MessagePackType.Boolean:
                return r.ReadBoolean() ? "true" : "false";
            case MessagePackType.Integer:
                return r.NextCode is MessagePackCode.UInt64 ? r.ReadUInt64().ToString(CultureInfo.InvariantCulture) : r.ReadInt64().ToString(CultureInfo.InvariantCulture);
            case MessagePackType.Float:
                return r.ReadDouble().ToString("R", CultureInfo.InvariantCulture);
            case MessagePackType.String:
                return "'" + r.ReadString() + "'";
            case MessagePackType.Binary:
                return "x" + Convert.ToHexString(r.ReadBytes()!.Value.ToArray());
            case MessagePackType.Extension:
                ExtensionResult e = r.ReadExtensionFormat();
                return $"ext{e.TypeCode}:{Convert.ToHexString(e.Data.ToArray())}";
            case MessagePackType.Array:
                string[] items = new string[r.ReadArrayHeader()];
                for (int i = 0; i < items.Length; i++)
                    items[i] = Read(ref r);
                return $"[{string.Join(",", items)}]";
            default:
                var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal);
                for (int n = r.ReadMapHeader(); n > 0; n--)
                    pairs.Add(r.ReadString()!, Read(ref r));
                return $"{{{string.Join(",", pairs.Select(p => $"{p.Key}:{p.Value}"))}}}";
        }
    }

    public static string Read(ReadOnlyMemory<byte> bytes)
    {
        var r = new MessagePackReader(bytes);
        string text = Read(ref r);
        Assert.True(r.End);
        return text;
    }

    public static byte[] Random(int seed)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var w = new MessagePackWriter(buffer);
        Write(ref w, new Random(seed), 3);
        w.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
