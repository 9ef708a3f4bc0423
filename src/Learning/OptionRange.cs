namespace SelfPlayArena.Learning;

/// <summary>What options may be.</summary>
internal static class OptionRange
{
    /// <exception cref="ArgumentException">The value is not within the range, or no number.</exception>
    public static void Require(string name, double value, double low, double high)
    {
        if (!(value >= low && value <= high))
            throw new ArgumentException(FormattableString.Invariant($"{name} {value} is out of range; allowed: {low} to {high}"));
    }
}
