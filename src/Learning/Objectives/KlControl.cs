namespace SelfPlayArena.Learning;

/// <summary>How the weight of the divergence from a reference policy is chosen.</summary>
public enum KlRule
{
    /// <summary>No reference policy.</summary>
    None,

    /// <summary>The weight stays.</summary>
    Fixed,

    /// <summary>
    /// Halved below two thirds of the target, doubled above one and a half of it (the adaptive penalty of PPO, Schulman et al. 2017, section 4).
    /// </summary>
    Adaptive,

    /// <summary>
    /// A proportional controller in the logarithm: β ← β (1 + K e), e = clip(KL / target - 1, -0.2, 0.2) (Ziegler et al. 2019, section 2.2, K = 0.1).
    /// </summary>
    Dynamic,
}

/// <summary>The weight β of the divergence from the reference policy, moved after each update.</summary>
internal sealed class KlControl(KlRule rule, float weight, float target)
{
    private const float Gain = 0.1f;
    private const float Least = 1e-6f, Most = 1e3f;

    /// <summary>β now.</summary>
    public float Weight { get; set; } = rule == KlRule.None ? 0 : weight;

    /// <param name="divergence">Mean divergence over an update's steps, in nats.</param>
    public void Observe(float divergence)
    {
        if (!float.IsFinite(divergence))
            return;
        float factor = rule switch
        {
            KlRule.Adaptive => divergence < target / 1.5f ? 0.5f : divergence > target * 1.5f ? 2f : 1f,
            KlRule.Dynamic => 1 + Gain * Math.Clamp(divergence / target - 1, -0.2f, 0.2f),
            _ => 1f,
        };
        if (factor != 1f)
            Weight = Math.Clamp(Weight * factor, Least, Most);
    }
}
