using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>What a policy is moved towards, from log-probabilities of the joint actions and advantages. Rows that do not count have advantage 0.</summary>
internal interface IPolicyObjective
{
    /// <summary>Whether it needs the log-probabilities under the policy as it was when the update began.</summary>
    bool NeedsProximal { get; }

    /// <summary>[R]: what is to grow.</summary>
    /// <param name="now">[R], with gradients: log-probability under the policy that learns.</param>
    /// <param name="behaviour">[R]: under the policy that acted.</param>
    /// <param name="proximal">[R]: under the policy when the update began; null unless needed.</param>
    /// <param name="advantages">[R].</param>
    Tensor Of(Tensor now, Tensor behaviour, Tensor? proximal, Tensor advantages);
}

/// <summary>Arithmetic that objectives share.</summary>
internal static class Ratios
{
    /// <summary>exp of more than this is of no use to anybody and would end in infinities.</summary>
    public const float LargestLog = 20f;

    public static Tensor Of(Tensor now, Tensor before) => (now - before).clamp(-LargestLog, LargestLog).exp();
}
