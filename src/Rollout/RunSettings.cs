using SelfPlayArena.Learning;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Rollout;

/// <summary>Everything that decides how a self-play run goes. Presets and configuration files fill it; defaults are for two CPU cores.</summary>
public sealed record RunSettings
{
    /// <summary>Environment: <c>moba</c> or <c>matching</c>.</summary>
    public string Environment { get; init; } = "moba";

    /// <summary>Game mode, for example <c>1v1</c> or <c>5v5</c>.</summary>
    public string Mode { get; init; } = "5v5";

    /// <summary>Rule set, for example <c>quick</c> or <c>full</c>.</summary>
    public string Rules { get; init; } = "quick";

    /// <summary>Who spends gold and skill points: <c>auto</c> (the recommended build) or <c>policy</c>.</summary>
    public string Shopping { get; init; } = "auto";

    /// <summary>Who gives macro commands: <c>none</c> (nobody but scripted players) or <c>policy</c>.</summary>
    public string Macro { get; init; } = "none";

    /// <summary>Decisions between choosing an action and carrying it out: one number for all, two for the teams, or one a hero.</summary>
    public IReadOnlyList<int> ReactionDelay { get; init; } = [0];

    /// <summary>Most changed orders a second, 0 for no limit: one number for all, two for the teams, or one a hero.</summary>
    public IReadOnlyList<int> ActionRate { get; init; } = [0];

    /// <summary><c>none</c>, or the order of picks by which scripted drafters make line-ups, for example <c>1-2-2-2-2-1</c>.</summary>
    public string Draft { get; init; } = "none";

    /// <summary>Heroes each team bans before the picks of a draft.</summary>
    public int Bans { get; init; }

    /// <summary>Heroes that line-ups are drawn from; empty for all. In <c>matching</c>, the colours that agents are to pick.</summary>
    public IReadOnlyList<string> HeroPool { get; init; } = [];

    /// <summary>Team 0's heroes, one a slot, in every match; empty to draw them for each.</summary>
    public IReadOnlyList<string> Home { get; init; } = [];

    /// <summary>Team 1's heroes; given exactly when <see cref="Home"/> is.</summary>
    public IReadOnlyList<string> Away { get; init; } = [];

    /// <summary>Network size, for example <c>tiny</c>.</summary>
    public string Network { get; init; } = "tiny";

    /// <summary>What the network remembers with: <c>auto</c> (as its size has it), <c>gru</c>, <c>lstm</c> or <c>none</c>.</summary>
    public string Core { get; init; } = "auto";

    /// <summary>The critic sees the full state in training. Off is an ablation.</summary>
    public bool PrivilegedCritic { get; init; } = true;

    /// <summary>Heads that the chosen verb does not use stay out of the loss. Off is an ablation.</summary>
    public bool MaskedLoss { get; init; } = true;

    /// <summary>The policy to start from: <c>none</c> (new weights), the path of a bundle, <c>scripted:NAME</c> (a clone of that player), or <c>teachers</c> (a student of <see cref="Teachers"/>).</summary>
    public string WarmStart { get; init; } = Rollout.WarmStart.None;

    /// <summary>Matches from which such a clone learns.</summary>
    public int WarmStartMatches { get; init; } = 400;

    /// <summary>Share of those matches that the clone plays itself, once it has begun to learn, while the player says what it would have done.</summary>
    public double WarmStartOwn { get; init; }

    /// <summary>Minutes that this may take at most; 0 for no limit.</summary>
    public double WarmStartMinutes { get; init; }

    /// <summary>Line-ups of a curriculum's teachers, one pair each: <c>a b c d e vs f g h i j</c>. Exactly with <see cref="WarmStart"/> <c>teachers</c>.</summary>
    public IReadOnlyList<string> Teachers { get; init; } = [];

    /// <summary>Trained agent-steps of each teacher.</summary>
    public long TeacherSteps { get; init; } = 10_000_000;

    /// <summary>Agent-steps that their student learns from.</summary>
    public long DistilSteps { get; init; } = 5_000_000;

    /// <summary>Matches that run at the same time on each actor thread.</summary>
    public int MatchesPerActor { get; init; } = 32;

    /// <summary>Actor threads.</summary>
    public int Actors { get; init; } = 1;

    /// <summary>Threads that compute the learner's micro-batches side by side on the CPU; 0 for as many as suit the machine, in lockstep one.</summary>
    public int LearnerThreads { get; init; }

    /// <summary><c>cpu</c>, <c>cuda</c> or <c>auto</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>
    /// Where hosts of this process evaluate the policy that learns: <c>cpu</c> (the interpreter, on each host's thread), <c>cuda</c> (batched across hosts), <c>auto</c> (<c>cuda</c>
    /// when the learner is there, else <c>cpu</c>) or <c>libtorch-cpu</c> (as <c>cuda</c>, on the processor, to try that path).
    /// </summary>
    public string ActorDevice { get; init; } = "auto";

    /// <summary>What the learner computes in: <c>float32</c>, <c>bfloat16</c>, or <c>auto</c>, the faster by a measurement at the first update (in lockstep: float32).</summary>
    public string Precision { get; init; } = "auto";

    /// <summary>Actor and learner alternate on one thread: exact tests and exact resume.</summary>
    public bool Lockstep { get; init; }

    /// <summary>Steps of a trajectory chunk, the length of truncated back-propagation.</summary>
    public int ChunkSteps { get; init; } = 16;

    /// <summary>Agent-steps of one optimiser update.</summary>
    public int BatchSteps { get; init; } = 16_384;

    /// <summary>Agent-steps that may wait in the queue, as a multiple of <see cref="BatchSteps"/>; actors pause when it is full.</summary>
    public double QueueBatches { get; init; } = 1.0;

    /// <summary>Steps made by a version older than this many updates are dropped (and counted).</summary>
    public int MaxStaleness { get; init; } = 8;

    /// <summary>Share of the team's mean in each hero's reward, 0 (selfish) to 1 (fully shared): OpenAI Five's τ.</summary>
    public double TeamSpirit { get; init; } = 0.3;

    /// <summary>Subtract the enemy team's mean reward, term by term.</summary>
    public bool ZeroSum { get; init; } = true;

    /// <summary>Share of self-play matches that start after a random number of scripted decisions; such matches are not rated.</summary>
    public double RandomStarts { get; init; } = 0.25;

    /// <summary>Upper bound of those decisions; 0 turns random starts off.</summary>
    public int RandomStartDecisions { get; init; } = 700;

    /// <summary>Weights of reward terms that differ from the environment's defaults.</summary>
    public IReadOnlyDictionary<string, double> RewardWeights { get; init; } = new Dictionary<string, double>();

    /// <summary>Trained agent-steps between two snapshots into the pool.</summary>
    public long SnapshotSteps { get; init; } = 2_000_000;

    /// <summary>Share of matches that are latest against latest.</summary>
    public double SelfPlayShare { get; init; } = 0.8;

    /// <summary>Share of matches against scripted anchors (taken out of the rest).</summary>
    public double AnchorShare { get; init; } = 0.1;

    /// <summary>Scripted league members besides <c>random</c>.</summary>
    public IReadOnlyList<string> Anchors { get; init; } = ["random", "easy@1"];

    /// <summary>Weighting of prioritised fictitious self-play: <c>variance</c>, <c>squared</c> or <c>linear</c>.</summary>
    public string Pfsp { get; init; } = "squared";

    /// <summary>Seconds between two checkpoints.</summary>
    public double CheckpointSeconds { get; init; } = 20;

    /// <summary>Percentage of matches that are recorded as replays, 0 to 100.</summary>
    public double Record { get; init; }

    /// <summary>Replays kept; the oldest are deleted.</summary>
    public int RecordKeep { get; init; } = 200;

    /// <summary>Adam's step size at the start of the schedule.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Step size at the end of the schedule.</summary>
    public double LearningRateEnd { get; init; } = 3e-4;

    /// <summary>Weight of the entropy bonus at the start of the schedule.</summary>
    public double Entropy { get; init; } = 0.01;

    /// <summary>Weight of the entropy bonus at the end of the schedule.</summary>
    public double EntropyEnd { get; init; } = 0.003;

    /// <summary>Trained agent-steps over which step size and entropy bonus go linearly from start to end; 0 keeps the start.</summary>
    public long ScheduleSteps { get; init; } = 20_000_000;

    /// <summary>What the policy is moved towards: <c>ppo</c>, <c>decoupled</c> (for stale experience) or <c>policy_gradient</c> (with V-trace).</summary>
    public string Objective { get; init; } = PolicyObjectives.Default;

    /// <summary>How advantages are estimated: <c>gae</c>, <c>vtrace</c>, <c>upgo</c>, or without a critic <c>grpo</c> or <c>remax</c>.</summary>
    public string Estimator { get; init; } = ReturnRules.Default;

    /// <summary>Matches that begin alike and are compared with each other by <c>grpo</c> and <c>remax</c>.</summary>
    public int GroupSize { get; init; } = 8;

    /// <summary>Leave out steps of which all of a group earned the same.</summary>
    public bool DynamicSampling { get; init; }

    /// <summary>Weight of the bonus for reaching what was seldom seen; 0 gives none.</summary>
    public double Novelty { get; init; }

    /// <summary>Value head whose reward the bonus joins; <c>first</c> is the environment's first.</summary>
    public string NoveltyHead { get; init; } = "first";

    /// <summary>Ratios beyond 1 ± this earn nothing more.</summary>
    public double Clip { get; init; } = 0.2;

    /// <summary>The upper bound where it is to differ; 0 takes <see cref="Clip"/>.</summary>
    public double ClipHigh { get; init; }

    /// <summary>With a negative advantage the objective is not below this many times it; 0 turns it off.</summary>
    public double DualClip { get; init; } = 3;

    /// <summary>Return deviations that values may move before their loss is taken from the farther; 0 turns it off.</summary>
    public double ValueClip { get; init; } = 0.5;

    /// <summary>Greatest weight of a stale step in the decoupled objective.</summary>
    public double WeightCap { get; init; } = 5;

    /// <summary>Greatest importance weight of V-trace and of the policy gradient.</summary>
    public double RhoClip { get; init; } = 1;

    /// <summary>Greatest trace coefficient of V-trace.</summary>
    public double TraceClip { get; init; } = 1;

    /// <summary>Weight of the divergence from a reference policy: <c>none</c>, <c>fixed</c>, <c>adaptive</c> or <c>dynamic</c>.</summary>
    public string Kl { get; init; } = "none";

    /// <summary>That weight at the start.</summary>
    public double KlWeight { get; init; } = 0.1;

    /// <summary>Divergence from the reference policy, in nats a step, that the moving rules aim at.</summary>
    public double KlTarget { get; init; } = 0.02;

    /// <summary>Path of the reference policy's bundle, or <c>start</c> for the policy that the run starts from.</summary>
    public string Reference { get; init; } = "start";

    /// <summary>Updates after which the present policy becomes the reference; 0 keeps the first.</summary>
    public int ReferenceUpdates { get; init; }

    /// <summary>The way of step size and entropy bonus from start to end: <c>linear</c>, <c>cosine</c> or <c>exponential</c>.</summary>
    public string Schedule { get; init; } = "linear";

    /// <summary>Discount of the value heads by name; heads not named use <see cref="DefaultGamma"/>.</summary>
    public IReadOnlyDictionary<string, double> Gamma { get; init; } = new Dictionary<string, double>();

    public double DefaultGamma { get; init; } = 0.995;
    public double Lambda { get; init; } = 0.95;

    /// <summary>Weight of the value loss against the policy loss.</summary>
    public double ValueWeight { get; init; } = 0.1;

    /// <summary>Gradients with a greater L2 norm are scaled down to it; 0 turns that off.</summary>
    public double GradientNorm { get; init; } = 2;

    /// <summary>Passes over each batch.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Optimiser steps a pass: each batch is dealt out among this many minibatches.</summary>
    public int Minibatches { get; init; } = 8;

    /// <summary>Agent-steps of one forward and backward pass; gradients of several add up to a minibatch's. 0: what suits the device.</summary>
    public int MicroBatch { get; init; }

    /// <summary>Updates between two measurements of the learner's time by layer; 0 for none.</summary>
    public int ProfileUpdates { get; init; } = 200;

    /// <summary>Port on this machine at which the run's metrics and health are served; 0 serves none.</summary>
    public int MetricsPort { get; init; } = 5081;

    /// <summary>Seconds without an update after which a run is called unhealthy.</summary>
    public double HealthSeconds { get; init; } = 300;

    public ulong Seed { get; init; } = 1;

    /// <summary>The network that these settings ask for.</summary>
    /// <exception cref="ArgumentException">Unknown size or core.</exception>
    public NetworkSize NetworkSize()
    {
        NetworkSize size = Policies.NetworkSize.Named(Network) with { PrivilegedCritic = PrivilegedCritic };
        return Core == "auto"
            ? size
            : Enum.TryParse(Core, ignoreCase: true, out CoreCell cell) ? size with { Cell = cell } : throw new ArgumentException($"unknown core '{Core}'; allowed: auto, gru, lstm, none");
    }
}
