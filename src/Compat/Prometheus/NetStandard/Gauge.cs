namespace Prometheus;

/// <summary>A number that rises and falls, such as the length of a queue.</summary>
public sealed class Gauge : Collector<Gauge.Child>, IGauge
{
    internal Gauge(string name, string help, string[] labelNames, GaugeConfiguration configuration)
        : base(name, help, labelNames, configuration)
    {
    }

    public double Value => Unlabelled.Value;

    internal override string Type => "gauge";

    public void Inc(double increment = 1) => Unlabelled.Inc(increment);

    public void Set(double val) => Unlabelled.Set(val);

    public void Dec(double decrement = 1) => Unlabelled.Dec(decrement);

    public void IncTo(double targetValue) => Unlabelled.IncTo(targetValue);

    public void DecTo(double targetValue) => Unlabelled.DecTo(targetValue);

    public void Publish() => Unlabelled.Publish();

    public void Unpublish() => Unlabelled.Unpublish();

    private protected override Child NewChild() => new();

    public sealed class Child : ChildBase, IGauge
    {
        private AtomicDouble _value;

        internal Child()
        {
        }

        public double Value => _value.Value;

        public void Inc(double increment = 1)
        {
            _value.Add(increment);
            Published = true;
        }

        public void Set(double val)
        {
            _value.Set(val);
            Published = true;
        }

        public void Dec(double decrement = 1) => Inc(-decrement);

        public void IncTo(double targetValue)
        {
            _value.RaiseTo(targetValue);
            Published = true;
        }

        public void DecTo(double targetValue)
        {
            _value.LowerTo(targetValue);
            Published = true;
        }

        internal override void Write(TextPage page, Collector collector) => page.Point(collector, this, "", null, 0, Value);
    }
}
