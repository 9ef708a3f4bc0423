namespace SelfPlayArena.Learning;

/// <summary>The rules for advantages by the names that settings use.</summary>
public static class ReturnRules
{
    public const string Default = "gae";

    public static IReadOnlyList<string> Names { get; } = ["gae", "vtrace", "upgo"];

    /// <exception cref="ArgumentException">Unknown name; lists the known ones.</exception>
    internal static IReturnRule Named(PpoOptions options) => options.Estimator switch
    {
        "gae" => new GeneralisedAdvantage(),
        "vtrace" => new VTrace(options.RhoClip, options.TraceClip),
        "upgo" => new UpgoingReturns(),
        string other => throw new ArgumentException($"unknown estimator '{other}'; allowed: {string.Join(", ", Names)}"),
    };
}
