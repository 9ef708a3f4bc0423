namespace Prometheus;

/// <summary>
/// Quantiles of a stream in little memory, each within its own error of rank (Cormode, Korn, Muthukrishnan, Srivastava: Effective computation
/// of biased quantiles over data streams, 2005; targeted quantiles).
/// </summary>
internal sealed class QuantileSketch(IReadOnlyList<QuantileEpsilonPair> targets)
{
    private readonly List<Sample> _samples = [];
    private double _count;

    public void Clear()
    {
        _samples.Clear();
        _count = 0;
    }

    /// <summary>Takes values in rising order.</summary>
    public void Add(ReadOnlySpan<double> sorted)
    {
        double rank = 0;
        int i = 0;
        foreach (double value in sorted)
        {
            while (i < _samples.Count && _samples[i].Value <= value)
                rank += _samples[i++].Width;
            double delta = i == 0 || i == _samples.Count ? 0 : Math.Max(0, Math.Floor(Allowed(rank)) - 1);
            _samples.Insert(i++, new Sample(value, 1, delta));
            rank++;
            _count++;
        }
        Compress();
    }

    public double Quantile(double q)
    {
        if (_samples.Count == 0)
            return double.NaN;
        double target = Math.Ceiling(q * _count);
        target += Math.Ceiling(Allowed(target) / 2);
        double rank = 0;
        for (int i = 1; i < _samples.Count; i++)
        {
            rank += _samples[i - 1].Width;
            if (rank + _samples[i].Width + _samples[i].Delta > target)
                return _samples[i - 1].Value;
        }
        return _samples[^1].Value;
    }

    /// <summary>How uncertain the rank of a sample there may be.</summary>
    private double Allowed(double rank)
    {
        double least = double.MaxValue;
        foreach (QuantileEpsilonPair t in targets)
        {
            double f = t.Quantile * _count <= rank ? 2 * t.Epsilon * rank / t.Quantile : 2 * t.Epsilon * (_count - rank) / (1 - t.Quantile);
            least = Math.Min(least, f);
        }
        return least;
    }

    private void Compress()
    {
        if (_samples.Count < 2)
            return;
        int at = _samples.Count - 1;
        Sample right = _samples[at];
        double rank = _count - 1 - right.Width;
        for (int i = at - 1; i >= 0; i--)
        {
            Sample left = _samples[i];
            if (left.Width + right.Width + right.Delta <= Allowed(rank))
            {
                right = right with { Width = right.Width + left.Width };
                _samples[at] = right;
                _samples.RemoveAt(i);
                at--;
            }
            else
            {
                right = left;
                at = i;
            }
            rank -= left.Width;
        }
    }

    private readonly record struct Sample(double Value, double Width, double Delta);
}
