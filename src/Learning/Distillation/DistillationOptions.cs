namespace SelfPlayArena.Learning.Distillation;

/// <summary>How a student learns from its teachers.</summary>
public sealed record DistillationOptions
{
    /// <summary>Adam's step size at the start; it falls linearly to <see cref="FinalLearningRate"/> at the end.</summary>
    public float LearningRate { get; init; } = 2e-3f;

    public float FinalLearningRate { get; init; } = 2e-4f;

    /// <summary>Weight of the value loss against the divergences.</summary>
    public float ValueWeight { get; init; } = 0.5f;

    /// <summary>Gradients with a greater L2 norm are scaled down to it.</summary>
    public float GradientNorm { get; init; } = 2;

    /// <summary>Agent-steps of one forward and backward pass.</summary>
    public int MicroBatchSteps { get; init; } = 1024;

    /// <summary>Threads of the arithmetic.</summary>
    public int Threads { get; init; } = 1;

    /// <exception cref="ArgumentException">Says what is out of range.</exception>
    internal DistillationOptions Validated()
    {
        OptionRange.Require(nameof(LearningRate), LearningRate, 1e-8, 1);
        OptionRange.Require(nameof(FinalLearningRate), FinalLearningRate, 0, 1);
        OptionRange.Require(nameof(ValueWeight), ValueWeight, 0, 1000);
        OptionRange.Require(nameof(GradientNorm), GradientNorm, 1e-6, 1e6);
        OptionRange.Require(nameof(MicroBatchSteps), MicroBatchSteps, 1, 1 << 20);
        OptionRange.Require(nameof(Threads), Threads, 1, 1024);
        return this;
    }
}
