namespace SelfPlayArena.Learning;

/// <summary>
/// ReMax (Li et al. 2024): the baseline is what the same policy earns from the same start when it takes its likeliest action throughout,
/// A = G - G_greedy, decision by decision. Steps after the end of the greedy match are compared with nothing more to earn.
/// </summary>
internal sealed class GreedyBaseline : IGroupBaseline
{
    private readonly Dictionary<Moment, int> _rows = [];
    private readonly HashSet<(long Group, int Team)> _played = [];

    public bool NeedsGreedyMatch => true;

    public void Apply(IReadOnlyList<GroupStep> steps, int heads, Span<float> advantages, Span<bool> signal)
    {
        _rows.Clear();
        _played.Clear();
        foreach (GroupStep step in steps)
        {
            if (!step.Baseline)
                continue;
            _rows[step.At] = step.Row;
            _played.Add((step.At.Group, step.At.Team));
        }
        foreach (GroupStep step in steps)
        {
            if (step.Baseline || !_played.Contains((step.At.Group, step.At.Team)))
            {
                signal[step.Row] = false;
                if (!step.Baseline)
                    advantages.Slice(step.Row * heads, heads).Clear();
                continue;
            }
            bool tells = false;
            for (int h = 0; h < heads; h++)
            {
                ref float x = ref advantages[step.Row * heads + h];
                x -= _rows.TryGetValue(step.At, out int row) ? advantages[row * heads + h] : 0f;
                tells |= x != 0;
            }
            signal[step.Row] = tells;
        }
    }
}
