namespace Prometheus;

/// <summary>A number that only rises, such as requests served.</summary>
public sealed class Counter : Collector<Counter.Child>, ICounter
{
    internal Counter(string name, string help, string[] labelNames, CounterConfiguration configuration)
        : base(name, help, labelNames, configuration)
    {
    }

    public double Value => Unlabelled.Value;

    internal override string Type => "counter";

    public void Inc(double increment = 1.0) => Unlabelled.Inc(increment);

    public void IncTo(double targetValue) => Unlabelled.IncTo(targetValue);

    public void Publish() => Unlabelled.Publish();

    public void Unpublish() => Unlabelled.Unpublish();

    private protected override Child NewChild() => new();

    public sealed class Child : ChildBase, ICounter
    {
        private AtomicDouble _value;

        internal Child()
        {
        }

        public double Value => _value.Value;

        public void Inc(double increment = 1.0)
        {
            if (increment < 0)
                throw new ArgumentOutOfRangeException(nameof(increment), "Counter value cannot decrease.");
            _value.Add(increment);
            Published = true;
        }

        public void IncTo(double targetValue)
        {
            _value.RaiseTo(targetValue);
            Published = true;
        }

        internal override void Write(TextPage page, Collector collector) => page.Point(collector, this, "", null, 0, Value);
    }
}
