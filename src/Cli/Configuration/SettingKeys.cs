using System.Text.Json;
using SelfPlayArena.Learning;
using SelfPlayArena.Learning.Acting;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Configuration;

/// <summary>Every key that a configuration file may hold, in the order they are documented. One for each property of <see cref="RunSettings"/>.</summary>
internal static class SettingKeys
{
    public static IReadOnlyList<string> Devices { get; } = ["auto", "cpu", "cuda"];

    public static IReadOnlyList<string> ActorDevices { get; } = ["auto", "cpu", "cuda", ActorInference.LibtorchOnCpu];

    public static IReadOnlyList<string> Precisions { get; } = ["auto", "float32", "bfloat16"];

    public static IReadOnlyList<SettingKey> All { get; } =
    [
        Text(nameof(RunSettings.Environment), "what is played", Environments.Names),
        Text(nameof(RunSettings.Mode), "game mode of the environment", Environments.AllModes),
        Text(nameof(RunSettings.Rules), "rule set of the environment", Environments.AllRules),
        Text(nameof(RunSettings.Shopping), "who spends gold and skill points: auto the recommended build, policy the player", Environments.Shopping),
        Text(nameof(RunSettings.Macro), "who gives macro commands: none nobody but scripted players, policy the player", Environments.Macro),
        Wholes(nameof(RunSettings.ReactionDelay), 0, Environments.MaxReactionDelay, "decisions between choosing an action and carrying it out: one number for all, two for the teams, or one a hero"),
        Wholes(nameof(RunSettings.ActionRate), 0, Environments.MaxActionRate, "most changed orders a second, 0 for no limit: one number for all, two for the teams, or one a hero"),
        Text(nameof(RunSettings.Draft), "none, or the order of picks of scripted drafters: how many each side takes in turn, as in 1-2-2-2-2-1, or the side of each pick", []),
        Whole(nameof(RunSettings.Bans), 0, Environments.MaxBans, "heroes each team bans before the picks of a draft"),
        Texts(nameof(RunSettings.HeroPool), "heroes that line-ups are drawn from, at least as many as a team has; [] for all"),
        Texts(nameof(RunSettings.Home), "heroes of the first team in every match; [] to draw them for each"),
        Texts(nameof(RunSettings.Away), "heroes of the second team; given exactly when home is"),
        Text(nameof(RunSettings.Network), "size of the network", [.. NetworkSize.All.Select(s => s.Name)]),
        Text(nameof(RunSettings.Core), "what the network remembers with: auto is the size's own", ["auto", "gru", "lstm", "none"]),
        Flag(nameof(RunSettings.PrivilegedCritic), "the critic sees the full state in training; false is an ablation"),
        Flag(nameof(RunSettings.MaskedLoss), "heads that the chosen verb does not use stay out of the loss; false, an ablation, draws from them too and counts what was drawn (illegal options stay masked)"),
        Text(nameof(RunSettings.WarmStart), "the policy to start from: none new weights, the path of a policy bundle, scripted:NAME a clone of that player, made before the league starts, or teachers a student of policies that are trained on fixed line-ups first", []),
        Whole(nameof(RunSettings.WarmStartMatches), 1, 1_000_000, "matches from which such a clone learns"),
        Number(nameof(RunSettings.WarmStartOwn), 0, 1, "share of those matches that the clone plays itself, once it has begun to learn, while the player says what it would have done"),
        Number(nameof(RunSettings.WarmStartMinutes), 0, 1e6, "minutes that it may learn at most; 0 for no limit"),
        Texts(nameof(RunSettings.Teachers), "with warm_start: teachers, the line-ups of each teacher, as in [a b c d e vs f g h i j, k l m n o vs p q r s t]"),
        Whole(nameof(RunSettings.TeacherSteps), 1, long.MaxValue, "trained hero-steps of each teacher"),
        Whole(nameof(RunSettings.DistilSteps), 1, long.MaxValue, "hero-steps that their student learns from them"),
        Whole(nameof(RunSettings.MatchesPerActor), 1, 4096, "matches that run at the same time on each actor thread"),
        Whole(nameof(RunSettings.Actors), 1, 256, "actor threads"),
        Whole(nameof(RunSettings.LearnerThreads), 0, 256, "threads that compute the learner's micro-batches side by side on the CPU; 0: as many as suit the machine, in lockstep one"),
        Text(nameof(RunSettings.Device), "where the learner computes", Devices),
        Text(nameof(RunSettings.ActorDevice), "where this process's match hosts evaluate the policy that learns: cpu is the interpreter on each host's thread; cuda batches all hosts' heroes on the GPU; auto is cuda when the learner computes there, else cpu; libtorch-cpu is the GPU's path on the processor, slower, to try it. Frozen opponents, and workers in other processes, take the interpreter", ActorDevices),
        Text(nameof(RunSettings.Precision), "what the learner computes layers in; weights, losses and sums stay float32: auto takes what a measurement at the first update finds clearly faster, in lockstep float32", Precisions),
        Flag(nameof(RunSettings.Lockstep), "actor and learner alternate on one thread, for exact repeats"),
        Whole(nameof(RunSettings.ChunkSteps), 1, 256, "decisions in a trajectory chunk: length of truncated back-propagation"),
        Whole(nameof(RunSettings.BatchSteps), 64, 16_777_216, "hero-steps of one optimiser update"),
        Number(nameof(RunSettings.QueueBatches), 0.1, 16, "capacity of the trajectory queue, in batches; actors pause when it is full"),
        Whole(nameof(RunSettings.MaxStaleness), 0, 1000, "steps made by a version older than this many updates are dropped"),
        Number(nameof(RunSettings.TeamSpirit), 0, 1, "share of the team's mean in each hero's reward"),
        Flag(nameof(RunSettings.ZeroSum), "subtract the enemy team's mean reward, term by term"),
        NumberByName(nameof(RunSettings.RewardWeights), -1000, 1000, "weights of reward terms that differ from the environment's"),
        Whole(nameof(RunSettings.SnapshotSteps), 1, long.MaxValue, "trained hero-steps between two snapshots into the pool"),
        Number(nameof(RunSettings.SelfPlayShare), 0, 1, "share of matches that are latest against latest"),
        Number(nameof(RunSettings.AnchorShare), 0, 1, "share of matches against scripted anchors"),
        Texts(nameof(RunSettings.Anchors), "scripted members of the league"),
        Text(nameof(RunSettings.Pfsp), "weighting of prioritised fictitious self-play", ["variance", "squared", "linear"]),
        Number(nameof(RunSettings.CheckpointSeconds), 1, 86_400, "seconds between two checkpoints"),
        Number(nameof(RunSettings.Record), 0, 100, "percentage of matches that are recorded as replays"),
        Whole(nameof(RunSettings.RecordKeep), 1, 1_000_000, "replays kept; the oldest are deleted"),
        Number(nameof(RunSettings.LearningRate), 0, 1, "Adam's step size at the start"),
        Number(nameof(RunSettings.LearningRateEnd), 0, 1, "Adam's step size at the end of the schedule"),
        Number(nameof(RunSettings.Entropy), 0, 10, "entropy coefficient at the start"),
        Number(nameof(RunSettings.EntropyEnd), 0, 10, "entropy coefficient at the end of its schedule"),
        Whole(nameof(RunSettings.ScheduleSteps), 0, long.MaxValue, "trained hero-steps over which step size and entropy bonus go from start to end; 0 keeps the start"),
        Text(nameof(RunSettings.Schedule), "the way of step size and entropy coefficient from start to end", ["linear", "cosine", "exponential"]),
        Text(nameof(RunSettings.Objective), "what the policy is moved towards: ppo the clipped surrogate, decoupled the same for stale experience, policy_gradient IMPALA's, for one pass with vtrace", PolicyObjectives.Names),
        Text(nameof(RunSettings.Estimator), "how advantages are estimated: gae, vtrace corrected for stale experience, upgo AlphaStar's upgoing returns; without a critic, over whole matches that begin alike: grpo against the group's mean, remax against a match without chance", ReturnRules.Names),
        Whole(nameof(RunSettings.GroupSize), 2, 1000, "matches that begin alike, for grpo and remax"),
        Flag(nameof(RunSettings.DynamicSampling), "leave out steps of which all of a group earned the same"),
        Number(nameof(RunSettings.Novelty), 0, 1000, "weight of the bonus for reaching what was seldom seen"),
        Text(nameof(RunSettings.NoveltyHead), "value head whose reward the bonus joins; first is the environment's first", []),
        Number(nameof(RunSettings.Clip), 0.001, 1, "probability ratios beyond 1 - clip and 1 + clip earn nothing more"),
        Number(nameof(RunSettings.ClipHigh), 0, 10, "the upper clip where it is to differ; 0 takes clip"),
        Number(nameof(RunSettings.DualClip), 0, 100, "with a negative advantage the objective is not below this many times it, at least 1; 0 turns it off"),
        Number(nameof(RunSettings.ValueClip), 0, 1000, "return deviations that values may move in an update before their loss is taken from the farther; 0 turns it off"),
        Number(nameof(RunSettings.WeightCap), 1, 1000, "greatest weight of a stale step in the decoupled objective"),
        Number(nameof(RunSettings.RhoClip), 0.01, 1000, "greatest importance weight of vtrace and policy_gradient"),
        Number(nameof(RunSettings.TraceClip), 0, 1000, "greatest trace coefficient of vtrace"),
        Text(nameof(RunSettings.Kl), "how the weight of the divergence from a reference policy moves: none leaves the reference out, adaptive halves and doubles, dynamic follows the target in proportion", ["none", "fixed", "adaptive", "dynamic"]),
        Number(nameof(RunSettings.KlWeight), 0, 1000, "weight of the divergence from the reference policy at the start"),
        Number(nameof(RunSettings.KlTarget), 0.000001, 100, "divergence from the reference policy, in nats a step, that adaptive and dynamic aim at"),
        Text(nameof(RunSettings.Reference), "the reference policy: start is the one that the run starts from, else the path of a policy bundle", []),
        Whole(nameof(RunSettings.ReferenceUpdates), 0, 1_000_000_000, "updates after which the present policy becomes the reference; 0 keeps the first"),
        NumberByName(nameof(RunSettings.Gamma), 0, 1, "discount of value heads by name"),
        Number(nameof(RunSettings.DefaultGamma), 0, 1, "discount of the other value heads"),
        Number(nameof(RunSettings.Lambda), 0, 1, "lambda of the generalised advantage estimate"),
        Number(nameof(RunSettings.ValueWeight), 0, 100, "weight of the value loss against the policy loss"),
        Number(nameof(RunSettings.GradientNorm), 0, 1_000_000, "greatest gradient norm; 0 for no limit"),
        Whole(nameof(RunSettings.Epochs), 1, 100, "passes over each batch"),
        Whole(nameof(RunSettings.Minibatches), 1, 1000, "optimiser steps a pass"),
        Whole(nameof(RunSettings.MicroBatch), 0, 1_048_576, "hero-steps of one forward and backward pass; 0 takes 1024 on a CPU and 16384 on a GPU"),
        Whole(nameof(RunSettings.ProfileUpdates), 0, 1_000_000, "updates between two measurements of the learner's time by layer, each as long as one pass; 0 for none"),
        Number(nameof(RunSettings.RandomStarts), 0, 1, "share of self-play matches that begin with scripted decisions"),
        Whole(nameof(RunSettings.RandomStartDecisions), 0, 100_000, "at most how many decisions those are"),
        Whole(nameof(RunSettings.MetricsPort), 0, 65_535, "port on 127.0.0.1 that serves /metrics and /health; 0 serves none"),
        Number(nameof(RunSettings.HealthSeconds), 1, 86_400, "seconds without an update after which /health answers 503"),
        Whole(nameof(RunSettings.Seed), 0, long.MaxValue, "seed of everything random"),
    ];

    private static SettingKey Text(string property, string description, IReadOnlyList<string> choices) => Key(property, SettingKind.Text, 0, 0, choices, description);

    private static SettingKey Whole(string property, double low, double high, string description) => Key(property, SettingKind.Whole, low, high, [], description);

    private static SettingKey Wholes(string property, double low, double high, string description) => Key(property, SettingKind.Wholes, low, high, [], description);

    private static SettingKey Number(string property, double low, double high, string description) => Key(property, SettingKind.Number, low, high, [], description);

    private static SettingKey NumberByName(string property, double low, double high, string description) => Key(property, SettingKind.NumberByName, low, high, [], description);

    private static SettingKey Texts(string property, string description) => Key(property, SettingKind.Texts, 0, 0, [], description);

    private static SettingKey Flag(string property, string description) => Key(property, SettingKind.Flag, 0, 0, [], description);

    private static SettingKey Key(string property, SettingKind kind, double low, double high, IReadOnlyList<string> choices, string description)
        => new(
            JsonNamingPolicy.SnakeCaseLower.ConvertName(property), typeof(RunSettings).GetProperty(property)!, kind, low, high, choices, description);
}
