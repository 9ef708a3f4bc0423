namespace SelfPlayArena.Learning;

/// <summary>What a network's layers are computed in when it learns.</summary>
public enum Precision
{
    Float32,

    /// <summary>bfloat16: the range of float32 with eight bits of mantissa. Weights stay float32 and are rounded for each pass.</summary>
    BFloat16,

    /// <summary>The faster of both by a measurement at the first update, float32 unless the other is clearly faster. Results then depend on the machine.</summary>
    Auto,
}

/// <summary>The precision that a learner computes in, and why.</summary>
/// <param name="Precision">Never <see cref="Learning.Precision.Auto"/>.</param>
/// <param name="Float32">Microseconds of a forward and backward pass, an agent-step; 0 if it was not measured.</param>
/// <param name="BFloat16">The same.</param>
public sealed record PrecisionChoice(Precision Precision, double Float32 = 0, double BFloat16 = 0)
{
    /// <summary>bfloat16 is taken if it needs at most this share of float32's time: for less it is not worth its rounding.</summary>
    public const double Needed = 0.9;

    /// <summary>Decides by two measurements.</summary>
    public static PrecisionChoice Of(double float32, double bfloat16)
        => new(bfloat16 <= float32 * Needed ? Precision.BFloat16 : Precision.Float32, float32, bfloat16);
}
