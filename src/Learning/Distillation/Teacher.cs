using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Learning.Distillation;

/// <summary>A policy that a student learns from; it may be of another shape than the student.</summary>
/// <param name="Name">Name for reports and cards.</param>
public sealed record Teacher(string Name, NetworkPlan Plan, Weights Weights)
{
    /// <summary>Tells whether it is the same policy still.</summary>
    public ulong Hash()
    {
        ulong hash = StableHash.Of(System.Text.Encoding.UTF8.GetBytes(Plan.Description.ToJson()));
        foreach ((string name, WeightTensor tensor) in Weights.Tensors.OrderBy(t => t.Key, StringComparer.Ordinal))
            hash = Seeds.Derive(hash, name, StableHash.Of(System.Runtime.InteropServices.MemoryMarshal.AsBytes(tensor.Values.AsSpan())));
        return hash;
    }
}
