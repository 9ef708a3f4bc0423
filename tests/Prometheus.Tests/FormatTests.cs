namespace Prometheus.Tests;

public sealed class FormatTests
{
    [Fact]
    public async Task A_page_reads_as_the_real_library_writes_it()
    {
        string page = await Page.Of(Page.Registry());
        foreach (string block in new[]
        {
            "# HELP arena_steps_total Hero-steps.\n# TYPE arena_steps_total counter\narena_steps_total 3\n",
            "# TYPE arena_idle_total counter\narena_idle_total 0\n",
            "# TYPE arena_quiet_total counter\n#",
            "arena_frames_total{kind=\"chunk\",side=\"a\\\"b\\\\c\\nd\"} 1\n",
            "arena_frames_total{kind=\"weights\",side=\"é✓\"} 1e+21\n",
            "# TYPE arena_queue_chunks gauge\narena_queue_chunks -1.5\n",
            "# TYPE arena_update_seconds histogram\narena_update_seconds_sum 55.65\narena_update_seconds_count 5\narena_update_seconds_bucket{le=\"0.1\"} 2\n"
                + "arena_update_seconds_bucket{le=\"1\"} 3\narena_update_seconds_bucket{le=\"10\"} 4\narena_update_seconds_bucket{le=\"+Inf\"} 5\n",
            "arena_turn_seconds_sum{phase=\"act\"} 5050\narena_turn_seconds_count{phase=\"act\"} 100\narena_turn_seconds{phase=\"act\",quantile=\"0.5\"} ",
        })
        {
            Assert.Contains(block.TrimEnd('#'), page, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("arena_quiet_total 0", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', page);
    }

    [Fact]
    public void The_same_name_is_the_same_metric_and_another_kind_is_refused()
    {
        MetricFactory make = Metrics.WithCustomRegistry(Metrics.NewCustomRegistry());
        Counter one = make.CreateCounter("things_total", "Things.");
        Assert.Same(one, make.CreateCounter("things_total", "Things."));
        Assert.Throws<InvalidOperationException>(() => make.CreateGauge("things_total", "Things."));
    }

    [Theory]
    [InlineData("9things", "label")]
    [InlineData("thin-gs", "label")]
    [InlineData("things", "la-bel")]
    [InlineData("things", "__label")]
    [InlineData("things", "le")]
    public void Bad_names_are_refused(string name, string label)
        => Assert.Throws<ArgumentException>(() => Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()).CreateHistogram(name, "", [label]));

    [Fact]
    public void Values_must_make_sense()
    {
        MetricFactory make = Metrics.WithCustomRegistry(Metrics.NewCustomRegistry());
        Assert.Throws<ArgumentOutOfRangeException>(() => make.CreateCounter("a_total", "").Inc(-1));
        Assert.Throws<ArgumentException>(() => make.CreateHistogram("b", "", new HistogramConfiguration { Buckets = [2, 1] }));
        Assert.Throws<ArgumentException>(() => make.CreateCounter("c_total", "", ["x"]).WithLabels("1", "2"));
        Gauge gauge = make.CreateGauge("d", "");
        gauge.Set(5);
        gauge.IncTo(3);
        Assert.Equal(5, gauge.Value);
        gauge.DecTo(3);
        Assert.Equal(3, gauge.Value);
    }

    [Fact]
    public void Nothing_is_lost_between_threads()
    {
        MetricFactory make = Metrics.WithCustomRegistry(Metrics.NewCustomRegistry());
        Counter counter = make.CreateCounter("a_total", "", ["who"]);
        Histogram histogram = make.CreateHistogram("b", "");
        Parallel.For(0, 4, t =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                counter.WithLabels((i % 7).ToString(System.Globalization.CultureInfo.InvariantCulture)).Inc();
                histogram.Observe(i % 3);
            }
        });
        Assert.Equal(80_000, Enumerable.Range(0, 7).Sum(i => counter.WithLabels(i.ToString(System.Globalization.CultureInfo.InvariantCulture)).Value));
        Assert.Equal(80_000, histogram.Count);
    }

    [Fact]
    public async Task Quantiles_are_within_their_error_of_rank()
    {
        CollectorRegistry registry = Metrics.NewCustomRegistry();
        Summary summary = Metrics.WithCustomRegistry(registry).CreateSummary("s", "", new SummaryConfiguration { Objectives = [new(0.5, 0.02), new(0.9, 0.01), new(0.99, 0.001)] });
        double[] values = [.. Enumerable.Range(1, 50_000).Select(i => (double)i)];
        new Random(1).Shuffle(values);
        foreach (double v in values)
            summary.Observe(v);
        string page = await Page.Of(registry);
        foreach ((string q, double rank, double error) in new[] { ("0.5", 0.5, 0.02), ("0.9", 0.9, 0.01), ("0.99", 0.99, 0.001) })
        {
            string line = page.Split('\n').Single(l => l.StartsWith($"s{{quantile=\"{q}\"}}", StringComparison.Ordinal));
            double value = double.Parse(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(value, (rank - error) * 50_000, (rank + error) * 50_000);
        }
    }

    [Fact]
    public async Task A_series_is_gone_once_it_is_removed()
    {
        CollectorRegistry registry = Page.Registry();
        Metrics.WithCustomRegistry(registry).CreateCounter("arena_frames_total", "Frames by kind.", ["kind", "side"]).RemoveLabelled("weights", "é✓");
        Assert.DoesNotContain("weights", await Page.Of(registry), StringComparison.Ordinal);
    }
}
