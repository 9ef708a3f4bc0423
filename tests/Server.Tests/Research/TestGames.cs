using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Matching;
using SelfPlayArena.Moba;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Server.Tests.Research;

/// <summary>The matching game and 1v1 of the MOBA; besides scripted players the small untrained networks <c>run:mini@1</c>, <c>run:mini@2</c>, ….</summary>
internal sealed class TestGames : IGameCatalog
{
    public const string Matching = "matching";
    public const string Moba = "moba";

    public static EnvironmentSpec MatchingSpec { get; } = new MatchingEnvironment(1).Spec;

    public static MobaOptions MobaOptions { get; } = new() { Mode = "1v1" };

    private static readonly NetworkPlan s_plan = new(
        new NetworkSize("mini", Entity: 8, Queries: 1, Trunk: 16, Core: 8, Head: 8, Critic: 8).Describe(MatchingSpec), MatchingSpec);

    public IEnvironmentFactory Create(EnvironmentRecipe recipe) => recipe.Name switch
    {
        Matching => new Factory(recipe, MatchingSpec, matches => new MatchingEnvironment(matches)),
        Moba => new Factory(recipe, MobaEnvironment.SpecFor(MobaOptions), matches => new MobaEnvironment(MobaOptions, matches)),
        _ => throw new ArgumentException($"unknown environment '{recipe.Name}'; allowed: matching, moba"),
    };

    public IEnvironmentFactory CreateAsIn(string run) => run == "mini" ? Create(EnvironmentRecipe.Plain(Matching)) : throw new ArgumentException($"there is no run '{run}'");

    public Contestant Load(string player, EnvironmentSpec spec)
    {
        if (player == RandomPlayer.Name)
            return new Contestant(player, player, null);
        if (player.StartsWith("run:mini@", StringComparison.Ordinal) && int.TryParse(player["run:mini@".Length..], out int version) && spec.Name == MatchingSpec.Name)
            return new Contestant(player, null, new PolicyVersion(new PolicyNetwork(s_plan, WeightInitializer.Create(s_plan, (ulong)version)), version));
        if (player.StartsWith(MemberId.ScriptedPrefix, StringComparison.Ordinal) && spec.ScriptedPlayers.Contains(player[MemberId.ScriptedPrefix.Length..]))
            return new Contestant(player, player[MemberId.ScriptedPrefix.Length..], null);
        if (player == "file:damaged")
            throw new InvalidDataException("damaged: not a bundle");
        throw new ArgumentException($"there is no player '{player}'");
    }

    private sealed class Factory(EnvironmentRecipe recipe, EnvironmentSpec spec, Func<int, IBatchEnvironment> create) : IEnvironmentFactory
    {
        public EnvironmentSpec Spec => spec;

        public EnvironmentRecipe Recipe => recipe with { Options = recipe.Options.ValueKind == JsonValueKind.Undefined ? EnvironmentRecipe.Plain(recipe.Name).Options : recipe.Options };

        public IBatchEnvironment Create(int matches) => create(matches);
    }
}
