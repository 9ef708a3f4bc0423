namespace SelfPlayArena.Learning;

/// <summary>The rules for advantages by the names that settings use.</summary>
public static class ReturnRules
{
    public const string Default = "gae";

    public static IReadOnlyList<string> Names { get; } = ["gae", "vtrace", "upgo", "grpo", "remax"];

    /// <summary>Whether an estimator compares whole matches that began alike, and uses no critic.</summary>
    public static bool IsGrouped(string name) => name is "grpo" or "remax";

    /// <summary>Whether an estimator compares with a match that was played without chance.</summary>
    public static bool NeedsGreedyMatch(string name) => name == "remax";

    internal static IGroupBaseline? Baseline(PpoOptions options) => options.Estimator switch
    {
        "grpo" => new GroupRelative(),
        "remax" => new GreedyBaseline(),
        _ => null,
    };

    /// <exception cref="ArgumentException">Unknown name; lists the known ones.</exception>
    internal static IReturnRule Named(PpoOptions options) => options.Estimator switch
    {
        "gae" => new GeneralisedAdvantage(),
        "vtrace" => new VTrace(options.RhoClip, options.TraceClip),
        "upgo" => new UpgoingReturns(),
        "grpo" or "remax" => new MonteCarloReturn(),
        string other => throw new ArgumentException($"unknown estimator '{other}'; allowed: {string.Join(", ", Names)}"),
    };
}
