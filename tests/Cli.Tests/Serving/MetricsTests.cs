using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using SelfPlayArena.Rollout;
using SelfPlayArena.Rollout.Telemetry;
using SelfPlayArena.Testing;
using static SelfPlayArena.Cli.Tests.Serving.ServedRun;

namespace SelfPlayArena.Cli.Tests.Serving;

/// <summary>What a league's page says, against what the league did.</summary>
public sealed class MetricsTests(ServedRun run) : IClassFixture<ServedRun>
{
    [ToolFact("promtool", "--version", Needs = Promtool.Package)]
    public void Promtool_finds_nothing_wrong_with_a_leagues_page()
    {
        Promtool.Accepts(run.During, "check", "metrics");
        Promtool.Accepts(run.Page, "check", "metrics");
        Promtool.Accepts(run.WorkerPage, "check", "metrics");
    }

    [Fact]
    public void Counters_add_up_with_the_progress_that_the_run_wrote()
    {
        RunProgress last = JsonSerializer.Deserialize<RunProgress>(File.ReadLines(run.Folder.Progress).Last(), RunFolder.Json)!;
        Assert.Equal(run.Last.Updates, last.Updates);
        Assert.Equal(last.TrainedSteps, Sum(run.Page, "arena_trained_hero_steps_total"));
        Assert.Equal(last.Updates, Sum(run.Page, "arena_updates_total"));
        Assert.Equal(last.Updates, Sum(run.Page, "arena_update_phase_seconds_count", "backward"));
        Assert.Equal(last.TrainedSteps, Sum(run.Page, "arena_hero_step_staleness_updates_count"));
        Assert.Equal(last.DroppedSteps, Sum(run.Page, "arena_dropped_hero_steps_total"));
        Assert.Equal(last.PolicyLoss, Sum(run.Page, "arena_policy_loss"), 1e-6);
        Assert.Equal(last.Entropy, Sum(run.Page, "arena_entropy_nats"), 1e-5);
        foreach (PlayerRating rating in last.Ratings.Where(r => r.Player.IsLatest))
            Assert.Equal(rating.Elo, Sum(run.Page, "arena_rating_elo", $"\"{rating.Player}\""), 1e-6);

        // The league goes on counting between the last progress and the end.
        double rated = Sum(run.Page, "arena_matches_rated_total"), finished = Sum(run.Page, "arena_matches_finished_total");
        Assert.InRange(rated, Math.Max(last.MatchesFinished, 1), finished);
        Assert.Equal(League.FileEventLog.Read(run.Folder.Events).Count(e => e is League.MatchFinished), rated);
        Assert.Equal(Directory.GetFiles(run.Folder.Policies).Length, Sum(run.Page, "arena_snapshots"));
        Assert.Equal(rated, Sum(run.Page, "arena_run_matches_rated"));
        Assert.Equal(
            Sum(run.Page, "arena_chunks_written_total"), Sum(run.Page, "arena_chunks_read_total") + Sum(run.Page, "arena_queue_chunks"));
        Assert.True(Sum(run.Page, "arena_simulated_hero_steps_total") >= last.TrainedSteps);
        Assert.True(Sum(run.Page, "arena_queue_hero_steps") <= Sum(run.Page, "arena_queue_capacity_hero_steps"));
        Assert.True(Sum(run.Page, "arena_checkpoint_seconds_count") >= Sum(run.Page, "arena_snapshots"));
        Assert.True(Sum(run.Page, "arena_model_pool_misses_total") >= 1);
        Assert.Equal(12, Sum(run.Page, "arena_evaluation_matches_finished_total"));
        Assert.True(Sum(run.Page, "arena_gc_allocated_bytes_total") > 0 && Sum(run.Page, "arena_process_working_set_bytes") > 0);
    }

    [Fact]
    public void Whoever_was_refused_at_the_door_is_one_count_and_one_line()
    {
        Assert.Equal(1, Sum(run.Page, "arena_stream_connections_total"));
        Assert.Equal(1, Sum(run.Page, "arena_stream_refusals_total", "BadFrame"));
        Assert.Equal(1, Sum(run.Page, "arena_stream_refusals_total"));
        Assert.Equal(1, Sum(run.Page, "arena_stream_received_frames_total"));
        Assert.Contains("refused (BadFrame)", Assert.Single(run.Refusals), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_family_has_its_series_once_a_league_has_run()
    {
        foreach ((MetricFamily family, string page) in run.Families)
            Assert.True(Sum(page, family.Name + (family.Type == "histogram" ? "_count" : "")) >= double.MinValue, family.Name);
        Assert.All(run.Families, f => Assert.StartsWith("arena_", f.Family.Name, StringComparison.Ordinal));
        Assert.Equal(run.Families.Count, run.Families.Select(f => f.Family.Name).Distinct().Count());
    }

    [Fact]
    public void The_list_of_metrics_is_what_a_league_serves()
    {
        var text = new StringBuilder("""
            # Metrics
            What `arena league` serves at `/metrics`, with `--listen` also the part on workers' connections; `arena worker --metrics` serves the parts on the
            process and on the worker, `arena eval --metrics` those on the process and on evaluation. `arena serve`, and `arena league` where it
            serves, have the last three parts besides. Counters begin at nought with each process;
            `arena_run_` names what is true of the run over all of them. Names, types, labels and help texts are those of a real run; a test compares them.
            After a wanted change run that test once with `ARENA_RECORD_METRICS=1`, which writes this page anew.

            """.ReplaceLineEndings("\n"));
        foreach (IGrouping<string, MetricFamily> part in run.Families.Select(f => f.Family).GroupBy(f => f.Part))
        {
            text.Append($"\n## {part.Key}\n| Metric | Type | Labels | Meaning |\n|---|---|---|---|\n");
            foreach (MetricFamily family in part)
                text.Append($"| `{family.Name}` | {family.Type} | {string.Join(", ", family.Labels.Select(l => $"`{l}`"))} | {family.Help} |\n");
        }
        string file = Path.Combine(Root(), "src/Rollout/METRICS.md");
        if (Environment.GetEnvironmentVariable("ARENA_RECORD_METRICS") == "1")
            File.WriteAllText(file, text.ToString());
        Assert.Equal(File.ReadAllText(file), text.ToString());
    }

    internal static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../.."));
}
