using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Hosting;

namespace SelfPlayArena.Cli.Serving;

/// <summary>All environments, and the players of a folder of runs, for those who name them from outside.</summary>
internal sealed class GameCatalog(RunCatalog runs) : IGameCatalog
{
    private readonly PlayerLoader _players = new(runs);

    public IEnvironmentFactory Create(EnvironmentRecipe recipe) => Asked(() =>
    {
        IEnvironmentFactory factory = Environments.Create(recipe);
        Environments.RequireHeads(factory.Recipe);
        return factory;
    });

    public IEnvironmentFactory CreateAsIn(string run) => Asked(() => Environments.Create(runs.Existing(run).ReadSettings()));

    public Contestant Load(string player, EnvironmentSpec spec) => Asked(() => _players.Load(PlayerSpec.Parse(player), spec));

    private static T Asked<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception e) when (e is UserError or UnknownRunException)
        {
            throw new ArgumentException(e.Message, e);
        }
        catch (BundleException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}
