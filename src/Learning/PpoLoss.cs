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
internal readonly record struct LossTerms(Tensor Total, Tensor Policy, Tensor? Values, Tensor Entropies, Tensor Used, Tensor Divergence, Tensor Clipped);

/// <summary>
/// The clipped surrogate objective (PPO, Schulman et al. 2017) with the dual clip of Ye et al. 2020. The ratio is that of the joint
/// action: the heads' log-probabilities add up, so that a clip bounds the whole decision and not each of its parts.
/// </summary>
internal static class PpoLoss
{
    /// <summary>exp of more than this is of no use to anybody and would end in infinities.</summary>
    private const float LargestLogRatio = 20f;

    /// <param name="output">What the network made of the batch.</param>
    /// <param name="batch">The micro-batch.</param>
    /// <param name="options">Clips and weights.</param>
    /// <param name="entropyWeights">By head.</param>
    /// <param name="valueWeights">[value heads]: weight of each head's loss.</param>
    /// <param name="returnDeviations">[value heads]: what values are measured in, so that no head's scale rules the others.</param>
    /// <param name="steps">Steps of the whole minibatch.</param>
    public static LossTerms Of(NetworkOutput output, MicroBatch batch, PpoOptions options, IReadOnlyList<float> entropyWeights, Tensor? valueWeights, Tensor? returnDeviations, int steps)
    {
        ActionScores scores = ActionScores.Of(output.Logits, batch.Heads);
        Tensor logProbability = Sum(scores.LogProbabilities);
        Tensor logRatio = ((logProbability - batch.OldLogProbability) * batch.StepWeights).clamp(-LargestLogRatio, LargestLogRatio);
        Tensor ratio = logRatio.exp();
        double share = 1.0 / steps;
        Tensor policy = Surrogate(ratio, batch.Advantages, options.Clip, options.DualClip).sum() * -share;
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
        using IDisposable guard = no_grad();
        Tensor divergence = ((ratio - 1 - logRatio) * batch.StepWeights).sum() * share;
        Tensor clipped = (((ratio - 1).abs() > options.Clip).to(ratio.dtype) * batch.StepWeights).sum() * share;
        return new LossTerms(total, policy.detach(), values?.detach(), stack(entropySums).detach(), stack(used), divergence, clipped);
    }

    /// <summary>
    /// [R]: min(r A, clip(r) A), and with a negative advantage not below c A. As c · min(A, 0) is 0 for positive advantages, where the
    /// clipped objective is never negative, one maximum serves both signs.
    /// </summary>
    public static Tensor Surrogate(Tensor ratio, Tensor advantages, float clip, float dualClip)
    {
        Tensor objective = (ratio * advantages).minimum(ratio.clamp(1 - clip, 1 + clip) * advantages);
        return dualClip > 0 ? objective.maximum(advantages.clamp(null, 0) * dualClip) : objective;
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
