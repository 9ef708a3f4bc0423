namespace Prometheus;

/// <summary>Count, sum and, if asked for, quantiles of observations of the last while.</summary>
public sealed class Summary : Collector<Summary.Child>, ISummary
{
    /// <summary>How long an observation counts, if nothing else is said.</summary>
    public static readonly TimeSpan DefMaxAge = TimeSpan.FromMinutes(10);
    public static readonly int DefAgeBuckets = 5;
    public static readonly int DefBufCap = 500;

    private readonly SummaryConfiguration _configuration;

    internal Summary(string name, string help, string[] labelNames, SummaryConfiguration configuration)
        : base(name, help, labelNames, configuration)
    {
        if (labelNames.Contains("quantile"))
            throw new ArgumentException("quantile is a reserved label name", nameof(labelNames));
        if (configuration.MaxAge < TimeSpan.Zero)
            throw new ArgumentException($"Illegal max age {configuration.MaxAge}", nameof(configuration));
        _configuration = configuration;
    }

    internal override string Type => "summary";

    public void Observe(double val) => Unlabelled.Observe(val);

    public void Publish() => Unlabelled.Publish();

    public void Unpublish() => Unlabelled.Unpublish();

    private protected override Child NewChild() => new(this);

    public sealed class Child : ChildBase, ISummary
    {
        private readonly Summary _parent;
        private readonly Lock _lock = new();
        private QuantileSketch[]? _sketches;
        private int _oldest;
        private long _turned;
        private double[] _buffer = [];
        private int _buffered;
        private double _sum;
        private long _count;

        internal Child(Summary parent) => _parent = parent;

        public void Observe(double val)
        {
            lock (_lock)
            {
                _count++;
                _sum += val;
                Published = true;
                SummaryConfiguration c = _parent._configuration;
                if (c.Objectives.Count == 0 || double.IsNaN(val))
                    return;
                if (_sketches is null)
                {
                    _sketches = [.. Enumerable.Range(0, Math.Max(1, c.AgeBuckets)).Select(_ => new QuantileSketch(c.Objectives))];
                    _buffer = new double[Math.Max(1, c.BufferSize)];
                    _turned = Environment.TickCount64;
                }
                Turn();
                _buffer[_buffered++] = val;
                if (_buffered == _buffer.Length)
                    Sort();
            }
        }

        /// <summary>Every sketch takes every observation; the oldest answers, and begins anew once its time is over.</summary>
        private void Turn()
        {
            long step = (long)_parent._configuration.MaxAge.TotalMilliseconds / _sketches!.Length;
            long now = Environment.TickCount64;
            if (now - _turned < step)
                return;
            Sort();
            while (now - _turned >= step)
            {
                _sketches[_oldest].Clear();
                _oldest = (_oldest + 1) % _sketches.Length;
                _turned += Math.Max(step, 1);
            }
        }

        private void Sort()
        {
            Span<double> batch = _buffer.AsSpan(0, _buffered);
            batch.Sort();
            foreach (QuantileSketch sketch in _sketches!)
                sketch.Add(batch);
            _buffered = 0;
        }

        internal override void Write(TextPage page, Collector collector)
        {
            lock (_lock)
            {
                page.Point(collector, this, "_sum", null, 0, _sum);
                page.Point(collector, this, "_count", null, 0, _count);
                if (_sketches is not null)
                {
                    Turn();
                    Sort();
                }
                foreach (double quantile in _parent._configuration.Objectives.Select(o => o.Quantile).Order())
                    page.Point(collector, this, "", "quantile", quantile, _sketches is null ? double.NaN : _sketches[_oldest].Quantile(quantile));
            }
        }
    }
}
