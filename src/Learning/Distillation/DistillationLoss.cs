using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning.Distillation;

/// <summary>What a student is told of one micro-batch.</summary>
/// <param name="Total">What is minimised: divergences and weighted value loss, summed over steps.</param>
/// <param name="Divergences">By head: sum over the steps that used it of KL(teacher ‖ student), in nats.</param>
/// <param name="Values">Sum over steps and value heads of half the squared error in the heads' units; null without a critic.</param>
internal readonly record struct DistillationTerms(Tensor Total, Tensor[] Divergences, Tensor? Values);

/// <summary>
/// The student-driven distillation of JueWu (Ye et al. 2020, "Towards playing full MOBA games with deep reinforcement learning"; student-driven as
/// in Czarnecki et al. 2019): in situations that the student got itself into, its heads are drawn to the teacher's distributions and its values to
/// the teacher's values. A head is conditioned on the verb that the student chose, and counts where that verb uses it. JueWu's cross-entropy
/// differs from the divergence by the teacher's entropy, which has no gradient.
/// </summary>
internal static class DistillationLoss
{
    /// <param name="student">What the student made of the batch.</param>
    /// <param name="teacher">What its teacher made of it; without gradients.</param>
    /// <param name="stepWeights">[R]: 1 for steps that were played.</param>
    /// <param name="units">[value heads] what values are measured in.</param>
    public static DistillationTerms Of(NetworkOutput student, NetworkOutput teacher, SequenceInputs inputs, Tensor stepWeights, Tensor? units, float valueWeight)
    {
        var divergences = new Tensor[student.Logits.Length];
        Tensor? total = null;
        for (int h = 0; h < divergences.Length; h++)
        {
            HeadInputs head = inputs.Heads[h];
            Tensor theirs = (teacher.Logits[h] + head.MaskBias).log_softmax(1);
            Tensor mine = (student.Logits[h] + head.MaskBias).log_softmax(1);
            Tensor sum = ((theirs.exp() * (theirs - mine)).sum(dim: 1) * head.Used).sum();
            divergences[h] = sum.detach();
            total = total is null ? sum : total + sum;
        }
        if (student.Values is null || teacher.Values is null)
            return new DistillationTerms(total!, divergences, null);
        Tensor values = (((student.Values - teacher.Values) / units!).square().sum(dim: 1) * stepWeights).sum() * 0.5f;
        return new DistillationTerms(total! + values * valueWeight, divergences, values.detach());
    }
}
