using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Terminal;

/// <summary>A run's progress in one line, for files and pipes.</summary>
internal static class PlainProgress
{
    public static string Line(RunProgress now, LeagueFeed feed)
    {
        PlayerRating? latest = LeagueFeed.Latest(now);
        string left = double.IsNaN(feed.SecondsLeft) ? "" : $", {Numbers.Duration(feed.SecondsLeft)} left";
        string anchors = string.Join(", ", now.Anchors.Where(a => a.Games > 0).Select(a => $"{a.Anchor} {Numbers.Percent(a.WinRate)}"));
        return $"{Numbers.Duration(feed.SessionSeconds)}{left}  {Numbers.Short(now.TrainedSteps)} steps, {Numbers.Short(now.HeroStepsPerSecond)}/s, update {now.Updates}"
            + $"  loss {Numbers.Text(now.PolicyLoss, "0.000")} {Numbers.Text(now.ValueLoss, "0.000")}  entropy {Numbers.Text(now.Entropy, "0.00")}  KL {Numbers.Text(now.Kl, "0.0000")}"
            + $"  staleness {Numbers.Text(now.StalenessMean, "0.0")}"
            + (latest is null ? "" : $"  Elo {Numbers.Text(latest.Elo, "0")} ± {Numbers.Text(latest.EloError, "0")}")
            + (anchors.Length == 0 ? "" : $"  beats {anchors}")
            + (now.Fault is { } fault ? $"  FAULT {fault}" : "");
    }
}
