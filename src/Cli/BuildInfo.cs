using System.Reflection;

namespace SelfPlayArena.Cli;

/// <summary>How this program was built.</summary>
internal static class BuildInfo
{
    /// <summary><c>compat</c> or <c>nuget</c>.</summary>
    public static string Packages { get; } =
        typeof(BuildInfo).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "Packages")?.Value ?? "unknown";

    /// <summary>The mode in words, printed at start.</summary>
    public static string PackagesSentence => Packages switch
    {
        "compat" => "compat (TorchSharp's stand-in over this machine's libtorch)",
        "nuget" => "nuget (the real TorchSharp)",
        _ => Packages,
    };

    public static string Version { get; } = typeof(BuildInfo).Assembly.GetName().Version?.ToString(3) ?? "";
}
