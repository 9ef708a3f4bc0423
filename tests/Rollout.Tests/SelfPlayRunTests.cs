using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Policies;
using SelfPlayArena.Streaming;
using SelfPlayArena.Testing;

namespace SelfPlayArena.Rollout.Tests;

/// <summary>Whole runs on the matching task: the same code that trains the MOBA.</summary>
public sealed class SelfPlayRunTests : IDisposable
{
    private static readonly RunSettings Small = SmallLeague.Settings with { Lockstep = true };

    private readonly string _root = Directory.CreateTempSubdirectory("arena-run-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private RunFolder Folder(string name) => new(Path.Combine(_root, name));

    private static SelfPlayRun Create(RunFolder folder, RunSettings settings)
        => SelfPlayRun.Create(folder, settings, "test", new MatchingFactory(), n => new TrajectoryQueue(n), TimeProvider.System);

    private static SelfPlayRun Resume(RunFolder folder)
        => SelfPlayRun.Resume(folder, folder.ReadSettings(), new MatchingFactory(), n => new TrajectoryQueue(n), TimeProvider.System);

    private static List<RunProgress> Train(SelfPlayRun run, long steps)
    {
        var progress = new List<RunProgress>();
        run.Run(new RunLimits(Steps: steps), progress.Add, default);
        return progress;
    }

    [Fact]
    public void A_warm_run_starts_from_a_clone_of_its_scripted_player_and_another_from_that_runs_bundle()
    {
        RunSettings warm = Small with { WarmStart = "scripted:perfect", WarmStartMatches = 40 };
        RunFolder first = Folder("first"), second = Folder("second");
        Create(first, warm).Dispose();
        PolicyBundle start = PolicyBundle.Load(first.Start);
        Assert.Contains("scripted:perfect in 40 matches", start.Card.TrainedOn, StringComparison.Ordinal);
        Assert.NotEqual(WeightInitializer.Create(start.Plan, Seeds.Derive(warm.Seed, "weights"))["verb.out.weight"], start.Weights["verb.out.weight"]);

        using (SelfPlayRun run = Create(second, warm with { WarmStart = first.Start, LearningRate = 1e-9, LearningRateEnd = 1e-9 }))
            Train(run, 500);
        float[] before = start.Weights["verb.out.weight"], after = PolicyBundle.Load(second.Latest).Weights["verb.out.weight"];
        for (int i = 0; i < before.Length; i++)
            Assert.Equal(before[i], after[i], 1e-5f);

        var other = Assert.Throws<ArgumentException>(() => Create(Folder("third"), warm with { WarmStart = first.Start, Network = "small" }));
        Assert.Contains("'tiny'", other.Message, StringComparison.Ordinal);
        Assert.Contains("'small'", other.Message, StringComparison.Ordinal);
        Assert.Contains("perfect@1", Assert.Throws<ArgumentException>(() => Create(Folder("fourth"), warm with { WarmStart = "scripted:nobody" })).Message, StringComparison.Ordinal);
        // A start that failed leaves no run behind that would have to be resumed and cannot be.
        using SelfPlayRun mended = Create(Folder("fourth"), warm);
    }

    [Fact]
    public void The_time_of_learner_and_hosts_is_told_by_part_and_adds_up_to_the_wall_clock()
    {
        using SelfPlayRun run = Create(Folder("timed"), Small with { Lockstep = false, ProfileUpdates = 0 });
        var at = new List<long>();
        var lines = new List<RunProgress>();
        run.Run(new RunLimits(Steps: 8_000), now => { at.Add(TimeProvider.System.GetTimestamp()); lines.Add(now); }, default);
        double wall = TimeProvider.System.GetElapsedTime(at[0], at[^1]).TotalSeconds;
        double learner = lines.Skip(1).Sum(l => l.SecondsByPhase.Values.Sum()), hosts = lines.Skip(1).Sum(l => l.HostSecondsByPhase.Values.Sum());
        Assert.InRange(learner, wall * 0.95, wall * 1.05);
        Assert.InRange(hosts, wall * 0.9, wall * 1.1);
        foreach (string part in new[] { "inference", "simulation", "observation" })
            Assert.True(lines.Sum(l => l.HostSecondsByPhase[part]) > 0, part);
        Assert.True(lines.Sum(l => l.SecondsByPhase["publish"]) > 0);
    }

    [Fact]
    public void Without_the_masked_loss_a_run_counts_every_head_and_plays_on_the_same_rules()
    {
        using SelfPlayRun masked = Create(Folder("masked"), Small), counted = Create(Folder("counted"), Small with { MaskedLoss = false });
        // In lockstep both would be the same to the bit if nothing else were learnt.
        double Answer(SelfPlayRun run) => Train(run, 3_000)[^1].EntropyByHead["answer"];
        (double with, double without) = (Answer(masked), Answer(counted));
        Assert.InRange(with, 0, Math.Log(3) + 1e-3);
        Assert.InRange(without, 0, Math.Log(3) + 1e-3);
        Assert.NotEqual(with, without);
    }

    [Theory]
    [InlineData("vtrace", "policy_gradient", "none")]
    [InlineData("upgo", "decoupled", "adaptive")]
    [InlineData("grpo", "ppo", "dynamic")]
    [InlineData("remax", "ppo", "none")]
    public void A_run_trains_with_any_estimator_and_objective_and_compares_matches_that_began_alike(string estimator, string objective, string kl)
    {
        RunFolder folder = Folder(estimator);
        RunSettings settings = Small with
        {
            Estimator = estimator,
            Objective = objective,
            Kl = kl,
            GroupSize = 4,
            DynamicSampling = true,
            Novelty = 0.01,
            MaxStaleness = 1000,
            Schedule = "cosine",
        };
        List<RunProgress> progress;
        using (SelfPlayRun run = Create(folder, settings))
            progress = Train(run, 4_000);
        Assert.All(progress, p => Assert.Null(p.Fault));
        Assert.True(progress[^1].TrainedSteps >= 4_000);
        using (SelfPlayRun run = Resume(folder))
            Assert.Null(Train(run, 6_000)[^1].Fault);
        MatchFinished[] matches = [.. FileEventLog.Read(folder.Events).OfType<MatchFinished>()];
        bool grouped = estimator is "grpo" or "remax";
        IGrouping<long, MatchFinished>[] matchups = [.. matches.GroupBy(m => m.Matchup).Where(g => g.Count() > 1)];
        Assert.NotEmpty(matchups);
        Assert.Equal(grouped, matchups.All(g => g.Select(m => m.Seed).Distinct().Count() == 1));
        // The matches without chance are played, but count for nobody.
        Assert.All(matchups, g => Assert.InRange(g.Count(), 1, estimator == "remax" ? 3 : 4));
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("libtorch-cpu")]
    public void In_lockstep_mode_a_resumed_run_ends_with_the_weights_and_the_league_of_an_uninterrupted_one(string actorDevice)
    {
        RunSettings settings = Small with { ActorDevice = actorDevice };
        RunFolder whole = Folder("whole"), halved = Folder("halved");
        using (SelfPlayRun run = Create(whole, settings))
            Train(run, 6_000);
        long half;
        using (SelfPlayRun run = Create(halved, settings))
        {
            Train(run, 3_000);
            half = run.TrainedSteps;
        }
        using (SelfPlayRun run = Resume(halved))
        {
            Assert.Equal(half, run.TrainedSteps);
            Train(run, 6_000);
        }

        PolicyBundle a = PolicyBundle.Load(whole.Latest), b = PolicyBundle.Load(halved.Latest);
        Assert.True(a.Card.TrainedSteps >= 6_000 && half < a.Card.TrainedSteps);
        Assert.Equal(a.Card.TrainedSteps, b.Card.TrainedSteps);
        foreach ((string name, WeightTensor t) in a.Weights.Tensors)
            Assert.Equal(t.Values, b.Weights[name]);
        Assert.Equal(Results(whole), Results(halved));
        Assert.NotEmpty(Results(whole));
        Assert.Equal(
            Directory.GetFiles(whole.Policies).Select(Path.GetFileName).Order(),
            Directory.GetFiles(halved.Policies).Select(Path.GetFileName).Order());

        // Sessions differ, and with them the ids; who played whom, with which seed and result, must not.
        static List<string> Results(RunFolder folder) => [.. FileEventLog.Read(folder.Events).OfType<MatchFinished>()
            .Select(m => $"{m.Matchup} {m.Home} {m.Away} {m.HomeSide} {m.Winner} {m.Decisions} {m.Seed}")];
    }

    [Fact]
    public void An_asynchronous_run_trains_on_everything_its_actors_played_and_leaves_a_playable_policy()
    {
        RunFolder folder = Folder("async");
        List<RunProgress> progress;
        using (SelfPlayRun run = Create(folder, Small with { Lockstep = false, Actors = 2 }))
            progress = Train(run, 8_000);
        RunProgress last = progress[^1];
        Assert.True(last.TrainedSteps >= 8_000);
        Assert.Equal(0, last.DroppedSteps);
        // The phases are the time between lines, but for what each of the two clocks is read apart.
        double told = progress.Skip(1).Sum(p => p.SecondsByPhase.Values.Sum()), passed = last.Seconds - progress[0].Seconds;
        Assert.InRange(told, passed - 0.5, passed + 0.5);
        Assert.All(progress, p => Assert.Equal(p.UpdateSteps, p.StepsByStaleness.Sum()));
        Assert.All(progress, p => Assert.Equal(p.ExplainedVariance.Keys, p.ValueLossByHead.Keys));
        Assert.Equal(progress.Select(p => p.TrainedSteps), progress.Select(p => p.TrainedSteps).Order());
        Assert.InRange(last.StalenessMax, 0, Small.MaxStaleness);
        Assert.Contains(FileEventLog.Read(folder.Events), e => e is SnapshotTaken { Version: 1 });
        PolicyBundle snapshot = PolicyBundle.Load(Path.Combine(folder.Policies, "main@1.bundle"));
        EvaluationResult exam = Evaluation.Play(
            new MatchingFactory(), new Contestant("main@1", null, new PolicyVersion(snapshot.ToNetwork(), 1)), new Contestant("random", "random", null), 20, 1, 1);
        Assert.Equal(20, exam.Matches);
        Assert.Equal(progress.Count, File.ReadLines(folder.Progress).Count());
    }

    [Fact]
    public void A_damaged_checkpoint_is_passed_over_by_name_and_the_one_before_it_is_used()
    {
        RunFolder folder = Folder("damaged");
        using (SelfPlayRun run = Create(folder, Small))
            Train(run, 3_000);
        using (SelfPlayRun run = Resume(folder))
            Train(run, 4_000);
        IReadOnlyList<string> checkpoints = folder.Checkpoints();
        Assert.Equal(2, checkpoints.Count);
        byte[] whole = File.ReadAllBytes(checkpoints[0]);
        File.WriteAllBytes(checkpoints[0], whole[..(whole.Length / 2)]);
        using (SelfPlayRun run = Resume(folder))
        {
            Assert.Contains(run.Notices, n => n.Contains(checkpoints[0], StringComparison.Ordinal));
            Assert.Contains(run.Notices, n => n.Contains(checkpoints[1], StringComparison.Ordinal));
            Train(run, 5_000);
        }
        using (SelfPlayRun run = Resume(folder))
            Assert.Empty(run.Notices);

        foreach (string path in folder.Checkpoints())
            File.WriteAllText(path, "nothing");
        Exception e = Assert.ThrowsAny<Exception>(() => Resume(folder));
        Assert.Contains(folder.Checkpoints()[0], e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_use_and_a_folder_that_holds_a_run_are_refused()
    {
        RunFolder folder = Folder("taken");
        using (Create(folder, Small))
            Assert.Throws<RunInUseException>(() => Resume(folder));
        Assert.Contains("holds a run already", Assert.Throws<InvalidOperationException>(() => Create(folder, Small)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_saves_and_the_next_session_goes_on_from_there()
    {
        RunFolder folder = Folder("cancelled");
        using var cancel = new CancellationTokenSource();
        long trained = 0;
        using (SelfPlayRun run = Create(folder, Small with { Lockstep = false }))
        {
            run.Run(new RunLimits(), p =>
            {
                if (p.Updates == 5)
                    cancel.Cancel();
            }, cancel.Token);
            trained = run.TrainedSteps;
        }
        Assert.True(trained > 0);
        using SelfPlayRun again = Resume(folder);
        Assert.Equal(trained, again.TrainedSteps);
        Assert.Contains(FileEventLog.Read(folder.Events), e => e is RunStopped { Reason: "interrupted" });
    }

    [Fact]
    public void A_trained_policy_plays_the_same_after_a_block_and_a_head_were_added_to_its_environment()
    {
        RunFolder folder = Folder("trained");
        using (SelfPlayRun run = Create(folder, Small))
            Train(run, 4_000);
        PolicyBundle old = PolicyBundle.Load(folder.Latest);
        EnvironmentSpec now = Extended(old.Spec);
        PolicyBundle adapted = old.AdaptTo(now);

        const int Rows = 12;
        var rng = new Rng(5);
        var environment = MatchingFactory.Layout;
        var observations = new byte[Rows * environment.ObservationBytes];
        var masks = new byte[Rows * environment.MaskBytes];
        var host = new Matching.MatchingEnvironment(Rows / environment.Agents);
        for (int m = 0; m < host.Matches; m++)
        {
            host.Reset(m, (ulong)m + 1);
            int ob = environment.Agents * environment.ObservationBytes, mb = environment.Agents * environment.MaskBytes;
            host.Observe(m, observations.AsSpan(m * ob, ob), masks.AsSpan(m * mb, mb), default);
        }
        // Old inputs in the new layout: the added block is absent, the added head has no legal option.
        var wide = new byte[Rows * now.ObservationBytes];
        for (int r = 0; r < Rows; r++)
            observations.AsSpan(r * environment.ObservationBytes, environment.ObservationBytes).CopyTo(wide.AsSpan(r * now.ObservationBytes));

        var before = new PolicyRunner(old.ToNetwork());
        var after = new PolicyRunner(adapted.ToNetwork());
        float[] oldState = new float[Rows * old.Plan.RecurrentSize], newState = new float[Rows * adapted.Plan.RecurrentSize];
        before.Forward(Rows, observations, oldState);
        after.Forward(Rows, wide, newState);
        Assert.Equal(oldState, newState);
        Assert.True(oldState.AsSpan().IndexOfAnyExcept(0f) >= 0);
        for (int h = 0; h < environment.Heads.Count; h++)
        {
            short[] oldActions = new short[Rows * environment.Heads.Count], newActions = new short[Rows * now.Heads.Count];
            for (int r = 0; r < Rows; r++)
                oldActions[r * environment.Heads.Count] = newActions[r * now.Heads.Count] = (short)rng.Next(environment.Heads[0].Size);
            float[] oldLogits = new float[Rows * environment.Heads[h].Size], newLogits = new float[Rows * now.Heads[h].Size];
            before.HeadLogits(h, oldActions, oldLogits);
            after.HeadLogits(h, newActions, newLogits);
            Assert.Equal(oldLogits, newLogits);
        }
    }

    private static EnvironmentSpec Extended(EnvironmentSpec spec)
    {
        BlockSpec last = spec.Observation[^1];
        var added = new BlockSpec("macro", "macro", 2, [new FeatureSpec("command", FeatureKind.Categorical, 8), new FeatureSpec("time", FeatureKind.Scalar8)], last.Offset + last.Bytes);
        var head = new ActionHeadSpec("macro", ["hold", "push", "farm"], null, [.. Enumerable.Repeat(0, spec.Heads[0].Size)]);
        return new EnvironmentSpec
        {
            Name = spec.Name,
            ContentHash = spec.ContentHash,
            Teams = spec.Teams,
            AgentsPerTeam = spec.AgentsPerTeam,
            SecondsPerDecision = spec.SecondsPerDecision,
            TicksPerDecision = spec.TicksPerDecision,
            Observation = [.. spec.Observation, added],
            FullState = spec.FullState,
            Heads = [.. spec.Heads, head],
            ValueHeads = spec.ValueHeads,
            Rewards = spec.Rewards,
            ScriptedPlayers = spec.ScriptedPlayers,
        }.Validated();
    }
}
