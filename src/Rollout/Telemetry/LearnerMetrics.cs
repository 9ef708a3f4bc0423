using Prometheus;
using SelfPlayArena.Learning;

namespace SelfPlayArena.Rollout.Telemetry;

/// <summary>
/// What the learner does: sizes go into histograms with each update, the rest is read from the last report when somebody looks.
/// Counters begin at nought with each process: one that went on from the run's total would fall back after a crash, and Prometheus would take the
/// whole total for something that has just happened.
/// </summary>
internal sealed class LearnerMetrics
{
    private readonly Counter _trained, _updates, _faults, _dropped;
    private readonly Histogram _update, _staleness;
    private readonly Histogram.Child _prepare, _decode, _forward, _backward, _lanes, _optimiser;
    private readonly Gauge _policyLoss, _valueLoss, _entropy, _divergence, _clipped, _gradient, _rate, _entropyWeight, _explained, _returns, _rewards, _at, _rates, _runSteps, _runUpdates;
    private readonly Gauge _referenceDivergence, _klWeight, _novelty, _silent, _groupWaiting, _groupDropped, _oldest, _layers;
    private readonly Counter _optimiserSteps;
    private volatile Moment? _last;

    private sealed record Moment(UpdateReport Report, RunProgress Progress);

    public LearnerMetrics(MetricSheet sheet)
    {
        double[] seconds = Histogram.ExponentialBuckets(0.004, 2, 15);
        sheet.Begin("Learner");
        _trained = sheet.Counter("arena_trained_hero_steps_total", "Hero-steps that an update used.");
        _updates = sheet.Counter("arena_updates_total", "Updates applied.");
        _faults = sheet.Counter("arena_update_faults_total", "Updates that were undone because something in them was not finite.");
        _dropped = sheet.Counter("arena_dropped_hero_steps_total", "Hero-steps dropped because they were too old.");
        _runSteps = sheet.Gauge("arena_run_trained_hero_steps", "Hero-steps that the run was trained on so far, by all its processes.");
        _runUpdates = sheet.Gauge("arena_run_updates", "Updates of the run so far, by all its processes.");
        _at = sheet.Gauge("arena_last_update_timestamp_seconds", "When the last update ended, in Unix time.");
        _rates = sheet.Gauge("arena_hero_steps_per_second", "Trained hero-steps a second over the last minute, as the terminal shows it.");
        _update = sheet.Histogram("arena_update_seconds", "Time of an update.", seconds);
        Histogram phases = sheet.Histogram("arena_update_phase_seconds", "Time of an update by phase: prepare, decode, forward, backward, lanes (waiting for micro-batches of other threads), optimiser.", seconds, "phase");
        _prepare = phases.WithLabels("prepare");
        _decode = phases.WithLabels("decode");
        _forward = phases.WithLabels("forward");
        _backward = phases.WithLabels("backward");
        _lanes = phases.WithLabels("lanes");
        _optimiser = phases.WithLabels("optimiser");
        _staleness = sheet.Histogram("arena_hero_step_staleness_updates", "Age of the hero-steps used, in updates between acting and learning.", [0, 1, 2, 3, 4, 6, 8, 12, 16, 32]);
        _policyLoss = sheet.Gauge("arena_policy_loss", "Policy loss of the last update.");
        _valueLoss = sheet.Gauge("arena_value_loss", "Value loss of the last update by value head, in squared return deviations.", "head");
        _entropy = sheet.Gauge("arena_entropy_nats", "Entropy of the policy in the last update by action head.", "head");
        _divergence = sheet.Gauge("arena_kl_divergence_nats", "Approximate KL divergence from the behaviour policy in the last update.");
        _clipped = sheet.Gauge("arena_clipped_ratio", "Share of the last update's steps whose probability ratio was clipped.");
        _gradient = sheet.Gauge("arena_gradient_norm", "Greatest gradient norm of the last update, before clipping.");
        _rate = sheet.Gauge("arena_learning_rate", "Step size of the last update.");
        _entropyWeight = sheet.Gauge("arena_entropy_weight", "Weight of the entropy bonus in the last update.");
        _explained = sheet.Gauge("arena_explained_variance_ratio", "Share of the returns' variance that the critic foresaw in the last update, by value head.", "head");
        _referenceDivergence = sheet.Gauge("arena_reference_kl_nats", "KL divergence from the reference policy a hero-step in the last update; 0 without one.");
        _klWeight = sheet.Gauge("arena_reference_kl_weight", "Weight of that divergence in the last update; 0 without a reference policy.");
        _novelty = sheet.Gauge("arena_novelty_bonus", "Mean novelty bonus a hero-step in the last update, before its weight; 0 without one.");
        _silent = sheet.Gauge("arena_steps_without_signal", "Hero-steps in the last update's batch of which all of their group earned the same; 0 without groups.");
        _groupWaiting = sheet.Gauge("arena_group_chunks_waiting", "Chunks that wait until the matches they are compared with are over; 0 without groups.");
        _groupDropped = sheet.Gauge("arena_group_chunks_dropped", "Chunks of groups that were given up or that came too late, since the process began; 0 without groups.");
        _oldest = sheet.Gauge("arena_staleness_max_updates", "Age of the oldest hero-steps that the last update used.");
        _optimiserSteps = sheet.Counter("arena_optimiser_steps_total", "Steps of the optimiser.");
        _layers = sheet.Gauge("arena_layer_seconds", "Time a hero-step that a layer of the network takes by itself, by pass: forward, backward; measured every profile_updates.", "layer", "pass");
        _returns = sheet.Gauge("arena_mean_return", "Mean return in the last update by value head, in weighted reward.", "head");
        _rewards = sheet.Gauge("arena_reward", "Mean size of a hero-step's reward in the last update by term, before weights.", "term");
    }

    public void Updated(UpdateReport report, RunProgress progress, double unixSeconds)
    {
        if (report.Fault is not null)
            _faults.Inc();
        else
            _dropped.Inc(report.StepsDropped);
        if (report.Fault is null && report.StepsUsed > 0)
        {
            _updates.Inc();
            _trained.Inc(report.StepsUsed);
            _optimiserSteps.Inc(report.OptimiserSteps);
            foreach (LayerTime layer in report.LayerTimes)
            {
                _layers.WithLabels(layer.Layer, "forward").Set(layer.Forward * 1e-6);
                _layers.WithLabels(layer.Layer, "backward").Set(layer.Backward * 1e-6);
            }
            _at.Set(unixSeconds);
            _update.Observe(report.Seconds.Total);
            _prepare.Observe(report.Seconds.Prepare);
            _decode.Observe(report.Seconds.Decode);
            _forward.Observe(report.Seconds.Forward);
            _backward.Observe(report.Seconds.Backward);
            _lanes.Observe(report.Seconds.Lanes);
            _optimiser.Observe(report.Seconds.Optimiser);
            for (int age = 0; age < report.StepsByStaleness.Count; age++)
            {
                if (report.StepsByStaleness[age] > 0)
                    _staleness.Observe(age, report.StepsByStaleness[age]);
            }
        }
        _last = new Moment(report, progress);
    }

    public void Collect()
    {
        if (_last is not { } last)
            return;
        (UpdateReport report, RunProgress progress) = last;
        _runSteps.Set(progress.TrainedSteps);
        _runUpdates.Set(progress.Updates);
        _rates.Set(progress.HeroStepsPerSecond);
        if (report.Fault is not null || report.StepsUsed == 0)
            return;
        _policyLoss.Set(report.PolicyLoss);
        Set(_valueLoss, report.ValueLosses);
        Set(_entropy, report.Entropies);
        _divergence.Set(report.Divergence);
        _clipped.Set(report.ClipFraction);
        _gradient.Set(report.GradientNorm);
        _rate.Set(report.LearningRate);
        _entropyWeight.Set(report.EntropyWeight);
        Set(_explained, report.ExplainedVariance);
        _referenceDivergence.Set(report.ReferenceDivergence);
        _klWeight.Set(report.KlWeight);
        _novelty.Set(report.NoveltyBonus);
        _silent.Set(report.StepsWithoutSignal);
        _groupWaiting.Set(progress.GroupChunksWaiting);
        _groupDropped.Set(progress.GroupChunksDropped);
        _oldest.Set(report.MaxStaleness);
        Set(_returns, report.MeanReturns);
        foreach ((string term, double size) in progress.RewardByTerm)
            _rewards.WithLabels(term).Set(size);
    }

    private static void Set(Gauge gauge, IReadOnlyList<Named> values)
    {
        foreach (Named value in values)
            gauge.WithLabels(value.Name).Set(value.Value);
    }
}
