using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Moba;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Server.Tests;

/// <summary>The environments that these tests know, by their recipes.</summary>
internal sealed class Games : IGameCatalog
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true };

    public IEnvironmentFactory Create(EnvironmentRecipe recipe) => recipe.Name switch
    {
        "matching" => new MatchingFactory(),
        "moba" => new MobaFactory(recipe.Options.Deserialize<MobaOptions>(Json)!),
        _ => throw new ArgumentException($"unknown environment '{recipe.Name}'; allowed: matching, moba"),
    };

    public IEnvironmentFactory CreateAsIn(string run) => throw new ArgumentException($"there is no run '{run}'");

    public Contestant Load(string player, EnvironmentSpec spec) => throw new ArgumentException($"there is no player '{player}'");

    internal sealed class MobaFactory(MobaOptions options) : IEnvironmentFactory
    {
        public EnvironmentSpec Spec { get; } = MobaEnvironment.SpecFor(options);

        public EnvironmentRecipe Recipe { get; } = new("moba", JsonSerializer.SerializeToElement(options, Json));

        public IBatchEnvironment Create(int matches) => new MobaEnvironment(options, matches);
    }
}
