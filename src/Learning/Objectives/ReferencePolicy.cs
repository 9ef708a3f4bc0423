using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>
/// A policy that does not learn, of the same network, from which the one that learns shall not stray. It starts from the learner's recurrent states, as
/// those of a policy near to it; over a chunk's steps its own take their place.
/// </summary>
internal sealed class ReferencePolicy(NetworkPlan plan, Weights weights, Device device) : IDisposable
{
    private readonly TorchNetwork _network = new(plan, weights, device);

    /// <summary>Goes on in another type: that of the batches it is shown.</summary>
    public void ComputeIn(ScalarType type) => _network.Compute = type;

    public void Import(float[] flat) => _network.Parameters.SetValues(flat);

    public float[] Flat() => FlatParameters.ToArray(_network.Parameters.Values);

    /// <summary>
    /// [R]: KL(π ‖ reference) of each row in nats, with gradients to π: the heads' exact divergences under the masks that applied, added up. As a head
    /// is conditioned on the choices made before it, the sum over the heads that were used estimates the joint action's divergence without bias.
    /// </summary>
    public Tensor Divergence(NetworkOutput output, MicroBatch batch)
    {
        Tensor[] reference;
        using (no_grad())
            reference = _network.Forward(batch, critic: false).Logits;
        Tensor? sum = null;
        for (int h = 0; h < reference.Length; h++)
        {
            HeadInputs head = batch.Heads[h];
            Tensor mine = (output.Logits[h] + head.MaskBias).log_softmax(1);
            Tensor theirs = (reference[h] + head.MaskBias).log_softmax(1);
            Tensor divergence = (mine.exp() * (mine - theirs)).sum(dim: 1) * head.Used;
            sum = sum is null ? divergence : sum + divergence;
        }
        return sum!;
    }

    public void Dispose() => _network.Dispose();
}
