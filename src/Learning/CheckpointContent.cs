using System.Globalization;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Learning;

/// <summary>What checkpoints are made of: a network's flat parameters by name, and exact numbers as text.</summary>
internal static class CheckpointContent
{
    public static void AddTensors(Dictionary<string, WeightTensor> tensors, NetworkPlan plan, string prefix, float[] flat)
    {
        int offset = 0;
        foreach (ParameterSpec p in plan.Parameters)
        {
            tensors.Add(prefix + p.Name, new WeightTensor(p.Shape, flat[offset..(offset + p.Length)]));
            offset += p.Length;
        }
    }

    public static float[] TakeTensors(SafeTensorsContent content, string path, NetworkPlan plan, string prefix)
    {
        var flat = new float[plan.ParameterCount];
        int offset = 0;
        foreach (ParameterSpec p in plan.Parameters)
        {
            if (!content.Tensors.TryGetValue(prefix + p.Name, out WeightTensor? t))
                throw new BundleException(path, $"lacks the tensor '{prefix}{p.Name}' [{string.Join(", ", p.Shape)}] of network '{plan.Description.Name}'");
            if (!t.Shape.AsSpan().SequenceEqual(p.Shape))
                throw new BundleException(path, $"has tensor '{prefix}{p.Name}' of shape [{string.Join(", ", t.Shape)}]; network '{plan.Description.Name}' needs [{string.Join(", ", p.Shape)}]");
            t.Values.CopyTo(flat, offset);
            offset += p.Length;
        }
        return flat;
    }

    public static string Metadata(SafeTensorsContent content, string path, string key)
        => content.Metadata.TryGetValue(key, out string? value) ? value : throw new BundleException(path, $"lacks the metadata entry '{key}' of a learner's checkpoint");

    public static long Number(SafeTensorsContent content, string path, string key)
        => long.TryParse(Metadata(content, path, key), NumberStyles.Integer, CultureInfo.InvariantCulture, out long n) ? n : throw new BundleException(path, $"has the metadata entry '{key}' = '{content.Metadata[key]}'; expected a whole number");

    public static ulong[] Words(SafeTensorsContent content, string path, string key, int count)
    {
        string[] parts = Metadata(content, path, key).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var words = new ulong[parts.Length];
        bool ok = parts.Length == count;
        for (int i = 0; ok && i < words.Length; i++)
            ok = ulong.TryParse(parts[i], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out words[i]);
        return ok ? words : throw new BundleException(path, $"has the metadata entry '{key}' = '{content.Metadata[key]}'; expected {count} hexadecimal numbers");
    }

    public static string Hex(IEnumerable<ulong> words) => string.Join(' ', words.Select(w => w.ToString("x16", CultureInfo.InvariantCulture)));

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
