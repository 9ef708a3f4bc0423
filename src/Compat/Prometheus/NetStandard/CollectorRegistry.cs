using System.Collections.Concurrent;
using System.Diagnostics;

namespace Prometheus;

/// <summary>Metrics that are exported together.</summary>
public sealed class CollectorRegistry
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, List<Collector>> _families = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Action> _before = new();
    private readonly ConcurrentQueue<Func<CancellationToken, Task>> _beforeAsync = new();

    /// <summary>Runs before every collection, to bring gauges up to date. An exception is traced and goes no further.</summary>
    public void AddBeforeCollectCallback(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _before.Enqueue(callback);
    }

    /// <inheritdoc cref="AddBeforeCollectCallback(Action)"/>
    public void AddBeforeCollectCallback(Func<CancellationToken, Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _beforeAsync.Enqueue(callback);
    }

    /// <summary>Writes all metrics in Prometheus' text format.</summary>
    public async Task CollectAndExportAsTextAsync(Stream to, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        await RunCallbacks(cancel).ConfigureAwait(false);
        Collector[][] families;
        lock (_lock)
            families = [.. _families.Values.Select(f => f.ToArray())];
        var page = new TextPage();
        foreach (Collector[] family in families)
        {
            page.Declare(family[0]);
            foreach (Collector collector in family)
                collector.Write(page);
        }
        await to.WriteAsync(page.ToBytes(), cancel).ConfigureAwait(false);
        await to.FlushAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>A callback that fails is traced; the page goes out without what it would have brought up to date.</summary>
    private async Task RunCallbacks(CancellationToken cancel)
    {
        foreach (Action callback in _before)
        {
            try
            {
                callback();
            }
            catch (Exception e)
            {
                Trace.WriteLine($"Metrics before-collect callback failed: {e}");
            }
        }
        await Task.WhenAll(_beforeAsync.Select(async callback =>
        {
            try
            {
                await callback(cancel).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Trace.WriteLine($"Metrics before-collect callback failed: {e}");
            }
        })).ConfigureAwait(false);
    }

    /// <summary>The metric of this name and these labels if it is there, else the one just made.</summary>
    internal T GetOrAdd<T>(string name, string[] labelNames, Func<T> make)
        where T : Collector
    {
        lock (_lock)
        {
            if (!_families.TryGetValue(name, out List<Collector>? family))
            {
                T first = make();
                _families[name] = [first];
                return first;
            }
            if (family[0] is not T)
                throw new InvalidOperationException("Collector of a different type with the same name is already registered.");
            if (family.Find(c => c.LabelNames.SequenceEqual(labelNames, StringComparer.Ordinal)) is T there)
                return there;
            T added = make();
            family.Add(added);
            return added;
        }
    }
}
