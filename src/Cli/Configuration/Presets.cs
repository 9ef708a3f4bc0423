using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Configuration;

/// <summary>The settings that come with the program, by name: YAML files like anybody's own.</summary>
internal static class Presets
{
    private const string Folder = "presets/";

    public const string Default = "quick-5v5";

    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(Presets).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Select(n => n[Folder.Length..]).Order(StringComparer.Ordinal)];

    /// <exception cref="UserError">Unknown preset.</exception>
    public static RunSettings Load(string name) => SettingsFile.Parse($"preset {name}", Text(name), new RunSettings());

    /// <summary>The preset's YAML.</summary>
    /// <exception cref="UserError">Unknown preset.</exception>
    public static string Text(string name)
    {
        using Stream? stream = typeof(Presets).Assembly.GetManifestResourceStream(Folder + name);
        if (stream is null)
            throw new UserError($"unknown preset '{name}'{Spelling.Suggestion(name, Names)}; allowed: {string.Join(", ", Names)}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
