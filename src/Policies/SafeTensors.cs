using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>What a safetensors file holds.</summary>
/// <param name="Tensors">By name; BF16 and F16 are widened to floats.</param>
/// <param name="Metadata">The <c>__metadata__</c> strings; empty if there are none.</param>
public sealed record SafeTensorsContent(IReadOnlyDictionary<string, WeightTensor> Tensors, IReadOnlyDictionary<string, string> Metadata);

/// <summary>
/// The safetensors format: 8 bytes little endian header length, a JSON header of dtype, shape and data offsets by name, then the data.
/// Reads F32, F16 and BF16; writes F32.
/// </summary>
public static class SafeTensors
{
    /// <summary>Longest header that is read or written, in bytes.</summary>
    public const int LongestHeader = 100_000_000;

    private const string MetadataKey = "__metadata__";

    /// <summary>Writes tensors in order of name, so that equal content gives equal bytes. The header is padded to multiples of 8.</summary>
    public static void Write(Stream stream, IReadOnlyDictionary<string, WeightTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        KeyValuePair<string, WeightTensor>[] ordered = [.. tensors.OrderBy(t => t.Key, StringComparer.Ordinal)];
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach ((string key, string value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long at = 0;
            foreach ((string name, WeightTensor t) in ordered)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (int n in t.Shape)
                    json.WriteNumberValue(n);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                at += 4L * t.Values.Length;
                json.WriteNumberValue(at);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (header.Length % 8 != 0)
            header.WriteByte((byte)' ');
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        header.WriteTo(stream);
        foreach ((_, WeightTensor t) in ordered)
            stream.Write(MemoryMarshal.AsBytes(t.Values.AsSpan()));
    }

    /// <summary>Writes a file atomically, see <see cref="AtomicFile"/>.</summary>
    public static void Save(string path, IReadOnlyDictionary<string, WeightTensor> tensors, IReadOnlyDictionary<string, string> metadata)
        => AtomicFile.Write(path, stream => Write(stream, tensors, metadata));

    /// <exception cref="BundleException">Not a sound safetensors file; names the file and what was expected.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafeTensorsContent Load(string path) => Read(File.ReadAllBytes(path), path);

    /// <param name="file">Name for messages.</param>
    /// <exception cref="BundleException">Not sound safetensors content.</exception>
    public static SafeTensorsContent Read(ReadOnlyMemory<byte> content, string file)
    {
        if (content.Length < 8)
            throw new BundleException(file, $"has {content.Length} bytes; a safetensors file starts with 8 bytes of header length");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(content.Span);
        if (length > LongestHeader)
            throw new BundleException(file, $"claims a header of {length} bytes; at most {LongestHeader} are allowed (is it a safetensors file?)");
        if (length > (ulong)(content.Length - 8))
            throw new BundleException(file, $"is truncated: its header should have {length} bytes, {content.Length - 8} are left");
        ReadOnlyMemory<byte> header = content.Slice(8, (int)length);
        ReadOnlyMemory<byte> data = content[(8 + (int)length)..];
        try
        {
            using JsonDocument json = JsonDocument.Parse(header);
            return Read(json.RootElement, data, file);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or DecoderFallbackException)
        {
            throw new BundleException(file, $"has a header that is not the JSON of safetensors: {e.Message}", e);
        }
    }

    private static SafeTensorsContent Read(JsonElement root, ReadOnlyMemory<byte> data, string file)
    {
        var tensors = new Dictionary<string, WeightTensor>();
        var metadata = new Dictionary<string, string>();
        var ranges = new List<(long Start, long End, string Name)>();
        bool seen = false;
        foreach (JsonProperty p in root.EnumerateObject())
        {
            if (p.Name == MetadataKey)
            {
                if (seen)
                    throw new BundleException(file, $"names '{MetadataKey}' twice; every name may occur once");
                seen = true;
                foreach (JsonProperty m in p.Value.EnumerateObject())
                {
                    if (m.Value.ValueKind != JsonValueKind.String || !metadata.TryAdd(m.Name, m.Value.GetString()!))
                        throw new BundleException(file, $"has the metadata entry '{m.Name}' twice, or not as a string; every entry is one string");
                }
                continue;
            }
            if (tensors.ContainsKey(p.Name))
                throw new BundleException(file, $"names the tensor '{p.Name}' twice; every name may occur once");
            tensors.Add(p.Name, Tensor(p, data, file, ranges));
        }
        ranges.Sort();
        long end = 0;
        foreach ((long from, long to, string name) in ranges)
        {
            if (from != end)
                throw new BundleException(file, $"places tensor '{name}' at {from}; expected {end}, where the one before it ends (tensors neither overlap nor leave gaps)");
            end = to;
        }
        if (end != data.Length)
            throw new BundleException(file, $"has {data.Length} bytes of data; its header describes {end}");
        return new SafeTensorsContent(tensors, metadata);
    }

    private static WeightTensor Tensor(JsonProperty p, ReadOnlyMemory<byte> data, string file, List<(long, long, string)> ranges)
    {
        string name = p.Name;
        foreach (string part in new[] { "dtype", "shape", "data_offsets" })
        {
            if (p.Value.ValueKind != JsonValueKind.Object || !p.Value.TryGetProperty(part, out _))
                throw new BundleException(file, $"describes tensor '{name}' without '{part}'; expected dtype, shape and data_offsets");
        }
        string dtype = p.Value.GetProperty("dtype").GetString() ?? "";
        int size = dtype switch
        {
            "F32" => 4,
            "F16" or "BF16" => 2,
            _ => throw new BundleException(file, $"has tensor '{name}' of dtype '{dtype}'; supported: F32, F16, BF16"),
        };
        int[] shape = [.. p.Value.GetProperty("shape").EnumerateArray().Select(n => n.GetInt32())];
        long length = 1;
        foreach (int n in shape)
        {
            if (n < 0 || (length *= n) > int.MaxValue)
                throw new BundleException(file, $"has tensor '{name}' of shape [{string.Join(", ", shape)}]; sizes are not negative and have at most {int.MaxValue} elements in all");
        }
        long[] offsets = [.. p.Value.GetProperty("data_offsets").EnumerateArray().Select(n => n.GetInt64())];
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > data.Length)
            throw new BundleException(file, $"has tensor '{name}' at [{string.Join(", ", offsets)}], out of range: there are {data.Length} bytes of data (is the file truncated?)");
        if (offsets[1] - offsets[0] != length * size)
            throw new BundleException(file, $"has tensor '{name}' {dtype} [{string.Join(", ", shape)}] in {offsets[1] - offsets[0]} bytes; expected {length * size}");
        ranges.Add((offsets[0], offsets[1], name));
        ReadOnlySpan<byte> bytes = data.Span[(int)offsets[0]..(int)offsets[1]];
        var values = new float[length];
        if (size == 4)
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        }
        else
        {
            for (int i = 0; i < values.Length; i++)
            {
                ushort word = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
                values[i] = dtype == "F16" ? (float)BitConverter.UInt16BitsToHalf(word) : BitConverter.UInt32BitsToSingle((uint)word << 16);
            }
        }
        return new WeightTensor(shape, values);
    }
}
