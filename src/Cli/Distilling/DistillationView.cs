using SelfPlayArena.Rollout.Distillation;

namespace SelfPlayArena.Cli.Distilling;

/// <summary>A student's progress as a line of text.</summary>
internal static class DistillationView
{
    public static string Line(StudentProgress p)
        => $"{Numbers.Percent(p.Share)}  {Numbers.Duration(p.Seconds)}  {Numbers.Short(p.Steps)} hero-steps  {Numbers.Short(p.StepsPerSecond)}/s  divergence {Numbers.Text(p.Divergence, "0.000")}";

    public static void Show(StudentProgress p, StatusLine line) => line.Show(Line(p));
}
