namespace SelfPlayArena.Learning;

/// <summary>Seconds of an update by phase, as the first of the learner's threads spent them.</summary>
/// <param name="Prepare">Advantages, returns, statistics.</param>
/// <param name="Decode">Observation bytes to tensors.</param>
/// <param name="Lanes">Waiting for the threads that compute other micro-batches.</param>
public sealed record UpdateTimes(double Prepare, double Decode, double Forward, double Backward, double Lanes, double Optimiser)
{
    public double Total => Prepare + Decode + Forward + Backward + Lanes + Optimiser;
}

/// <summary>A head's or value head's number.</summary>
public sealed record Named(string Name, float Value);

/// <summary>What one update did. Losses and shares are means over the agent-steps used.</summary>
public sealed record UpdateReport
{
    /// <summary>Null, or what was not finite; then nothing of this update was applied.</summary>
    public string? Fault { get; init; }

    /// <summary>The learner's version after the update.</summary>
    public int Version { get; init; }

    public float PolicyLoss { get; init; }

    /// <summary>By value head, in squared return deviations.</summary>
    public IReadOnlyList<Named> ValueLosses { get; init; } = [];

    /// <summary>By action head, in nats, over the steps in which it was used.</summary>
    public IReadOnlyList<Named> Entropies { get; init; } = [];

    /// <summary>Of the behaviour critic, by value head; 1 is perfect, 0 no better than the mean. Empty for estimators without a critic.</summary>
    public IReadOnlyList<Named> ExplainedVariance { get; init; } = [];

    /// <summary>Mean return by value head, in weighted reward.</summary>
    public IReadOnlyList<Named> MeanReturns { get; init; } = [];

    /// <summary>Approximate KL divergence from the behaviour policy: mean of r - 1 - log r (Schulman 2020).</summary>
    public float Divergence { get; init; }

    /// <summary>Share of steps whose ratio lay outside the clip range.</summary>
    public float ClipFraction { get; init; }

    /// <summary>Mean KL divergence from the reference policy, in nats a step; 0 without one.</summary>
    public float ReferenceDivergence { get; init; }

    /// <summary>Weight β that it had; 0 without one.</summary>
    public float KlWeight { get; init; }

    /// <summary>Greatest gradient norm of the update's optimiser steps, before clipping.</summary>
    public float GradientNorm { get; init; }

    public float LearningRate { get; init; }

    /// <summary>Entropy bonus before the heads' factors.</summary>
    public float EntropyWeight { get; init; }

    /// <summary>In versions, over the steps used.</summary>
    public double MeanStaleness { get; init; }

    public int MaxStaleness { get; init; }

    /// <summary>Agent-steps used by their staleness; the last entry also holds those that were older.</summary>
    public IReadOnlyList<int> StepsByStaleness { get; init; } = [];

    /// <summary>Agent-steps that the update used.</summary>
    public int StepsUsed { get; init; }

    /// <summary>Agent-steps that were too old.</summary>
    public int StepsDropped { get; init; }

    /// <summary>Mean novelty bonus a step, before its weight; 0 without one.</summary>
    public float NoveltyBonus { get; init; }

    /// <summary>Agent-steps of which all of their group earned the same; 0 without groups.</summary>
    public int StepsWithoutSignal { get; init; }

    /// <summary>Optimiser steps taken.</summary>
    public int OptimiserSteps { get; init; }

    /// <summary>What layers were computed in; null if nothing was.</summary>
    public PrecisionChoice? Precision { get; init; }

    /// <summary>Microseconds an agent-step by layer, each timed by itself on one micro-batch; empty unless this update measured them.</summary>
    public IReadOnlyList<LayerTime> LayerTimes { get; init; } = [];

    public UpdateTimes Seconds { get; init; } = new(0, 0, 0, 0, 0, 0);
}
