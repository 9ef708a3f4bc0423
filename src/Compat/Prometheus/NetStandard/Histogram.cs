namespace Prometheus;

/// <summary>Counts observations by size, such as durations.</summary>
public sealed class Histogram : Collector<Histogram.Child>, IHistogram
{
    private static readonly double[] DefaultBuckets = [.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10];
    private readonly double[] _bounds;

    internal Histogram(string name, string help, string[] labelNames, HistogramConfiguration configuration)
        : base(name, help, labelNames, configuration)
    {
        if (labelNames.Contains("le"))
            throw new ArgumentException("'le' is a reserved label name", nameof(labelNames));
        double[] bounds = configuration.Buckets ?? DefaultBuckets;
        if (bounds.Length == 0)
            throw new ArgumentException("Histogram must have at least one bucket", nameof(configuration));
        if (!double.IsPositiveInfinity(bounds[^1]))
            bounds = [.. bounds, double.PositiveInfinity];
        for (int i = 1; i < bounds.Length; i++)
        {
            if (bounds[i] <= bounds[i - 1])
                throw new ArgumentException("Bucket values must be increasing", nameof(configuration));
        }
        _bounds = bounds;
    }

    public double Sum => Unlabelled.Sum;

    public long Count => Unlabelled.Count;

    internal override string Type => "histogram";

    public void Observe(double val) => Unlabelled.Observe(val);

    public void Observe(double val, long count) => Unlabelled.Observe(val, count);

    public void Publish() => Unlabelled.Publish();

    public void Unpublish() => Unlabelled.Unpublish();

    /// <summary>Bounds that start at one value and grow by a factor.</summary>
    public static double[] ExponentialBuckets(double start, double factor, int count)
    {
        if (count <= 0)
            throw new ArgumentException($"{nameof(ExponentialBuckets)} needs a positive {nameof(count)}", nameof(count));
        if (start <= 0)
            throw new ArgumentException($"{nameof(ExponentialBuckets)} needs a positive {nameof(start)}", nameof(start));
        if (factor <= 1)
            throw new ArgumentException($"{nameof(ExponentialBuckets)} needs a {nameof(factor)} greater than 1", nameof(factor));
        var bounds = new double[count];
        for (int i = 0; i < count; i++, start *= factor)
            bounds[i] = start;
        return bounds;
    }

    /// <summary>Bounds at equal distances.</summary>
    public static double[] LinearBuckets(double start, double width, int count)
    {
        if (count <= 0)
            throw new ArgumentException($"{nameof(LinearBuckets)} needs a positive {nameof(count)}", nameof(count));
        var bounds = new double[count];
        for (int i = 0; i < count; i++, start += width)
            bounds[i] = start;
        return bounds;
    }

    // The base makes the series without labels before the bounds are known, so a series asks for them when it is used.
    private protected override Child NewChild() => new(this);

    public sealed class Child : ChildBase, IHistogram
    {
        private readonly Histogram _parent;
        private long[]? _counts;
        private AtomicDouble _sum;

        internal Child(Histogram parent) => _parent = parent;

        public double Sum => _sum.Value;

        public long Count => Counts.Sum();

        private long[] Counts => LazyInitializer.EnsureInitialized(ref _counts, () => new long[_parent._bounds.Length]);

        public void Observe(double val) => Observe(val, 1);

        public void Observe(double val, long count)
        {
            if (double.IsNaN(val))
                return;
            double[] bounds = _parent._bounds;
            int i = 0;
            while (val > bounds[i])
                i++;
            Interlocked.Add(ref Counts[i], count);
            _sum.Add(val * count);
            Published = true;
        }

        internal override void Write(TextPage page, Collector collector)
        {
            // Read once: the last bucket and the count are the same number, also while somebody observes.
            long[] counts = [.. Counts];
            page.Point(collector, this, "_sum", null, 0, Sum);
            page.Point(collector, this, "_count", null, 0, counts.Sum());
            long below = 0;
            for (int i = 0; i < counts.Length; i++)
            {
                below += counts[i];
                page.Point(collector, this, "_bucket", "le", _parent._bounds[i], below);
            }
        }
    }
}
