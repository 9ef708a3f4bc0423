using SelfPlayArena.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>Adds up what an update's micro-batches report.</summary>
internal sealed class UpdateTally(EnvironmentSpec spec)
{
    private readonly double[] _values = new double[spec.ValueHeads.Count];
    private readonly double[] _entropies = new double[spec.Heads.Count];
    private readonly double[] _used = new double[spec.Heads.Count];
    private double _policy, _divergence, _clipped, _reference;

    public float LearningRate { get; init; }

    public float EntropyWeight { get; init; }

    /// <summary>Weight of the divergence from the reference policy.</summary>
    public float KlWeight { get; init; }

    public double Prepare { get; set; }

    public double Decode { get; set; }

    public double Forward { get; set; }

    public double Backward { get; set; }

    public double Optimiser { get; set; }

    public double GradientNorm { get; set; }

    public int OptimiserSteps { get; set; }

    /// <summary>Seconds that the first lane waited for the others.</summary>
    public double Lanes { get; set; }

    /// <summary>Adds what the first lane took for a micro-batch.</summary>
    public void Add(TimeSpan decode, TimeSpan forward, TimeSpan backward)
    {
        Decode += decode.TotalSeconds;
        Forward += forward.TotalSeconds;
        Backward += backward.TotalSeconds;
    }

    /// <summary>A micro-batch's terms in one tensor, for <see cref="Read(IReadOnlyList{Tensor}, bool, bool)"/>; reading them at once would wait for a device to come so far.</summary>
    public static Tensor Terms(LossTerms loss)
    {
        var parts = new List<Tensor> { loss.Policy.reshape(1), loss.Divergence.reshape(1), loss.Clipped.reshape(1), loss.Entropies, loss.Used, loss.Total.detach().reshape(1) };
        if (loss.Values is not null)
            parts.Add(loss.Values);
        if (loss.FromReference is not null)
            parts.Add(loss.FromReference.reshape(1));
        return cat(parts, 0);
    }

    /// <summary>Reads what the micro-batches left and disposes of it; returns the first term that is not finite, or null.</summary>
    public string? Read(IReadOnlyList<Tensor> micros, bool hasValues, bool hasReference)
    {
        string? fault = null;
        foreach (Tensor terms in micros)
        {
            fault ??= Read(FlatParameters.ToArray(terms), hasValues, hasReference);
            terms.Dispose();
        }
        return fault;
    }

    private string? Read(float[] numbers, bool hasValues, bool hasReference)
    {
        int heads = _entropies.Length;
        _policy += numbers[0];
        _divergence += numbers[1];
        _clipped += numbers[2];
        if (!float.IsFinite(numbers[0]))
            return "policy loss";
        for (int h = 0; h < heads; h++)
        {
            _entropies[h] += numbers[3 + h];
            _used[h] += numbers[3 + heads + h];
            if (!float.IsFinite(numbers[3 + h]))
                return $"entropy of head '{spec.Heads[h].Name}'";
        }
        for (int v = 0; v < _values.Length && hasValues; v++)
        {
            float value = numbers[4 + 2 * heads + v];
            _values[v] += value;
            if (!float.IsFinite(value))
                return $"value loss of '{spec.ValueHeads[v]}'";
        }
        if (hasReference)
            _reference += numbers[^1];
        return float.IsFinite(numbers[3 + 2 * heads]) ? null : "total loss";
    }

    public UpdateReport Report(TrainingBatch batch, int version, string? fault)
    {
        int rounds = Math.Max(OptimiserSteps, 1);
        return new UpdateReport
        {
            Fault = fault,
            Version = version,
            PolicyLoss = (float)(_policy / rounds),
            ValueLosses = [.. _values.Select((v, i) => new Named(spec.ValueHeads[i], (float)(v / rounds)))],
            Entropies = [.. _entropies.Select((e, i) => new Named(spec.Heads[i].Name, (float)(e / Math.Max(_used[i], 1))))],
            ExplainedVariance = !batch.UsesCritic ? [] : [.. batch.ExplainedVariance.Select((e, i) => new Named(spec.ValueHeads[i], e))],
            MeanReturns = [.. batch.ReturnMean.Select((r, i) => new Named(spec.ValueHeads[i], (float)r))],
            Divergence = (float)(_divergence / rounds),
            ClipFraction = (float)(_clipped / rounds),
            ReferenceDivergence = (float)(_reference / rounds),
            KlWeight = KlWeight,
            GradientNorm = (float)GradientNorm,
            LearningRate = LearningRate,
            EntropyWeight = EntropyWeight,
            MeanStaleness = batch.MeanStaleness,
            MaxStaleness = batch.MaxStaleness,
            StepsByStaleness = batch.StepsByStaleness,
            StepsUsed = fault is null ? batch.Used : 0,
            StepsDropped = batch.Dropped,
            NoveltyBonus = (float)batch.MeanBonus,
            StepsWithoutSignal = batch.WithoutSignal,
            OptimiserSteps = fault is null ? OptimiserSteps : 0,
            Seconds = new UpdateTimes(Prepare, Decode, Forward, Backward, Lanes, Optimiser),
        };
    }
}
