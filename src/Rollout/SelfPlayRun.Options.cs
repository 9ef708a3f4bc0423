using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Learning;

namespace SelfPlayArena.Rollout;

/// <summary>How a run's settings reach the league and the learner.</summary>
public sealed partial class SelfPlayRun
{
    private LeagueCreated Created(string preset) => new(
        Path.GetFileName(Path.TrimEndingDirectorySeparator(_folder.Path)), preset, _spec.Name, _spec.ContentHash, _settings.Seed,
        JsonSerializer.Serialize(_settings, RunFolder.Json), new FoldRules());

    /// <summary>What the learner is told for these settings.</summary>
    /// <exception cref="ArgumentException">A setting names something that the environment lacks, or is out of range.</exception>
    public static PpoOptions LearnerOptions(RunSettings settings, EnvironmentSpec spec) => new PpoOptions
    {
        DefaultValueHead = new ValueHeadOptions((float)settings.DefaultGamma, (float)settings.Lambda),
        ValueHeads = settings.Gamma.ToDictionary(g => g.Key, g => new ValueHeadOptions((float)g.Value, (float)settings.Lambda)),
        RewardWeights = settings.RewardWeights.ToDictionary(w => w.Key, w => (float)w.Value),
        Entropy = (float)settings.Entropy,
        FinalEntropy = (float)settings.EntropyEnd,
        LearningRate = (float)settings.LearningRate,
        FinalLearningRate = (float)settings.LearningRateEnd,
        ScheduleSteps = settings.ScheduleSteps,
        ValueWeight = (float)settings.ValueWeight,
        GradientNorm = (float)settings.GradientNorm,
        Epochs = settings.Epochs,
        Minibatches = settings.Minibatches,
        MicroBatchSteps = settings.MicroBatch,
        MaxStaleness = settings.MaxStaleness,
        Threads = settings.LearnerThreads,
    }.Validated(spec);

    /// <summary>What a run's league is told for these settings.</summary>
    public static LeagueOptions LeagueOptions(RunSettings settings) => new()
    {
        Learner = Main,
        Matchmaking = new MatchmakingOptions
        {
            SelfPlayShare = settings.SelfPlayShare,
            ScriptedShare = settings.AnchorShare,
            Weighting = Enum.Parse<PfspWeighting>(settings.Pfsp, ignoreCase: true),
        },
        Snapshots = new SnapshotRule { EverySteps = settings.SnapshotSteps, MinSteps = settings.SnapshotSteps / 4 },
    };
}
