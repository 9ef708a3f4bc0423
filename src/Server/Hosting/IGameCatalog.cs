using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Server.Hosting;

/// <summary>What the program can play: environments and players, by the names that its command line knows. Thread-safe.</summary>
public interface IGameCatalog
{
    /// <summary>Makes what a recipe describes; options that it does not give have their defaults.</summary>
    /// <exception cref="ArgumentException">Unknown environment, unknown options or values that are not allowed; says what is.</exception>
    IEnvironmentFactory Create(EnvironmentRecipe recipe);

    /// <summary>The environment that a run was trained in.</summary>
    /// <exception cref="ArgumentException">There is no such run; says which there are.</exception>
    IEnvironmentFactory CreateAsIn(string run);

    /// <summary>A player ready to play, for example <c>scripted:easy</c>, <c>run:NAME@7</c> or <c>file:PATH</c>.</summary>
    /// <exception cref="ArgumentException">There is no such player; says what there is.</exception>
    /// <exception cref="InvalidDataException">Its bundle is damaged or does not fit the environment.</exception>
    Contestant Load(string player, EnvironmentSpec spec);
}
