using SelfPlayArena.Learning.Distillation;

namespace SelfPlayArena.Rollout.Distillation;

/// <summary>How a student plays and learns, and when it is done.</summary>
public sealed record StudentOptions
{
    /// <summary>Agent-steps after which it is done; null for no limit.</summary>
    public long? Steps { get; init; }

    /// <summary>Wall-clock minutes after which it stops; null for no limit.</summary>
    public double? Minutes { get; init; }

    /// <summary>Matches at the same time on each actor thread, dealt out among the teachers.</summary>
    public int Matches { get; init; } = 32;

    /// <summary>Threads that play.</summary>
    public int Actors { get; init; } = 1;

    /// <summary>Player and learner alternate on one thread.</summary>
    public bool Lockstep { get; init; }

    /// <summary>Decisions in a chunk: length of truncated back-propagation.</summary>
    public int ChunkSteps { get; init; } = 16;

    /// <summary>Agent-steps of an optimiser step.</summary>
    public int BatchSteps { get; init; } = 2048;

    /// <summary>Optimiser steps after which the student plays with its new weights.</summary>
    public int PublishEvery { get; init; } = 4;

    /// <summary>Share of the matches that begin with scripted decisions, and how many at most.</summary>
    public double RandomStarts { get; init; } = 0.25;

    public int RandomStartDecisions { get; init; } = 700;

    public double CheckpointSeconds { get; init; } = 20;

    public ulong Seed { get; init; } = 1;

    public DistillationOptions Learning { get; init; } = new();
}

/// <summary>Where a student stands.</summary>
/// <param name="Seconds">Of distilling, those before a resume included.</param>
/// <param name="Share">Share of the way to its end, 0 to 1; 0 without a limit.</param>
/// <param name="Steps">Agent-steps learnt from.</param>
/// <param name="Divergence">Running mean of an agent-step's divergence from its teacher, in nats.</param>
/// <param name="Teachers">Null but for now and then.</param>
public sealed record StudentProgress(double Seconds, double Share, long Steps, double StepsPerSecond, double Divergence, IReadOnlyList<DistilledTeacher>? Teachers);

/// <summary>What came of it.</summary>
/// <param name="Interrupted">Whether it was cancelled before its end.</param>
public sealed record StudentResult(long Steps, double Seconds, double Divergence, IReadOnlyList<DistilledTeacher> Teachers, bool Interrupted);
