using System.Globalization;
using SelfPlayArena.Rollout;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SelfPlayArena.Cli.Terminal;

/// <summary>The picture of a running league, drawn anew several times a second.</summary>
/// <param name="title">Name of the run.</param>
/// <param name="subtitle">Environment, network, threads and packages, in one line.</param>
/// <param name="arena">Where browsers find the arena, null for nowhere.</param>
/// <param name="metrics">Where the metrics are served, null for nowhere.</param>
/// <param name="paused">Whether the run stands still because it was told to.</param>
internal sealed class LeagueView(string title, string subtitle, string? arena, string? metrics, LeagueFeed feed, Func<bool> paused)
{
    private const int CurveWidth = 40;
    private const int BarWidth = 20;
    private const int LabelWidth = 22;
    private const int RatingsShown = 8;

    /// <param name="stopping">Somebody asked to leave; the run is saving.</param>
    public IRenderable Draw(bool stopping)
    {
        // What a person looks for first stands at the top: a small terminal cuts the rest off from below.
        string browser = arena is null ? "" : $"\n[bold]watch and play in a browser: {Markup.Escape(arena)}[/]";
        var header = new Panel(new Markup($"[bold]{Markup.Escape(title)}[/]  [grey]{Markup.Escape(subtitle)}[/]{browser}\n{State(stopping)}"))
        {
            Border = BoxBorder.Rounded,
            Expand = true,
        };
        IRenderable body;
        if (feed.Last is { } now)
        {
            var grid = new Grid { Expand = true };
            grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 1, 0) });
            grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
            grid.AddRow(Framed("learning", Learning(now)), Framed("league", League(now)));
            var parts = new List<IRenderable> { grid };
            if (now.Fault is { } fault)
                parts.Add(new Markup($"[red]{Markup.Escape("last update: " + fault)}[/]"));
            if (now.RecordingFault is { } recording)
                parts.Add(new Markup($"[yellow]{Markup.Escape(recording)}[/]"));
            body = new Rows(parts);
        }
        else
        {
            body = new Markup("[grey]playing the first matches; the first update comes when a whole batch has been played[/]");
        }
        return new Rows(header, body);
    }

    private static Panel Framed(string name, IRenderable content) => new(content) { Header = new PanelHeader($" {name} "), Border = BoxBorder.Rounded, Expand = true };

    private Grid Learning(RunProgress now)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn { NoWrap = true, Width = LabelWidth });
        grid.AddColumn(new GridColumn());
        Row("trained hero-steps/s", $"[bold green]{Numbers.Short(now.HeroStepsPerSecond)}[/]  [green]{Sparkline.Draw(feed.Speed, 24)}[/]");
        Row("simulated hero-steps/s", Numbers.Short(now.SimulatedPerSecond));
        Row("trained hero-steps", Numbers.Short(now.TrainedSteps) + (feed.Limits.Steps is { } steps ? $" of {Numbers.Short(steps)}" : ""));
        Row("updates, matches", $"{now.Updates}, {now.MatchesFinished}");
        Row("loss policy, value", $"{Number(now.PolicyLoss)}, {Number(now.ValueLoss)}");
        Row("entropy", $"{Number(now.Entropy)}  [blue]{Sparkline.Draw(feed.Entropy, 24)}[/]");
        Row("by head", string.Join("  ", now.EntropyByHead.Select(h => $"{Markup.Escape(h.Key)} {Numbers.Text(h.Value, "0.00")}")));
        Row("KL, clipped", $"{Number(now.Kl)}, {Numbers.Percent(now.ClipFraction)}");
        Row("gradient norm", Number(now.GradientNorm));
        Row("explained variance", string.Join("  ", now.ExplainedVariance.Select(v => $"{Markup.Escape(v.Key)} {Numbers.Text(v.Value, "0.00")}")));
        Row("staleness mean, max", $"{Numbers.Text(now.StalenessMean, "0.0")}, {now.StalenessMax} updates; dropped {Numbers.Short(now.DroppedSteps)}  [magenta]{Sparkline.Distribution(now.StepsByStaleness, 16)}[/]");
        Row("queue", $"{Sparkline.Bar(now.QueueFill, 10)} {Numbers.Percent(now.QueueFill, "0")}");
        Row("waiting", $"actors {Numbers.Percent(now.ActorWaiting, "0")}, learner {Numbers.Percent(now.LearnerWaiting, "0")}");
        Row("precision", Precision(now));
        Row("memory", $"{Numbers.Text(now.WorkingSetBytes / 1048576.0, "0")} MiB");
        return grid;

        void Row(string name, string value) => grid.AddRow($"[grey]{name}[/]", value);
    }

    private static Rows League(RunProgress now)
    {
        var parts = new List<IRenderable>();
        PlayerRating? latest = LeagueFeed.Latest(now);
        string rating = latest is null ? "not rated yet" : $"[bold yellow]{Numbers.Text(latest.Elo, "0")}[/] ± {Numbers.Text(latest.EloError, "0")}";
        parts.Add(new Markup($"[grey]Elo of the latest[/]  {rating}"));
        parts.Add(new Markup($"[yellow]{Sparkline.Draw(now.EloCurve, CurveWidth)}[/]"));

        var anchors = new Grid();
        anchors.AddColumns(3);
        foreach (AnchorRecord anchor in now.Anchors)
        {
            string share = anchor.Games == 0 ? "no match yet" : $"{Numbers.Percent(anchor.WinRate)} [grey]({Numbers.Percent(anchor.Low, "0")} to {Numbers.Percent(anchor.High, "0")}, {anchor.Games} matches)[/]";
            anchors.AddRow($"[grey]beats[/] {Markup.Escape(anchor.Anchor)}", $"[green]{Sparkline.Bar(anchor.Games == 0 ? 0 : anchor.WinRate, BarWidth)}[/]", share);
        }
        parts.Add(anchors);

        var table = new Table { Border = TableBorder.None };
        table.AddColumns(new TableColumn("[grey]player[/]"), new TableColumn("[grey]Elo[/]").RightAligned(), new TableColumn("[grey]±[/]").RightAligned(), new TableColumn("[grey]games[/]").RightAligned());
        foreach (PlayerRating r in now.Ratings.OrderByDescending(r => r.Elo).Take(RatingsShown))
            table.AddRow(Markup.Escape(r.Player.ToString()), Numbers.Text(r.Elo, "0"), r.Games > 0 ? Numbers.Text(r.EloError, "0") : "", r.Games.ToString(CultureInfo.InvariantCulture));
        parts.Add(table);
        return new Rows(parts);
    }

    private string State(bool stopping)
    {
        double left = feed.SecondsLeft;
        string time = $"{Numbers.Duration(feed.SessionSeconds)} elapsed" + (double.IsNaN(left) ? "" : $", {Numbers.Duration(left)} left");
        if (stopping)
            return $"[yellow]{time} · saving; once more Ctrl-C leaves without[/]";
        string state = paused() ? "[yellow]paused[/] · " : "";
        return $"{state}[grey]{time} · Ctrl-C saves and leaves{(metrics is null ? "" : $" · {Markup.Escape(metrics)}")}[/]";
    }

    /// <summary>What the learner computes in, and the measurement that it was chosen by.</summary>
    public static string Precision(RunProgress now) => now.PrecisionMeasured.Count == 0
        ? now.Precision
        : $"{now.Precision}: a pass took {string.Join(", ", now.PrecisionMeasured.Select(p => $"{Numbers.Text(p.Value, "0.0")} µs a hero-step in {p.Key}"))}";

    private static string Number(double value) => Numbers.Text(value, "0.0000");
}
