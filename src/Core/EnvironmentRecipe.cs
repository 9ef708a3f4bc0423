using System.Text.Json;
using System.Text.Json.Serialization;

namespace SelfPlayArena.Core;

/// <summary>Which environment with which options: all that is needed, besides the program, to make it again.</summary>
/// <param name="Name">Name by which the program knows the environment, for example <c>moba</c>.</param>
/// <param name="Options">A JSON object with every option that decides what is played, for example mode and rules.</param>
public sealed record EnvironmentRecipe(string Name, JsonElement Options)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>An environment that has no options.</summary>
    public static EnvironmentRecipe Plain(string name) => new(name, JsonSerializer.SerializeToElement(new Dictionary<string, string>()));

    /// <summary>How an environment with these options is made again: snake_case, nothing for what is null.</summary>
    public static EnvironmentRecipe Of<TOptions>(string name, TOptions options) => new(name, JsonSerializer.SerializeToElement(options, Json));

    /// <summary>The options as their own type; those that are not given have their defaults.</summary>
    /// <exception cref="JsonException">Not options of that type; says which member is wrong or unknown.</exception>
    public TOptions Read<TOptions>() => Options.Deserialize<TOptions>(Json) ?? throw new JsonException("options are an object, not null");
}
