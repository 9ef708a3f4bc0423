namespace SelfPlayArena.Cli.Reporting;

/// <summary>One chart: the course of one number in all runs.</summary>
/// <param name="Series">Its name in <see cref="RunHistory"/>.</param>
/// <param name="Zero">The vertical axis includes zero.</param>
/// <param name="Factor">From the file's unit to the chart's.</param>
internal sealed record ReportChart(string Title, string Series, bool Zero = true, double Factor = 1);

/// <summary>A part of a report.</summary>
/// <param name="Charts">Charts that are always the same.</param>
/// <param name="Prefixes">Charts for each name that begins so, with what stands before it in the title.</param>
internal sealed record ReportSection(string Title, string Explanation, IReadOnlyList<ReportChart> Charts, IReadOnlyList<(string Prefix, string Title, bool Zero, double Factor)> Prefixes)
{
    public IEnumerable<ReportChart> ChartsFor(IReadOnlyList<RunHistory> runs)
        => Charts.Concat(Prefixes.SelectMany(p => runs.SelectMany(r => r.Names).Where(n => n.StartsWith(p.Prefix, StringComparison.Ordinal)).Distinct()
            .Select(n => new ReportChart($"{p.Title} {n[p.Prefix.Length..]}".Trim(), n, p.Zero, p.Factor))));
}

/// <summary>What a report shows, in order.</summary>
internal static class ReportSections
{
    public static IReadOnlyList<ReportSection> All { get; } =
    [
        new("Strength", "Elo of the latest policy among the run's own players, and its recent results against fixed opponents.",
            [new("Elo of the latest", "elo", Zero: false)], [("anchor.", "Win rate, %, against", true, 100)]),
        new("Policy", "Entropies are in nats over the decisions that used the head; KL is from the policy that acted, a decision.",
            [
                new("Entropy, all heads", "entropy"), new("KL from the behaviour policy", "kl"), new("Steps outside the clip range, %", "clip_fraction", Factor: 100),
                new("Policy loss", "policy_loss"), new("Gradient norm before clipping", "gradient_norm"), new("KL from the reference policy", "reference_kl"), new("Weight of the reference", "kl_weight"),
                new("Novelty bonus a step", "novelty_bonus"), new("Steps without signal", "steps_without_signal"), new("Step size", "learning_rate"), new("Weight of the entropy bonus", "entropy_weight"),
            ],
            [("entropy_by_head.", "Entropy of", true, 1)]),
        new("Critic", "Explained variance of 1 is perfect, 0 no better than the mean; losses are in squared return deviations.",
            [new("Value loss, all heads", "value_loss")],
            [("explained_variance.", "Explained variance of", true, 1), ("value_loss_by_head.", "Value loss of", true, 1), ("mean_return.", "Mean return of", true, 1)]),
        new("Rewards", "Mean size of a reward term a hero-step, before weights.", [], [("reward_by_term.", "", true, 1)]),
        new("Speed", "Phases are milliseconds an update; together they are the time from one update to the next, those of match hosts that time for each host.",
            [
                new("Trained hero-steps a second", "hero_steps_per_second"), new("Simulated hero-steps a second", "simulated_per_second"),
                new("Fill of the queue, %", "queue_fill", Factor: 100), new("Actors waiting, %", "actor_waiting", Factor: 100), new("Learner waiting, %", "learner_waiting", Factor: 100),
                new("Staleness, mean in versions", "staleness_mean"), new("Staleness, greatest", "staleness_max"), new("Hero-steps dropped as too old", "dropped_steps"),
                new("Memory of the process, MB", "working_set_bytes", Factor: 1e-6),
            ],
            [("seconds_by_phase.", "Phase", true, 1000), ("host_seconds_by_phase.", "Match hosts:", true, 1000)]),
    ];
}
