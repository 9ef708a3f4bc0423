using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>Where a batch's tensors go and in which types: what layers read in one, what the loss reads in the other.</summary>
/// <param name="ComputeType">Of blocks, states and choices given to later heads.</param>
/// <param name="LossType">Of masks, probabilities, returns and weights: where a rounded number would be a wrong one.</param>
internal sealed record Placement(Device Device, ScalarType ComputeType, ScalarType LossType)
{
    public Tensor Layers(Tensor decoded) => decoded.to(ComputeType, Device);

    public Tensor Loss(Tensor decoded) => decoded.to(LossType, Device);

    public Tensor AsIs(Tensor decoded) => decoded.to(Device);
}
