using SelfPlayArena.Core;

namespace SelfPlayArena.Rollout;

/// <summary>How one rated player stands.</summary>
/// <param name="EloError">Half-width of the 95% interval.</param>
public sealed record PlayerRating(PlayerId Player, double Elo, double EloError, long Games);

/// <summary>How the latest policy fares against one fixed anchor, over recent matches.</summary>
public sealed record AnchorRecord(string Anchor, double WinRate, double Low, double High, long Games);

/// <summary>A moment of a run, once after each update. One line of <c>progress.jsonl</c>.</summary>
public sealed record RunProgress
{
    private static readonly Dictionary<string, double> Empty = [];

    /// <summary>Which part of a curriculum this is, in words; null where there is none, and in the file.</summary>
    public string? Stage { get; init; }

    /// <summary>Seconds since the run was first created, summed over its processes.</summary>
    public required double Seconds { get; init; }

    /// <summary>Agent-steps that an update used, over the whole run.</summary>
    public required long TrainedSteps { get; init; }

    public required long Updates { get; init; }

    /// <summary>Trained agent-steps a second over the last minute or so.</summary>
    public required double HeroStepsPerSecond { get; init; }

    /// <summary>Agent-steps simulated by actors, learnt from or not, a second.</summary>
    public required double SimulatedPerSecond { get; init; }

    public required long MatchesFinished { get; init; }

    /// <summary>Fill of the trajectory queue, 0 to 1.</summary>
    public required double QueueFill { get; init; }

    /// <summary>Share of actors' time spent waiting at a full queue.</summary>
    public required double ActorWaiting { get; init; }

    /// <summary>Share of the learner's time spent waiting for data.</summary>
    public required double LearnerWaiting { get; init; }

    /// <summary>Agent-steps dropped for staleness, over the whole run.</summary>
    public required long DroppedSteps { get; init; }

    public required double StalenessMean { get; init; }
    public required int StalenessMax { get; init; }
    public required double PolicyLoss { get; init; }
    public required double ValueLoss { get; init; }
    public required double Entropy { get; init; }
    public required double Kl { get; init; }
    public required double ClipFraction { get; init; }
    public required double GradientNorm { get; init; }
    public required IReadOnlyDictionary<string, double> EntropyByHead { get; init; }
    public required IReadOnlyDictionary<string, double> ExplainedVariance { get; init; }

    /// <summary>By value head, in squared return deviations.</summary>
    public IReadOnlyDictionary<string, double> ValueLossByHead { get; init; } = Empty;

    /// <summary>Mean return by value head, in weighted reward.</summary>
    public IReadOnlyDictionary<string, double> MeanReturn { get; init; } = Empty;

    public double LearningRate { get; init; }

    /// <summary>Weight of the entropy bonus.</summary>
    public double EntropyWeight { get; init; }

    /// <summary>Divergence from the reference policy, in nats a step; 0 without one.</summary>
    public double ReferenceKl { get; init; }

    /// <summary>Weight that it had; 0 without a reference policy.</summary>
    public double KlWeight { get; init; }

    /// <summary>Mean novelty bonus a step, before its weight.</summary>
    public double NoveltyBonus { get; init; }

    /// <summary>Steps of the last update of which all of their group earned the same.</summary>
    public long StepsWithoutSignal { get; init; }

    /// <summary>Agent-steps that the last update used.</summary>
    public long UpdateSteps { get; init; }

    /// <summary>Optimiser steps of the last update.</summary>
    public int OptimiserSteps { get; init; }

    /// <summary>Agent-steps of the last update by how many versions old they were, from 0.</summary>
    public IReadOnlyList<int> StepsByStaleness { get; init; } = [];

    /// <summary>
    /// Seconds since the update before, by what the learner did: <c>wait</c> for experience, <c>prepare</c>, <c>decode</c>, <c>forward</c>, <c>backward</c>,
    /// <c>lanes</c> (waiting for the other threads that learn), <c>optimiser</c>, and <c>publish</c>, <c>save</c>, and <c>other</c> (measuring layers, reporting). They add up to the time between two lines.
    /// </summary>
    public IReadOnlyDictionary<string, double> SecondsByPhase { get; init; } = Empty;

    /// <summary>
    /// Seconds of this process's match hosts since the update before, by what their threads did: <c>inference</c>, <c>simulation</c>, <c>observation</c>,
    /// <c>scripted</c>, <c>copying</c>, <c>waiting</c> at the full queue, <c>pausing</c>. Together they are hosts times the time between two lines.
    /// </summary>
    public IReadOnlyDictionary<string, double> HostSecondsByPhase { get; init; } = Empty;

    /// <summary>Microseconds a hero-step that each layer takes by itself, forward and backward; only in lines of updates that measured them.</summary>
    public IReadOnlyDictionary<string, double> MicrosecondsByLayer { get; init; } = Empty;

    /// <summary>Chunks that wait for the matches that theirs are to be compared with; 0 without groups.</summary>
    public int GroupChunksWaiting { get; init; }

    /// <summary>Chunks of groups that were given up or that came too late, since the process began; 0 without groups.</summary>
    public long GroupChunksDropped { get; init; }

    /// <summary>What the learner computes layers in, <c>float32</c> or <c>bfloat16</c>; empty before anything was learnt.</summary>
    public string Precision { get; init; } = "";

    /// <summary>
    /// How that was chosen, where it was measured: microseconds of a forward and backward pass a hero-step by type. Empty where it was given.
    /// </summary>
    public IReadOnlyDictionary<string, double> PrecisionMeasured { get; init; } = Empty;

    /// <summary>Mean size of the reward a step by term over the last update's batch, before weights.</summary>
    public required IReadOnlyDictionary<string, double> RewardByTerm { get; init; }

    /// <summary>What went wrong in the last update, null normally.</summary>
    public string? Fault { get; init; }

    /// <summary>Why matches could not be recorded, null normally.</summary>
    public string? RecordingFault { get; init; }

    public required IReadOnlyList<PlayerRating> Ratings { get; init; }
    public required IReadOnlyList<AnchorRecord> Anchors { get; init; }

    /// <summary>Elo of each snapshot in order, then of the latest.</summary>
    public required IReadOnlyList<double> EloCurve { get; init; }

    public required long WorkingSetBytes { get; init; }
}
