using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Testing;

namespace SelfPlayArena.Cli.Tests.Serving;

/// <summary>The dashboard and the alerts under tools/grafana ask for what a league serves, in words that Prometheus understands.</summary>
public sealed partial class GrafanaTests(ServedRun run) : IClassFixture<ServedRun>
{
    private static readonly string Folder = Path.Combine(MetricsTests.Root(), "tools/grafana");

    [Theory]
    [InlineData("league.json", 50)]
    [InlineData("alerts.yml", 15)]
    [InlineData("alerts.test.yml", 15)]
    public void Every_metric_that_is_asked_for_is_served(string file, int atLeast)
    {
        HashSet<string> served = [.. Names(run.Page), .. Names(run.WorkerPage)];
        string[] asked = [.. Names(File.ReadAllText(Path.Combine(Folder, file))).Distinct()];
        Assert.Equal([], asked.Except(served));
        Assert.True(asked.Length >= atLeast, $"{file} asks for {asked.Length} metrics");
    }

    [Fact]
    public void The_dashboard_shows_or_the_alerts_watch_every_family()
    {
        string shown = File.ReadAllText(Path.Combine(Folder, "league.json")) + File.ReadAllText(Path.Combine(Folder, "alerts.yml"));
        HashSet<string> asked = [.. Names(shown).Select(Family)];
        // For comparing processes and looking things up, not for a picture.
        string[] left = ["arena_build_info", "arena_anchor_win_low_ratio", "arena_anchor_win_high_ratio", "arena_hero_steps_per_second", "arena_rating_matches",
            "arena_queue_chunks", "arena_queue_capacity_chunks", "arena_checkpoint_bytes", "arena_gc_fragmented_bytes", "arena_thread_pool_completed_items_total",
            "arena_model_pool_policies", "arena_model_pool_capacity_policies"];
        Assert.Equal(left.Order(), run.Families.Where(f => f.Page != run.ArenaPage).Select(f => f.Family.Name).Where(n => !asked.Contains(n)).Order());
    }

    [ToolFact("promtool", "--version", Needs = Promtool.Package)]
    public void Promtool_accepts_the_alerts_and_they_fire_when_they_should()
    {
        Promtool.Accepts(null, "check", "rules", Path.Combine(Folder, "alerts.yml"));
        Promtool.Accepts(null, "check", "config", Path.Combine(Folder, "prometheus.yml"));
        Promtool.Accepts(null, "test", "rules", Path.Combine(Folder, "alerts.test.yml"));
    }

    [ToolFact("promtool", "--version", Needs = Promtool.Package)]
    public void Promtool_accepts_every_expression_of_the_dashboard()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "league.json")));
        var rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        int count = 0;
        foreach (JsonElement panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
        {
            if (!panel.TryGetProperty("targets", out JsonElement targets))
                continue;
            foreach (JsonElement target in targets.EnumerateArray())
            {
                string expression = target.GetProperty("expr").GetString()!.Replace("$instance", ".*", StringComparison.Ordinal).Replace("$__rate_interval", "1m", StringComparison.Ordinal);
                rules.Append($"      - record: dashboard:x{count++}\n        expr: '{expression.Replace("'", "''", StringComparison.Ordinal)}'\n");
            }
        }
        Assert.True(count > 50);
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, rules.ToString());
            Promtool.Accepts(null, "check", "rules", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<string> Names(string text) => Name().Matches(text).Select(m => m.Value);

    private static string Family(string series) => Suffix().Replace(series, "");

    [GeneratedRegex("arena_[a-z0-9_]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Suffix();
}
