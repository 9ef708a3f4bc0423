using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Server.Replays;

/// <summary>Which heroes a recorded match was played with: a replay does not say so, but its seed does. Not thread-safe.</summary>
/// <param name="games">Makes environments of other games; without it nothing can be told of them.</param>
internal sealed class LineUps(IGameCatalog? games)
{
    private const int EnvironmentsKept = 8;
    private readonly RecentlyUsed<string, IBatchEnvironment> _environments = new(EnvironmentsKept);

    /// <summary>Heroes by team, and why this program cannot play the replay, or null if it can.</summary>
    public (IReadOnlyList<IReadOnlyList<string>> Heroes, string? Obstacle) Of(ReplayHeader header)
    {
        if (games is null && header.Environment != MobaRecipe.Name)
            return ([], null);
        IBatchEnvironment environment;
        try
        {
            environment = Environment(new EnvironmentRecipe(header.Environment, header.Options));
        }
        catch (Exception e) when (e is ArgumentException or JsonException)
        {
            return ([], e.Message);
        }
        if (Replay.Unfit(header, environment.Spec) is { } why)
            return ([], why);
        if (environment is not MobaEnvironment moba)
            return ([], null);
        moba.Reset(0, header.Seed);
        int per = header.AgentsPerTeam;
        return ([.. Enumerable.Range(0, header.Teams).Select(t => (IReadOnlyList<string>)[.. Enumerable.Range(0, per).Select(s => moba.World.HeroOf(in moba.State(0), UnitIndex.Hero(t, s)).Name)])], null);
    }

    private IBatchEnvironment Environment(EnvironmentRecipe recipe)
    {
        string key = $"{recipe.Name} {recipe.Options.GetRawText()}";
        if (!_environments.TryGet(key, out IBatchEnvironment? environment))
        {
            // Made here, as the catalogue has no matches that people play: it makes environments for policies.
            environment = recipe.Name == MobaRecipe.Name ? new MobaEnvironment(MobaRecipe.Read(recipe), 1) : games!.Create(recipe).Create(1);
            _environments.Add(key, environment);
        }
        return environment;
    }
}
