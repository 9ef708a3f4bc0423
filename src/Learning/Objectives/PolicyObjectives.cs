namespace SelfPlayArena.Learning;

/// <summary>The objectives by the names that settings use.</summary>
public static class PolicyObjectives
{
    public const string Default = "ppo";

    public static IReadOnlyList<string> Names { get; } = ["ppo", "decoupled", "policy_gradient"];

    /// <exception cref="ArgumentException">Unknown name; lists the known ones.</exception>
    internal static IPolicyObjective Named(PpoOptions options)
    {
        var surrogate = new ClippedSurrogate(options.Clip, options.HighClip, options.DualClip);
        return options.Objective switch
        {
            "ppo" => surrogate,
            "decoupled" => new DecoupledSurrogate(surrogate, options.WeightCap),
            "policy_gradient" => new ImportanceWeighted(options.RhoClip),
            string other => throw new ArgumentException($"unknown objective '{other}'; allowed: {string.Join(", ", Names)}"),
        };
    }
}
