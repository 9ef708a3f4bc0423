using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>Log-probabilities and entropies of the actions of a micro-batch under a network's logits.</summary>
/// <param name="LogProbabilities">By head: [R], 0 where the head was not used.</param>
/// <param name="Entropies">By head: [R] in nats under the masks that applied, 0 where the head was not used.</param>
internal readonly record struct ActionScores(Tensor[] LogProbabilities, Tensor[] Entropies)
{
    public static ActionScores Of(IReadOnlyList<Tensor> logits, IReadOnlyList<HeadInputs> heads)
    {
        var logProbabilities = new Tensor[heads.Count];
        var entropies = new Tensor[heads.Count];
        for (int h = 0; h < heads.Count; h++)
        {
            HeadInputs head = heads[h];
            Tensor all = (logits[h] + head.MaskBias).log_softmax(1);
            logProbabilities[h] = all.gather(1, head.Actions).squeeze(1) * head.Used;
            entropies[h] = (all.exp() * all).sum(dim: 1) * head.Used * -1f;
        }
        return new ActionScores(logProbabilities, entropies);
    }
}

/// <summary>The terms of the loss over one micro-batch, each already divided by the minibatch's steps.</summary>
/// <param name="Total">What is minimised.</param>
/// <param name="Policy">Scalar.</param>
/// <param name="Values">[value heads], before weights; null without value heads.</param>
/// <param name="Entropies">[heads]: sums over steps, not divided.</param>
/// <param name="Used">[heads]: steps in which the head was used.</param>
/// <param name="Divergence">Scalar: approximate KL divergence from the behaviour policy.</param>
/// <param name="Clipped">Scalar: share of steps whose ratio lies outside the clip range.</param>
/// <param name="FromReference">Scalar: mean KL divergence from the reference policy; null without one.</param>
internal readonly record struct LossTerms(Tensor Total, Tensor Policy, Tensor? Values, Tensor Entropies, Tensor Used, Tensor Divergence, Tensor Clipped, Tensor? FromReference);

/// <summary>Objective, value loss, entropy bonus and divergence from a reference policy, added up.</summary>
internal static class PpoLoss
{
    /// <param name="output">What the network made of the batch.</param>
    /// <param name="batch">The micro-batch.</param>
    /// <param name="options">Clips and weights.</param>
    /// <param name="entropyWeights">By head.</param>
    /// <param name="valueWeights">[value heads]: weight of each head's loss.</param>
    /// <param name="returnDeviations">[value heads]: what values are measured in, so that no head's scale rules the others.</param>
    /// <param name="steps">Steps of the whole minibatch.</param>
    /// <param name="reference">The reference policy, if there is one.</param>
    /// <param name="klWeight">Weight of the divergence from it.</param>
    public static LossTerms Of(
        NetworkOutput output, MicroBatch batch, PpoOptions options, IReadOnlyList<float> entropyWeights, Tensor? valueWeights, Tensor? returnDeviations, int steps,
        ReferencePolicy? reference = null, float klWeight = 0)
    {
        ActionScores scores = ActionScores.Of(output.Logits, batch.Heads);
        Tensor logProbability = Sum(scores.LogProbabilities);
        Tensor behaviour = batch.OldLogProbability * batch.StepWeights;
        double share = 1.0 / steps;
        Tensor policy = PolicyObjectives.Named(options).Of(logProbability, behaviour, batch.Proximal, batch.Advantages).sum() * -share;
        Tensor total = policy;

        Tensor? values = null;
        if (output.Values is not null)
        {
            values = (ValueLoss(output.Values / returnDeviations!, batch.OldValues / returnDeviations!, batch.Returns / returnDeviations!, options.ValueClip)
                * batch.StepWeights.unsqueeze(1)).sum(dim: 0) * share;
            total = total + (values * valueWeights!).sum() * options.ValueWeight;
        }
        var entropySums = new Tensor[batch.Heads.Count];
        var used = new Tensor[batch.Heads.Count];
        for (int h = 0; h < entropySums.Length; h++)
        {
            entropySums[h] = scores.Entropies[h].sum();
            used[h] = batch.Heads[h].Used.sum();
            if (entropyWeights[h] != 0)
                total = total - entropySums[h] * (entropyWeights[h] * share);
        }
        Tensor? fromReference = null;
        if (reference is not null)
        {
            fromReference = reference.Divergence(output, batch).sum() * share;
            total = total + fromReference * klWeight;
        }
        using IDisposable guard = no_grad();
        Tensor logRatio = (logProbability - behaviour).clamp(-Ratios.LargestLog, Ratios.LargestLog);
        Tensor ratio = logRatio.exp();
        Tensor divergence = ((ratio - 1 - logRatio) * batch.StepWeights).sum() * share;
        Tensor clipped = (((ratio > 1 + options.HighClip).to(ratio.dtype) + (ratio < 1 - options.Clip).to(ratio.dtype)) * batch.StepWeights).sum() * share;
        return new LossTerms(total, policy.detach(), values?.detach(), stack(entropySums).detach(), stack(used), divergence, clipped, fromReference?.detach());
    }

    /// <summary>[R, value heads]: half the squared error, the worse of the value and the value held near the behaviour critic's.</summary>
    public static Tensor ValueLoss(Tensor values, Tensor oldValues, Tensor returns, float clip)
    {
        Tensor loss = (values - returns).square();
        if (clip > 0)
            loss = loss.maximum((oldValues + (values - oldValues).clamp(-clip, clip) - returns).square());
        return loss * 0.5f;
    }

    private static Tensor Sum(Tensor[] parts)
    {
        Tensor sum = parts[0];
        for (int i = 1; i < parts.Length; i++)
            sum = sum + parts[i];
        return sum;
    }
}
