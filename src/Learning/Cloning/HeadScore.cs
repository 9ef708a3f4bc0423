namespace SelfPlayArena.Learning.Cloning;

/// <summary>How well a policy foretells one head's choices, over the decisions at which the head had more than one legal option.</summary>
/// <param name="Head">Its name.</param>
/// <param name="Choices">Such decisions; with none, the other numbers are 0.</param>
/// <param name="Accuracy">Share at which the likeliest option was the one that was chosen.</param>
/// <param name="CrossEntropy">Mean of -log p of the choice, in nats.</param>
/// <param name="ChanceAccuracy">The accuracy of choosing evenly among the legal options.</param>
/// <param name="ChanceCrossEntropy">The cross-entropy of that.</param>
public sealed record HeadScore(string Head, long Choices, double Accuracy, double CrossEntropy, double ChanceAccuracy, double ChanceCrossEntropy);

/// <summary>Adds up what <see cref="HeadScore"/> reports.</summary>
internal sealed class HeadScores(IReadOnlyList<string> heads)
{
    private readonly long[] _choices = new long[heads.Count];
    private readonly long[] _right = new long[heads.Count];
    private readonly double[] _crossEntropy = new double[heads.Count], _chanceAccuracy = new double[heads.Count], _chanceCrossEntropy = new double[heads.Count];

    /// <summary>Counts one choice of a head.</summary>
    /// <param name="logits">[options].</param>
    /// <param name="legal">[options] of 0 and 1.</param>
    public void Add(int head, ReadOnlySpan<float> logits, ReadOnlySpan<byte> legal, int chosen)
    {
        int options = 0, best = -1;
        for (int o = 0; o < logits.Length; o++)
        {
            if (legal[o] == 0)
                continue;
            options++;
            if (best < 0 || logits[o] > logits[best])
                best = o;
        }
        if (options < 2)
            return;
        double sum = 0;
        for (int o = 0; o < logits.Length; o++)
        {
            if (legal[o] != 0)
                sum += Math.Exp(logits[o] - logits[best]);
        }
        _choices[head]++;
        _right[head] += best == chosen ? 1 : 0;
        _crossEntropy[head] += Math.Log(sum) + logits[best] - logits[chosen];
        _chanceAccuracy[head] += 1.0 / options;
        _chanceCrossEntropy[head] += Math.Log(options);
    }

    public IReadOnlyList<HeadScore> Result()
        => [.. heads.Select((name, h) =>
        {
            double each = 1.0 / Math.Max(_choices[h], 1);
            return new HeadScore(name, _choices[h], _right[h] * each, _crossEntropy[h] * each, _chanceAccuracy[h] * each, _chanceCrossEntropy[h] * each);
        })];
}
