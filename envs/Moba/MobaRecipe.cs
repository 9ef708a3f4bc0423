using System.Text.Json;
using SelfPlayArena.Core;

namespace SelfPlayArena.Moba;

/// <summary>The environment's options as recipes hold them.</summary>
public static class MobaRecipe
{
    /// <summary>Name by which programs know the environment.</summary>
    public const string Name = "moba";

    /// <summary>How an environment with these options is made again.</summary>
    public static EnvironmentRecipe Of(MobaOptions options) => EnvironmentRecipe.Of(Name, options);

    /// <exception cref="JsonException">Not options of this environment; says which member is wrong.</exception>
    public static MobaOptions Read(EnvironmentRecipe recipe) => recipe.Read<MobaOptions>();
}
