namespace SelfPlayArena.Learning.Cloning;

/// <summary>How demonstrations are learnt from.</summary>
public sealed record CloningOptions
{
    /// <summary>Passes over the demonstrations; null for as many as there is time for.</summary>
    public int? Epochs { get; init; } = 3;

    /// <summary>Wall-clock minutes after which learning ends; null for no limit.</summary>
    public double? Minutes { get; init; }

    /// <summary>Adam's step size at the start; it falls linearly to a tenth at the end.</summary>
    public float LearningRate { get; init; } = 2e-3f;

    /// <summary>Gradients with a greater L2 norm are scaled down to it.</summary>
    public float GradientNorm { get; init; } = 1;

    /// <summary>Decisions of a stretch: the length of truncated back-propagation.</summary>
    public int Steps { get; init; } = 16;

    /// <summary>Agent-steps of an optimiser step, about: decides how many matches are learnt from side by side.</summary>
    public int BatchSteps { get; init; } = 2048;

    /// <summary>Agent-steps of one forward and backward pass.</summary>
    public int MicroBatchSteps { get; init; } = 1024;

    /// <summary>Threads of the arithmetic.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Options for a number of agent-steps that one pass shows: few of them are learnt from in smaller batches and in more passes. What has to be
    /// remembered or pointed at takes hundreds of optimiser steps to be found out, whatever the amount of demonstrations.
    /// </summary>
    public static CloningOptions For(long stepsOfAPass)
    {
        const int passes = 3, least = 1500;
        int batch = (int)Math.Clamp(stepsOfAPass / 100, 256, 2048);
        return new CloningOptions { BatchSteps = batch, Epochs = (int)Math.Clamp(least * (long)batch / Math.Max(stepsOfAPass, 1), passes, 200) };
    }

    /// <exception cref="ArgumentException">Says what is out of range.</exception>
    public CloningOptions Validated()
    {
        if (Epochs is null && Minutes is null)
            throw new ArgumentException("cloning needs an end: a number of epochs or of minutes");
        OptionRange.Require(nameof(Epochs), Epochs ?? 1, 1, 1_000_000);
        OptionRange.Require(nameof(Minutes), Minutes ?? 1, 0.0001, 1e6);
        OptionRange.Require(nameof(LearningRate), LearningRate, 1e-8, 1);
        OptionRange.Require(nameof(GradientNorm), GradientNorm, 1e-6, 1e6);
        OptionRange.Require(nameof(Steps), Steps, 1, 256);
        OptionRange.Require(nameof(BatchSteps), BatchSteps, 1, 1 << 20);
        OptionRange.Require(nameof(MicroBatchSteps), MicroBatchSteps, 1, 1 << 20);
        OptionRange.Require(nameof(Threads), Threads, 1, 1024);
        return this;
    }
}
