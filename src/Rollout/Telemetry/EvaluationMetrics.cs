using Prometheus;

namespace SelfPlayArena.Rollout.Telemetry;

/// <summary>How far an evaluation is.</summary>
public sealed class EvaluationMetrics
{
    private readonly Counter _finished;

    /// <param name="matches">Matches that are to be played.</param>
    public EvaluationMetrics(MetricSheet sheet, int matches)
    {
        sheet.Begin("Evaluation");
        sheet.Gauge("arena_evaluation_matches", "Matches that the evaluation is to play.").Set(matches);
        _finished = sheet.Counter("arena_evaluation_matches_finished_total", "Matches of the evaluation played to their end.");
    }

    /// <summary>Takes what <see cref="Evaluation.Play"/> reports. From any thread.</summary>
    public void Finished(int matches) => _finished.IncTo(matches);
}
