using System.Text.Json;

namespace SelfPlayArena.Core;

/// <summary>Which environment with which options: all that is needed, besides the program, to make it again.</summary>
/// <param name="Name">Name by which the program knows the environment, for example <c>moba</c>.</param>
/// <param name="Options">A JSON object with every option that decides what is played, for example mode and rules.</param>
public sealed record EnvironmentRecipe(string Name, JsonElement Options)
{
    /// <summary>An environment that has no options.</summary>
    public static EnvironmentRecipe Plain(string name) => new(name, JsonSerializer.SerializeToElement(new Dictionary<string, string>()));
}
