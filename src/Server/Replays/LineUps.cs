using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Server.Replays;

/// <summary>Which heroes a recorded match was played with: a replay does not say so, but its seed does. Not thread-safe.</summary>
/// <param name="games">Makes environments; without it nothing can be told.</param>
internal sealed class LineUps(IGameCatalog? games)
{
    private const int EnvironmentsKept = 8;
    private readonly RecentlyUsed<string, IBatchEnvironment> _environments = new(EnvironmentsKept);

    /// <summary>Heroes by team, and why this program cannot play the replay, or null if it can.</summary>
    public (IReadOnlyList<IReadOnlyList<string>> Heroes, string? Obstacle) Of(ReplayHeader header)
    {
        if (games is null)
            return ([], null);
        IBatchEnvironment environment;
        try
        {
            environment = Environment(new EnvironmentRecipe(header.Environment, header.Options));
        }
        catch (ArgumentException e)
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
            _environments.Add(key, environment = games!.Create(recipe).Create(1));
        return environment;
    }
}
