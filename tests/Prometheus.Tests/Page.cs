using System.Text;

namespace Prometheus.Tests;

/// <summary>A registry with one metric of each kind and every case that the text format knows, and its page.</summary>
internal static class Page
{
    public static CollectorRegistry Registry()
    {
        CollectorRegistry registry = Metrics.NewCustomRegistry();
        MetricFactory make = Metrics.WithCustomRegistry(registry);
        make.CreateCounter("arena_steps_total", "Hero-steps.").Inc(3);
        make.CreateCounter("arena_idle_total", "Never touched.");
        make.CreateCounter("arena_quiet_total", "Not exported before its first value.", new CounterConfiguration { SuppressInitialValue = true });
        Counter labelled = make.CreateCounter("arena_frames_total", "Frames by kind.", ["kind", "side"]);
        labelled.WithLabels("chunk", "a\"b\\c\nd").Inc();
        labelled.WithLabels("weights", "é✓").Inc(1e21);
        make.CreateGauge("arena_queue_chunks", "Chunks waiting.").Set(-1.5);
        Histogram histogram = make.CreateHistogram("arena_update_seconds", "Update time.", new HistogramConfiguration { Buckets = [0.1, 1, 10] });
        foreach (double seconds in new[] { 0.05, 0.1, 0.5, 5, 50 })
            histogram.Observe(seconds);
        Summary summary = make.CreateSummary("arena_turn_seconds", "Turn time.", ["phase"], new SummaryConfiguration { Objectives = [new(0.5, 0.05), new(0.99, 0.001)] });
        for (int i = 1; i <= 100; i++)
            summary.WithLabels("act").Observe(i);
        return registry;
    }

    public static async Task<string> Of(CollectorRegistry registry)
    {
        using var stream = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
