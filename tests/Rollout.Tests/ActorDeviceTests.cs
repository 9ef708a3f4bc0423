using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Learning.Acting;
using SelfPlayArena.Matching;
using SelfPlayArena.Policies;
using SelfPlayArena.Streaming;
using SelfPlayArena.Testing;

namespace SelfPlayArena.Rollout.Tests;

/// <summary>Hosts whose policy is evaluated for all of them together, by libtorch on the processor in place of a GPU.</summary>
public sealed class ActorDeviceTests : IDisposable
{
    private static readonly EnvironmentSpec Spec = MatchingFactory.Layout;
    private static readonly RunSettings Batched = SmallLeague.Settings with { Actors = 3, MatchesPerActor = 8, ActorDevice = ActorInference.LibtorchOnCpu, ProfileUpdates = 0 };

    private readonly string _root = Directory.CreateTempSubdirectory("arena-actors-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private SelfPlayRun Create(RunSettings settings)
        => SelfPlayRun.Create(new RunFolder(Path.Combine(_root, "run")), settings, "test", new MatchingFactory(), n => new TrajectoryQueue(n), TimeProvider.System);

    [Fact]
    public void A_run_learns_through_it()
    {
        RunSettings settings = Batched with { LearningRate = 5e-3, LearningRateEnd = 5e-3, DefaultGamma = 0.5, Lambda = 0.9, SelfPlayShare = 1, AnchorShare = 0, RandomStarts = 0, SnapshotSteps = 1_000_000 };
        var progress = new List<RunProgress>();
        using (SelfPlayRun run = Create(settings))
            run.Run(new RunLimits(Steps: 40_000), progress.Add, default);
        Assert.All(progress, p => Assert.Null(p.Fault));
        PolicyBundle latest = PolicyBundle.Load(new RunFolder(Path.Combine(_root, "run")).Latest);
        EvaluationResult exam = Evaluation.Play(
            new MatchingFactory(), new Contestant("latest", null, new PolicyVersion(latest.ToNetwork(), 1)), new Contestant("random", "random", null), 200, seed: 1, threads: 1);
        Assert.True(exam.WinsA >= 150, $"won {exam.WinsA} and lost {exam.WinsB} of 200 against the random player");
    }

    [Fact]
    public void Each_step_names_the_version_that_made_it_while_versions_are_exchanged()
    {
        const int Versions = 30;
        var weights = new Weights[Versions + 1];
        var policies = new PolicyVersion[Versions + 1];
        for (int v = 1; v <= Versions; v++)
        {
            weights[v] = WeightInitializer.Create(Given.Plan, (ulong)v);
            policies[v] = new PolicyVersion(new PolicyNetwork(Given.Plan, weights[v]), v);
        }
        using var service = new ActorInference(Given.Plan, ActorInference.LibtorchOnCpu);
        service.Publish(policies[1].Network, weights[1]);
        var networks = new Networks { Latest = policies[1] };
        CollectingSink[] sinks = [new(), new()];
        int steps = 0;
        Thread[] hosts = [.. sinks.Select((sink, h) => new Thread(() =>
        {
            var director = new OneMatchup(new Matchup(1, Given.Latest, Given.Latest, 40, 3 + (ulong)h));
            using var host = new MatchHost(
                h, new MatchingEnvironment(6), director, networks, sink, new TrajectoryLayout(Spec, 4, Given.Plan.RecurrentSize), new HostOptions(), seed: 5, actor: service.CreateActor());
            while (host.Step(default))
                Interlocked.Increment(ref steps);
        }))];
        foreach (Thread host in hosts)
            host.Start();
        // Nobody waits for anybody: hosts play on while versions come.
        for (int v = 2; v <= Versions; v++)
        {
            int before = Volatile.Read(ref steps);
            SpinWait.SpinUntil(() => Volatile.Read(ref steps) > before || hosts.All(h => !h.IsAlive), TimeSpan.FromSeconds(60));
            service.Publish(policies[v].Network, weights[v]);
            networks.Latest = policies[v];
        }
        foreach (Thread host in hosts)
            host.Join();

        var seen = new HashSet<int>();
        var runner = new PolicyRunner(policies[1].Network);
        int agents = Spec.AgentsPerTeam, valued = agents * Spec.ValueHeads.Count;
        foreach (TrajectoryChunk chunk in sinks.SelectMany(s => s.Chunks))
        {
            float[] memory = chunk.InitialState.ToArray(), values = new float[valued];
            for (int t = 0; t < chunk.Length; t++)
            {
                seen.Add(chunk.Versions[t]);
                runner.Use(policies[chunk.Versions[t]].Network);
                runner.Forward(agents, chunk.Observations.Slice(t * agents * Spec.ObservationBytes, agents * Spec.ObservationBytes), memory);
                runner.Values(1, chunk.FullState.Slice(t * Spec.FullStateBytes, Spec.FullStateBytes), values);
                for (int i = 0; i < valued; i++)
                    Assert.Equal(values[i], chunk.Values[t * valued + i], 1e-4f);
            }
        }
        Assert.True(seen.Count >= 5, $"only versions {string.Join(", ", seen)} played");
        Assert.True(service.Counters.Requests > 0);
    }

    [Fact]
    public void A_run_is_cancelled_while_its_hosts_wait_and_goes_on_later()
    {
        using var cancel = new CancellationTokenSource();
        int updates = 0;
        using (SelfPlayRun run = Create(Batched))
            run.Run(new RunLimits(), _ => { if (++updates == 3) cancel.Cancel(); }, cancel.Token);
        var folder = new RunFolder(Path.Combine(_root, "run"));
        using (SelfPlayRun run = SelfPlayRun.Resume(folder, folder.ReadSettings(), new MatchingFactory(), n => new TrajectoryQueue(n), TimeProvider.System))
        {
            long before = run.TrainedSteps;
            Assert.True(before > 0);
            run.Run(new RunLimits(Steps: before + 1), _ => { }, default);
            Assert.True(run.TrainedSteps > before);
        }
    }

    [Fact]
    public void A_forward_pass_that_fails_ends_the_run_and_says_why()
    {
        var plan = new NetworkPlan(Batched.NetworkSize().Describe(Spec), Spec);
        Weights broken = WeightInitializer.Create(plan, 1);
        Array.Fill(broken["verb.out.weight"], float.NaN);
        string bundle = Path.Combine(_root, "broken.bundle");
        new PolicyBundle(plan, broken, new PolicyCard { Member = "main", TrainedOn = "nothing" }).Save(bundle);
        using SelfPlayRun run = Create(Batched with { WarmStart = bundle });
        var e = Assert.Throws<InvalidOperationException>(() => run.Run(new RunLimits(), _ => { }, default));
        Assert.Contains("the actors' inference on cpu failed: the logits of head 'verb'", e.Message, StringComparison.Ordinal);
        Assert.Equal("faulted", run.Health.State);
    }

    [Fact]
    public void A_device_that_is_not_there_is_refused_before_the_run_begins()
        => Assert.Contains("cuda", Assert.Throws<ArgumentException>(() => Create(Batched with { ActorDevice = "tpu" })).Message, StringComparison.Ordinal);
}
