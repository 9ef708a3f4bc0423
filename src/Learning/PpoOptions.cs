using SelfPlayArena.Core;

namespace SelfPlayArena.Learning;

/// <summary>How one value head's returns are estimated.</summary>
/// <param name="Gamma">Discount a decision, 0 to 1. A horizon of 1 / (1 - gamma) decisions.</param>
/// <param name="Lambda">Mixing of n-step returns, 0 (one step) to 1 (Monte Carlo). GAE, Schulman et al. 2016.</param>
/// <param name="Weight">Weight of the head's advantage in the policy's advantage, and of its value loss.</param>
public sealed record ValueHeadOptions(float Gamma = 0.997f, float Lambda = 0.95f, float Weight = 1f);

/// <summary>
/// What the learner is told; by default proximal policy optimisation (PPO, Schulman et al. 2017). Defaults are those of the papers named, where they name any.
/// </summary>
public sealed record PpoOptions
{
    /// <summary>What the policy is moved towards, one of <see cref="PolicyObjectives.Names"/>.</summary>
    public string Objective { get; init; } = PolicyObjectives.Default;

    /// <summary>How advantages and value targets are estimated, one of <see cref="ReturnRules.Names"/>.</summary>
    public string Estimator { get; init; } = ReturnRules.Default;

    /// <summary>
    /// Leave out steps of which all of a group earned the same (dynamic sampling, DAPO, Yu et al. 2025): they have no gradient and only thin the batch.
    /// For grouped estimators.
    /// </summary>
    public bool DynamicSampling { get; init; }

    /// <summary>Weight of the novelty bonus in the reward of <see cref="NoveltyHead"/>; 0 leaves it out.</summary>
    public float Novelty { get; init; }

    /// <summary>Value head whose reward the novelty bonus joins; null for the first.</summary>
    public string? NoveltyHead { get; init; }

    /// <summary>ε of the clipped surrogate objective: ratios beyond 1 ± ε earn nothing more (PPO: 0.2).</summary>
    public float Clip { get; init; } = 0.2f;

    /// <summary>The upper ε where it is to differ (clip-higher, DAPO, Yu et al. 2025: 0.28 with 0.2 below). 0 takes <see cref="Clip"/>.</summary>
    public float ClipHigh { get; init; }

    /// <summary>Greatest weight of a stale step in the decoupled objective.</summary>
    public float WeightCap { get; init; } = 5f;

    /// <summary>ρ̄ of V-trace and of the policy gradient's importance weight (IMPALA: 1).</summary>
    public float RhoClip { get; init; } = 1f;

    /// <summary>c̄ of V-trace (IMPALA: 1).</summary>
    public float TraceClip { get; init; } = 1f;

    /// <summary>How the weight of the divergence from the reference policy is chosen; none leaves it out.</summary>
    public KlRule Kl { get; init; }

    /// <summary>β, the weight of the divergence from the reference policy, at the start.</summary>
    public float KlWeight { get; init; } = 0.1f;

    /// <summary>Divergence from the reference policy, in nats a step, that the moving rules aim at.</summary>
    public float KlTarget { get; init; } = 0.02f;

    /// <summary>Updates after which the present policy becomes the reference (reference resetting, ProRL, Liu et al. 2025). 0: the first stays for good.</summary>
    public int ReferenceUpdates { get; init; }

    /// <summary>c of the dual clip: with a negative advantage the objective is not below c times it (Ye et al. 2020: 3). 0 turns it off.</summary>
    public float DualClip { get; init; } = 3f;

    /// <summary>Values may move this many return deviations from the behaviour critic's before the loss is taken from the farther (PPO's value clipping). 0 turns it off.</summary>
    public float ValueClip { get; init; } = 0.5f;

    /// <summary>Weight of the value loss against the policy loss.</summary>
    public float ValueWeight { get; init; } = 0.5f;

    /// <summary>Discount, λ and weight of the value heads that <see cref="ValueHeads"/> does not name.</summary>
    public ValueHeadOptions DefaultValueHead { get; init; } = new();

    /// <summary>Discount, λ and weight by value head.</summary>
    public IReadOnlyDictionary<string, ValueHeadOptions> ValueHeads { get; init; } = new Dictionary<string, ValueHeadOptions>();

    /// <summary>Weight by reward term; terms not named have their spec's.</summary>
    public IReadOnlyDictionary<string, float> RewardWeights { get; init; } = new Dictionary<string, float>();

    /// <summary>Bring each value head's advantages to unit deviation before they are summed, so that none drowns the others.</summary>
    public bool AdvantagesByHead { get; init; } = true;

    /// <summary>Entropy bonus at the start, for every head (or see <see cref="EntropyByHead"/>).</summary>
    public float Entropy { get; init; } = 0.01f;

    /// <summary>Entropy bonus at the end of the schedule.</summary>
    public float FinalEntropy { get; init; } = 0.001f;

    /// <summary>Factor on the entropy bonus by action head; 1 for heads not named.</summary>
    public IReadOnlyDictionary<string, float> EntropyByHead { get; init; } = new Dictionary<string, float>();

    /// <summary>Adam's step size at the start (Adam, Kingma and Ba 2015).</summary>
    public float LearningRate { get; init; } = 5e-4f;

    /// <summary>Step size at the end of the schedule.</summary>
    public float FinalLearningRate { get; init; } = 5e-4f;

    /// <summary>Trained agent-steps over which both schedules run; 0 keeps the starting values.</summary>
    public long ScheduleSteps { get; init; }

    /// <summary>The way from start to end of step size and entropy bonus.</summary>
    public ScheduleShape ScheduleShape { get; init; }

    public float AdamBeta1 { get; init; } = 0.9f;

    public float AdamBeta2 { get; init; } = 0.999f;

    public float AdamEpsilon { get; init; } = 1e-5f;

    /// <summary>Gradients with a greater L2 norm are scaled down to it. 0 turns it off.</summary>
    public float GradientNorm { get; init; } = 1f;

    /// <summary>Times that every step is used in an update (sample reuse).</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Optimiser steps an epoch: the batch's chunks are dealt out among this many minibatches.</summary>
    public int Minibatches { get; init; } = 4;

    /// <summary>Micro-batch of a CPU: about a thousand steps are fastest; see README.md.</summary>
    public const int CpuMicroBatch = 1024;

    /// <summary>Micro-batch of a GPU, which needs more to do at once. Chosen without a measurement.</summary>
    public const int DeviceMicroBatch = 16_384;

    /// <summary>
    /// About how many agent-steps (padding included) go through the network at once, an eighth more at most; gradients of several add up to a minibatch's. 0 takes
    /// <see cref="CpuMicroBatch"/> or <see cref="DeviceMicroBatch"/>.
    /// </summary>
    public int MicroBatchSteps { get; init; }

    /// <summary>Whether the next micro-batch is decoded on another thread meanwhile, where only one computes (<see cref="Threads"/>). What is computed does not depend on it.</summary>
    public bool DecodeAhead { get; init; }

    /// <summary>Steps made by a version more than this many updates old are not used. 0 uses everything.</summary>
    public int MaxStaleness { get; init; } = 16;

    /// <summary>Updates between two measurements of the time by layer (<see cref="UpdateReport.LayerTimes"/>), the first one at the first update; 0 for none.</summary>
    public int ProfileUpdates { get; init; }

    /// <summary>What layers are computed in; weights, losses and gradients that add up are float32 in any case.</summary>
    public Precision Precision { get; init; }

    /// <summary>
    /// Threads that compute micro-batches side by side on the CPU; a minibatch is cut into a multiple of as many. What is computed hangs on their number, in the
    /// last bits, and on nothing else of them.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>The upper ε.</summary>
    internal float HighClip => ClipHigh > 0 ? ClipHigh : Clip;

    internal Schedule EntropySchedule => new(Entropy, FinalEntropy, ScheduleShape);

    internal Schedule LearningRateSchedule => new(LearningRate, FinalLearningRate, ScheduleShape);

    /// <summary>Options of a value head.</summary>
    public ValueHeadOptions ForValueHead(string name) => ValueHeads.TryGetValue(name, out ValueHeadOptions? v) ? v : DefaultValueHead;

    /// <summary>Checks ranges, and names against an environment's.</summary>
    /// <exception cref="ArgumentException">Says which option is wrong and what is allowed.</exception>
    public PpoOptions Validated(EnvironmentSpec spec)
    {
        _ = PolicyObjectives.Named(this);
        _ = ReturnRules.Named(this);
        Range(nameof(Clip), Clip, 0.001, 1);
        Range(nameof(ClipHigh), ClipHigh, 0, 10);
        if (ClipHigh > 0)
            Range(nameof(ClipHigh), ClipHigh, 0.001, 10);
        Range(nameof(Novelty), Novelty, 0, 1000);
        if (NoveltyHead is not null)
            Names(nameof(NoveltyHead), [NoveltyHead], spec.ValueHeads);
        Range(nameof(WeightCap), WeightCap, 1, 1000);
        Range(nameof(RhoClip), RhoClip, 0.01, 1000);
        Range(nameof(TraceClip), TraceClip, 0, 1000);
        Range(nameof(KlWeight), KlWeight, 0, 1000);
        Range(nameof(KlTarget), KlTarget, 1e-6, 100);
        Range(nameof(ReferenceUpdates), ReferenceUpdates, 0, int.MaxValue);
        Range(nameof(DualClip), DualClip, 0, 100);
        if (DualClip > 0)
            Range(nameof(DualClip), DualClip, 1, 100);
        Range(nameof(ValueClip), ValueClip, 0, 1000);
        Range(nameof(ValueWeight), ValueWeight, 0, 100);
        Range(nameof(Entropy), Entropy, 0, 10);
        Range(nameof(FinalEntropy), FinalEntropy, 0, 10);
        Range(nameof(LearningRate), LearningRate, 0, 1);
        Range(nameof(FinalLearningRate), FinalLearningRate, 0, 1);
        Range(nameof(ScheduleSteps), ScheduleSteps, 0, long.MaxValue);
        if (ScheduleShape == ScheduleShape.Exponential && ScheduleSteps > 0)
        {
            // A factor leads neither from zero nor to it.
            Range(nameof(Entropy) + " with an exponential schedule", Entropy, 1e-9, 10);
            Range(nameof(FinalEntropy) + " with an exponential schedule", FinalEntropy, 1e-9, 10);
            Range(nameof(LearningRate) + " with an exponential schedule", LearningRate, 1e-9, 1);
            Range(nameof(FinalLearningRate) + " with an exponential schedule", FinalLearningRate, 1e-9, 1);
        }
        Range(nameof(AdamBeta1), AdamBeta1, 0, 0.99999);
        Range(nameof(AdamBeta2), AdamBeta2, 0, 0.999999);
        Range(nameof(AdamEpsilon), AdamEpsilon, 1e-12, 1);
        Range(nameof(GradientNorm), GradientNorm, 0, 1e6);
        Range(nameof(Epochs), Epochs, 1, 100);
        Range(nameof(Minibatches), Minibatches, 1, 1000);
        Range(nameof(MicroBatchSteps), MicroBatchSteps, 0, 1 << 20);
        Range(nameof(MaxStaleness), MaxStaleness, 0, int.MaxValue);
        Range(nameof(ProfileUpdates), ProfileUpdates, 0, int.MaxValue);
        Range(nameof(Threads), Threads, 1, 1024);
        Names(nameof(ValueHeads), ValueHeads.Keys, spec.ValueHeads);
        Names(nameof(RewardWeights), RewardWeights.Keys, spec.Rewards.Select(r => r.Name));
        Names(nameof(EntropyByHead), EntropyByHead.Keys, spec.Heads.Select(h => h.Name));
        foreach (string head in spec.ValueHeads)
        {
            ValueHeadOptions v = ForValueHead(head);
            Range($"{nameof(ValueHeads)}.{head}.{nameof(v.Gamma)}", v.Gamma, 0, 1);
            Range($"{nameof(ValueHeads)}.{head}.{nameof(v.Lambda)}", v.Lambda, 0, 1);
            Range($"{nameof(ValueHeads)}.{head}.{nameof(v.Weight)}", v.Weight, 0, 1e6);
        }
        return this;

        static void Range(string name, double value, double least, double most)
        {
            if (!(value >= least && value <= most))
                throw new ArgumentException($"{name} is {value}; allowed is {least} to {most}");
        }

        static void Names(string option, IEnumerable<string> given, IEnumerable<string> known)
        {
            foreach (string name in given)
            {
                if (!known.Contains(name))
                    throw new ArgumentException($"{option} names '{name}'; allowed: {string.Join(", ", known)}");
            }
        }
    }

    /// <summary>Share of the schedule that is done, 0 to 1.</summary>
    internal float ScheduleShare(long trainedSteps) => ScheduleSteps == 0 ? 0 : Math.Min(1f, (float)((double)trainedSteps / ScheduleSteps));
}
