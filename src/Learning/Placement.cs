using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>Where a batch's tensors go and in which types: what layers read in one, what the loss reads in the other.</summary>
/// <param name="ComputeType">Of blocks, states and choices given to later heads.</param>
/// <param name="LossType">Of masks, probabilities, returns and weights: where a rounded number would be a wrong one.</param>
internal sealed record Placement(Device Device, ScalarType ComputeType, ScalarType LossType)
{
    public Tensor Layers(Tensor decoded) => AsIs(decoded).to(ComputeType);

    public Tensor Loss(Tensor decoded) => AsIs(decoded).to(LossType);

    /// <summary>
    /// On a GPU the copy goes from page-locked memory and nobody waits for it: the next micro-batch is decoded while this one is copied and computed.
    /// libtorch keeps page-locked memory for the next time and does not hand it out again before the copy is done.
    /// </summary>
    public Tensor AsIs(Tensor decoded) => Device.type == DeviceType.CUDA ? decoded.pin_memory().to(Device, non_blocking: true) : decoded;
}
