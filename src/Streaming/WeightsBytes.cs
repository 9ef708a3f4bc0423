using System.Runtime.InteropServices;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Streaming;

/// <summary>A network's weights as raw little-endian floats, parameter after parameter in the plan's order.</summary>
internal static class WeightsBytes
{
    public static int Length(NetworkPlan plan) => checked(plan.ParameterCount * sizeof(float));

    public static byte[] Of(NetworkPlan plan, Weights weights)
    {
        var bytes = new byte[Length(plan)];
        int at = 0;
        foreach (ParameterSpec parameter in plan.Parameters)
        {
            ReadOnlySpan<byte> values = MemoryMarshal.AsBytes(weights[parameter.Name].AsSpan());
            values.CopyTo(bytes.AsSpan(at));
            at += values.Length;
        }
        return bytes;
    }

    public static Weights Read(NetworkPlan plan, ReadOnlySpan<byte> bytes)
    {
        Weights weights = Weights.Zeros(plan);
        foreach (ParameterSpec parameter in plan.Parameters)
        {
            Span<byte> values = MemoryMarshal.AsBytes(weights[parameter.Name].AsSpan());
            bytes[..values.Length].CopyTo(values);
            bytes = bytes[values.Length..];
        }
        return weights;
    }
}
