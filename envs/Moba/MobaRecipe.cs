using System.Text.Json;
using System.Text.Json.Serialization;
using SelfPlayArena.Core;

namespace SelfPlayArena.Moba;

/// <summary>The environment's options as recipes hold them: JSON, snake_case, unknown ones refused.</summary>
public static class MobaRecipe
{
    /// <summary>Name by which programs know the environment.</summary>
    public const string Name = "moba";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>How an environment with these options is made again.</summary>
    public static EnvironmentRecipe Of(MobaOptions options) => new(Name, JsonSerializer.SerializeToElement(options, Json));

    /// <exception cref="JsonException">Not options of this environment; says which member is wrong.</exception>
    public static MobaOptions Read(EnvironmentRecipe recipe) => recipe.Options.Deserialize<MobaOptions>(Json) ?? throw new JsonException("options are an object, not null");
}
