using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming;

/// <summary>Makes the environment that a learner trains.</summary>
public delegate IEnvironmentFactory FactoryOf(EnvironmentRecipe recipe);

/// <summary>How a worker reaches its learner.</summary>
/// <param name="Patience">How long to try to reach a learner that does not answer.</param>
public sealed record WorkerTarget(string Host, int Port, SharedSecret Secret, TimeSpan Patience);
