using SelfPlayArena.Core;
using SelfPlayArena.Matching;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Server.Tests;

/// <summary>The small environment that runs of these tests are trained in.</summary>
internal sealed class MatchingFactory : IEnvironmentFactory
{
    public EnvironmentSpec Spec { get; } = new MatchingEnvironment(1).Spec;

    public EnvironmentRecipe Recipe { get; } = EnvironmentRecipe.Plain("matching");

    public IBatchEnvironment Create(int matches) => new MatchingEnvironment(matches);
}
