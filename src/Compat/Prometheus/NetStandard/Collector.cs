using System.Text.RegularExpressions;

namespace Prometheus;

/// <summary>A metric: a name, a help text, and a time series for each combination of label values.</summary>
public abstract partial class Collector
{
    private protected Collector(string name, string help, string[] labelNames)
    {
        if (!ValidName().IsMatch(name))
            throw new ArgumentException($"Metric name '{name}' does not match regex '{ValidName()}'.", nameof(name));
        foreach (string label in labelNames)
        {
            if (label is null || !ValidName().IsMatch(label))
                throw new ArgumentException($"Label name '{label}' does not match regex '{ValidName()}'.", nameof(labelNames));
            if (label.StartsWith("__", StringComparison.Ordinal))
                throw new ArgumentException($"Label name '{label}' is not valid - labels starting with double underscore are reserved!", nameof(labelNames));
        }
        if (labelNames.Distinct(StringComparer.Ordinal).Count() != labelNames.Length)
            throw new InvalidOperationException("The set of label names includes duplicates: " + string.Join(", ", labelNames));
        Name = name;
        Help = help;
        LabelNames = labelNames;
    }

    public string Name { get; }

    public string Help { get; }

    public string[] LabelNames { get; }

    internal abstract string Type { get; }

    internal abstract void Write(TextPage page);

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]*$")]
    private static partial Regex ValidName();
}

/// <summary>One time series of a metric.</summary>
public abstract class ChildBase : ICollectorChild
{
    internal string[] LabelValues { get; set; } = [];

    internal volatile bool Published;

    /// <summary>Exports the time series from now on, even if it was never given a value.</summary>
    public void Publish() => Published = true;

    /// <summary>Exports the time series no more until it is given a value again.</summary>
    public void Unpublish() => Published = false;

    internal abstract void Write(TextPage page, Collector collector);
}

/// <summary>A metric with its time series by label values.</summary>
public abstract class Collector<TChild> : Collector
    where TChild : ChildBase
{
    private readonly Lock _lock = new();
    private readonly bool _publishAtOnce;

    // Replaced when a series comes or goes, so that looking one up takes no lock.
    private volatile Dictionary<string, TChild> _children = new(StringComparer.Ordinal);
    private volatile TChild? _unlabelled;

    private protected Collector(string name, string help, string[] labelNames, MetricConfiguration configuration)
        : base(name, help, labelNames)
    {
        _publishAtOnce = !configuration.SuppressInitialValue;
        if (labelNames.Length == 0)
            _ = Unlabelled;
    }

    /// <summary>The series without labels.</summary>
    protected internal TChild Unlabelled => _unlabelled ??= WithLabels();

    /// <summary>The series of these label values, made when it is first asked for.</summary>
    /// <exception cref="ArgumentException">Another number of values than label names.</exception>
    public TChild WithLabels(params string[] labelValues)
    {
        ArgumentNullException.ThrowIfNull(labelValues);
        if (labelValues.Length != LabelNames.Length)
            throw new ArgumentException("The list of label values must have the same number of elements as the list of label names.", nameof(labelValues));
        if (Array.Exists(labelValues, v => v is null))
            throw new ArgumentException("A label value cannot be null.", nameof(labelValues));
        string key = labelValues.Length == 1 ? labelValues[0] : string.Join('\u0001', labelValues);
        if (_children.TryGetValue(key, out TChild? there))
            return there;
        lock (_lock)
        {
            if (_children.TryGetValue(key, out there))
                return there;
            TChild child = NewChild();
            child.LabelValues = [.. labelValues];
            child.Published = _publishAtOnce;
            _children = new Dictionary<string, TChild>(_children, StringComparer.Ordinal) { [key] = child };
            return child;
        }
    }

    /// <summary>Forgets the series of these label values.</summary>
    public void RemoveLabelled(params string[] labelValues)
    {
        ArgumentNullException.ThrowIfNull(labelValues);
        lock (_lock)
        {
            var left = new Dictionary<string, TChild>(_children, StringComparer.Ordinal);
            left.Remove(labelValues.Length == 1 ? labelValues[0] : string.Join('\u0001', labelValues));
            _children = left;
            if (labelValues.Length == 0)
                _unlabelled = null;
        }
    }

    /// <summary>Label values of all labelled series.</summary>
    public IEnumerable<string[]> GetAllLabelValues() => _children.Values.Where(c => c.LabelValues.Length > 0).Select(c => c.LabelValues.ToArray());

    internal override void Write(TextPage page)
    {
        foreach (TChild child in _children.Values)
        {
            if (child.Published)
                child.Write(page, this);
        }
    }

    private protected abstract TChild NewChild();
}
