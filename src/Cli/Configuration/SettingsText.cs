using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Configuration;

/// <summary>Writes settings as a configuration file that explains itself.</summary>
internal static class SettingsText
{
    public static void Write(RunSettings settings, TextWriter output)
    {
        foreach (SettingKey key in SettingKeys.All)
        {
            output.WriteLine($"# {key.Description}; allowed: {key.Allowed}");
            output.WriteLine($"{key.Name}: {key.Format(settings)}");
        }
    }
}
