using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Learning;
using SelfPlayArena.Policies;

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
        Objective = settings.Objective,
        Estimator = settings.Estimator,
        DynamicSampling = settings.DynamicSampling,
        Novelty = (float)settings.Novelty,
        NoveltyHead = settings.NoveltyHead == "first" ? null : settings.NoveltyHead,
        Clip = (float)settings.Clip,
        ClipHigh = (float)settings.ClipHigh,
        DualClip = (float)settings.DualClip,
        ValueClip = (float)settings.ValueClip,
        WeightCap = (float)settings.WeightCap,
        RhoClip = (float)settings.RhoClip,
        TraceClip = (float)settings.TraceClip,
        Kl = Named<KlRule>(settings.Kl),
        KlWeight = (float)settings.KlWeight,
        KlTarget = (float)settings.KlTarget,
        ReferenceUpdates = settings.ReferenceUpdates,
        ScheduleShape = Named<ScheduleShape>(settings.Schedule),
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
        DecodeAhead = !settings.Lockstep,
        MaxStaleness = settings.MaxStaleness,
        // What is fastest differs from machine to machine and from day to day; lockstep is for exact repeats.
        Precision = settings.Lockstep && settings.Precision == "auto" ? Precision.Float32 : Named<Precision>(settings.Precision),
        ProfileUpdates = settings.ProfileUpdates,
        Threads = LearnerThreads(settings),
    }.Validated(spec);

    /// <summary>
    /// How many threads learn; one hands a GPU its work. Hosts wait most of the time: a sixth of what the learner needs is enough to keep it busy. From eight threads on, a minibatch is cut into pieces
    /// too small to be worth it.
    /// </summary>
    public static int LearnerThreads(RunSettings settings)
        => settings.Device != "cpu" && PpoLearner.DeviceProblem("cuda") is null ? 1
            : settings.LearnerThreads > 0 ? settings.LearnerThreads
            : settings.Lockstep ? 1
            : Math.Clamp(Environment.ProcessorCount - settings.Actors, Math.Min(2, Environment.ProcessorCount), MostLearnerThreads);

    private const int MostLearnerThreads = 8;

    private static T Named<T>(string name) where T : struct, Enum
        => Enum.TryParse(name, ignoreCase: true, out T value)
            ? value
            : throw new ArgumentException($"unknown {typeof(T).Name} '{name}'; allowed: {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}");

    /// <summary>Weights of the reference policy that the settings name, for the run's network; null if they name none.</summary>
    /// <exception cref="ArgumentException">The file holds another network.</exception>
    /// <exception cref="BundleException">The file is no sound bundle of this environment.</exception>
    private Weights? Reference()
    {
        if (_settings.Kl == "none" || _settings.Reference == "start")
            return null;
        PolicyBundle bundle = PolicyBundle.Load(_settings.Reference).AdaptTo(_spec);
        return bundle.Description.IsSameAs(_plan.Description)
            ? bundle.Weights
            : throw new ArgumentException($"{_settings.Reference} holds a network '{bundle.Description.Name}' that differs from the run's '{_plan.Description.Name}'; a reference policy must have the same layers");
    }

    /// <summary>What a run's league is told for these settings.</summary>
    public static LeagueOptions LeagueOptions(RunSettings settings) => new()
    {
        Learner = Main,
        Matchmaking = new MatchmakingOptions
        {
            SelfPlayShare = settings.SelfPlayShare,
            ScriptedShare = settings.AnchorShare,
            MatchesPerMatchup = ReturnRules.IsGrouped(settings.Estimator) ? settings.GroupSize : new MatchmakingOptions().MatchesPerMatchup,
            Weighting = Enum.Parse<PfspWeighting>(settings.Pfsp, ignoreCase: true),
        },
        Snapshots = new SnapshotRule { EverySteps = settings.SnapshotSteps, MinSteps = settings.SnapshotSteps / 4 },
    };
}
