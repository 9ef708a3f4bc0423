namespace SelfPlayArena.Learning;

/// <summary>
/// Group-relative policy optimisation (GRPO, Shao et al. 2024): A = (G - mean) / deviation over the group, here for each decision with its return from
/// there on (their process supervision), as rewards come at every decision. Where all of a group earn the same, a step tells nothing.
/// </summary>
internal sealed class GroupRelative : IGroupBaseline
{
    private const double SmallestDeviation = 1e-5;
    private readonly Dictionary<Moment, int> _places = [];
    private double[] _sums = [];

    public bool NeedsGreedyMatch => false;

    public void Apply(IReadOnlyList<GroupStep> steps, int heads, Span<float> advantages, Span<bool> signal)
    {
        // For each moment: number, then sum and sum of squares by head.
        int width = 1 + 2 * heads;
        _places.Clear();
        if (_sums.Length < steps.Count * width)
            _sums = new double[steps.Count * width];
        Array.Clear(_sums);
        foreach (GroupStep step in steps)
        {
            if (!_places.TryGetValue(step.At, out int place))
                _places.Add(step.At, place = _places.Count);
            Span<double> sums = _sums.AsSpan(place * width, width);
            sums[0]++;
            for (int h = 0; h < heads; h++)
            {
                double x = advantages[step.Row * heads + h];
                sums[1 + 2 * h] += x;
                sums[2 + 2 * h] += x * x;
            }
        }
        foreach (GroupStep step in steps)
        {
            ReadOnlySpan<double> sums = _sums.AsSpan(_places[step.At] * width, width);
            bool tells = false;
            for (int h = 0; h < heads; h++)
            {
                double mean = sums[1 + 2 * h] / sums[0];
                double deviation = Math.Sqrt(Math.Max(sums[2 + 2 * h] / sums[0] - mean * mean, 0));
                bool differs = deviation > SmallestDeviation;
                ref float x = ref advantages[step.Row * heads + h];
                x = differs ? (float)((x - mean) / deviation) : 0f;
                tells |= differs;
            }
            signal[step.Row] = tells;
        }
    }
}
