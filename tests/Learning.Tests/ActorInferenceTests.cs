using SelfPlayArena.Core;
using SelfPlayArena.Learning.Acting;
using SelfPlayArena.Policies;
using SelfPlayArena.Policies.Tests;

namespace SelfPlayArena.Learning.Tests;

/// <summary>Actors through libtorch against actors through the interpreter: one choice, whoever computed it.</summary>
[Collection("libtorch")]
public sealed class ActorInferenceTests
{
    private static readonly EnvironmentSpec Matching = new Matching.MatchingEnvironment(1).Spec;

    private static ActorInference Service(NetworkPlan plan) => new(plan, ActorInference.LibtorchOnCpu);

    [Theory]
    [InlineData("moba", "tiny", 1f)]
    [InlineData("moba", "base", 0.5f)]
    [InlineData("matching", "tiny", 0f)]
    public void Both_choose_the_same_over_many_steps_with_memories_that_begin_anew_and_empty_sets(string environment, string size, float temperature)
    {
        EnvironmentSpec spec = environment == "moba" ? RandomExperience.MobaLike : Matching;
        var plan = new NetworkPlan(NetworkSize.Named(size).Describe(spec), spec);
        Weights weights = RandomExperience.Weights(plan, 5);
        var network = new PolicyNetwork(plan, weights);
        using ActorInference service = Service(plan);
        service.Publish(network, weights);
        using IPolicyActor actor = service.CreateActor();
        // More rows than are drawn for at a time.
        Agree(actor, network, teams: 1 + 70 / spec.AgentsPerTeam, learning: 1 + 70 / spec.AgentsPerTeam, steps: 5, temperature, drawUnused: false, seed: 3);
        Assert.Equal((5, 5, 0), (service.Counters.Batches, service.Counters.Requests, service.Counters.InterpretedRows));
    }

    [Fact]
    public void Both_choose_the_same_on_random_networks_and_draw_the_same_from_unused_heads() => RandomNetwork.Holds(25, c =>
    {
        var plan = new NetworkPlan(c.Network, c.Spec);
        var rng = new Rng((ulong)c.Seed);
        Weights weights = Some.Weights(plan, ref rng);
        var network = new PolicyNetwork(plan, weights);
        using ActorInference service = Service(plan);
        service.Publish(network, weights);
        using IPolicyActor actor = service.CreateActor();
        Agree(actor, network, teams: 9, learning: 5, steps: 2, 1f, drawUnused: true, (ulong)c.Seed);
        Agree(actor, network, teams: 3, learning: 0, steps: 1, 0.7f, drawUnused: true, (ulong)c.Seed);
    });

    [Fact]
    public void Requests_of_several_hosts_share_batches_and_each_gets_its_own_answer()
    {
        const int Hosts = 4;
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(Matching), Matching);
        Weights weights = RandomExperience.Weights(plan, 5);
        var network = new PolicyNetwork(plan, weights);
        using ActorInference service = Service(plan);
        service.Publish(network, weights);
        IPolicyActor[] actors = [.. Enumerable.Range(0, Hosts).Select(_ => service.CreateActor())];
        // Hosts of different sizes, one of which does not learn.
        Parallel.For(0, Hosts, new ParallelOptions { MaxDegreeOfParallelism = Hosts }, h =>
            Agree(actors[h], network, teams: 2 + 3 * h, learning: h == 1 ? 0 : 2 + 3 * h, steps: 40, 1f, drawUnused: h == 2, (ulong)h));
        foreach (IPolicyActor actor in actors)
            actor.Dispose();
        ActorInferenceCounters counted = service.Counters;
        Assert.Equal((40 * Hosts, 40 * (2 + 5 + 8 + 11) * Matching.AgentsPerTeam), (counted.Requests, counted.Rows));
        Assert.InRange(counted.Batches, 40, 40 * Hosts - 1);
        Assert.True(counted.Computing > TimeSpan.Zero && counted.Waiting > TimeSpan.Zero);
    }

    [Fact]
    public void Whoever_is_asked_for_answers_whatever_was_published_since()
    {
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(Matching), Matching);
        Weights[] weights = [.. Enumerable.Range(0, 5).Select(i => RandomExperience.Weights(plan, (ulong)i))];
        PolicyNetwork[] networks = [.. weights.Select(w => new PolicyNetwork(plan, w))];
        using ActorInference service = Service(plan);
        using IPolicyActor actor = service.CreateActor();
        for (int version = 0; version < 4; version++)
        {
            service.Publish(networks[version], weights[version]);
            // The newest, the one before it, the newest again, one that is too old or not there yet.
            foreach (int asked in new[] { version, Math.Max(0, version - 1), version, (version + 3) % 5 })
                Agree(actor, networks[asked], teams: 3, learning: 3, steps: 2, 1f, drawUnused: false, seed: (ulong)version);
        }
        // Two steps of one request each time; only the last of the four was not held.
        Assert.Equal(4 * 2 * 3 * Matching.AgentsPerTeam, service.Counters.InterpretedRows);
        Assert.Equal(4 * 3 * 2, service.Counters.Requests);
    }

    [Fact]
    public void When_the_service_ends_those_who_wait_go_on_with_the_interpreter()
    {
        const int Hosts = 3;
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(Matching), Matching);
        Weights weights = RandomExperience.Weights(plan, 5);
        var network = new PolicyNetwork(plan, weights);
        ActorInference service = Service(plan);
        service.Publish(network, weights);
        IPolicyActor[] actors = [.. Enumerable.Range(0, Hosts).Select(_ => service.CreateActor())];
        using var begun = new CountdownEvent(Hosts);
        Thread[] threads = [.. actors.Select((actor, h) => new Thread(() =>
        {
            Agree(actor, network, teams: 4, learning: 4, steps: 1, 1f, drawUnused: false, (ulong)h);
            begun.Signal();
            for (int i = 0; i < 1000 && service.Counters.InterpretedRows < 200; i++)
                Agree(actor, network, teams: 4, learning: 4, steps: 5, 1f, drawUnused: false, (ulong)h);
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        begun.Wait();
        service.Dispose();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.True(service.Counters.InterpretedRows >= 200);
        foreach (IPolicyActor actor in actors)
            actor.Dispose();
    }

    [Fact]
    public void A_pass_that_fails_is_told_to_everyone_who_waits_and_to_everyone_who_comes()
    {
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(Matching), Matching);
        Weights weights = RandomExperience.Weights(plan, 5);
        Array.Fill(weights["verb.out.weight"], float.NaN);
        var network = new PolicyNetwork(plan, weights);
        using ActorInference service = Service(plan);
        service.Publish(network, weights);
        IPolicyActor[] actors = [service.CreateActor(), service.CreateActor()];
        string[] said = new string[2];
        Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2 }, h => said[h] = Refused(actors[h]));
        Assert.All([.. said, Refused(actors[0])], s => Assert.Equal($"the actors' inference on cpu failed: the logits of head 'verb' of network '{plan.Description.Name}' are not numbers; its weights are broken", s));

        string Refused(IPolicyActor actor)
        {
            var rng = new Rng(1);
            return Assert.Throws<InvalidOperationException>(() => actor.Act(network, Rows(plan, 2, 2, false, ref rng), ref rng)).Message;
        }
    }

    [Fact]
    public void Weights_of_another_network_and_devices_that_are_not_there_are_refused()
    {
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(Matching), Matching);
        var small = new NetworkPlan(NetworkSize.Named("small").Describe(Matching), Matching);
        using ActorInference service = Service(plan);
        Assert.Throws<InvalidNetworkException>(() => service.Publish(new PolicyNetwork(small, Weights.Zeros(small)), Weights.Zeros(small)));
        Assert.Contains("cuda", Assert.Throws<ArgumentException>(() => new ActorInference(plan, "tpu")).Message, StringComparison.Ordinal);
        Assert.Equal("cpu", service.DeviceName);
        Assert.Equal(
            [null, "cuda", null, "cuda", "cuda", ActorInference.LibtorchOnCpu],
            new[] { ("auto", "cpu"), ("auto", "cuda:0"), ("cpu", "cuda:0"), ("cuda", "cpu"), ("cuda", "cuda:0"), (ActorInference.LibtorchOnCpu, "cpu") }
                .Select(x => ActorInference.DeviceFor(x.Item1, x.Item2)));
    }

    /// <summary>Plays steps through an actor and through the interpreter, some teams' memories beginning anew now and then, and compares all that comes out.</summary>
    private static void Agree(IPolicyActor actor, PolicyNetwork network, int teams, int learning, int steps, float temperature, bool drawUnused, ulong seed)
    {
        NetworkPlan plan = network.Plan;
        EnvironmentSpec spec = plan.Spec;
        var rng = new Rng(seed);
        ActorRows mine = Rows(plan, teams, learning, drawUnused, ref rng), theirs = new(spec) { DrawUnused = drawUnused };
        using var interpreter = new InterpreterActor();
        for (int t = 0; t < steps; t++)
        {
            if (t > 0)
                Show(plan, mine, ref rng);
            mine.Temperature = temperature;
            int each = spec.AgentsPerTeam * plan.RecurrentSize;
            for (int team = 0; team < teams; team++)
            {
                if (t == 0 || rng.Next(4) == 0)
                    mine.Recurrent.AsSpan(team * each, each).Clear();
            }
            Copy(plan, mine, theirs);
            (Rng a, Rng b) = (rng, rng);
            actor.Act(network, mine, ref a);
            interpreter.Act(network, theirs, ref b);
            int rows = mine.Rows, heads = spec.Heads.Count, learn = learning * spec.AgentsPerTeam;
            Assert.Equal(theirs.Actions[..(rows * heads)], mine.Actions[..(rows * heads)]);
            Assert.Equal(theirs.Played[..(rows * heads)], mine.Played[..(rows * heads)]);
            Assert.Equal(theirs.AppliedMasks[..(learn * spec.OptionCount)], mine.AppliedMasks[..(learn * spec.OptionCount)]);
            Close(theirs.LogProbabilities.AsSpan(0, rows * heads), mine.LogProbabilities, "log-probability");
            Close(theirs.Recurrent.AsSpan(0, rows * plan.RecurrentSize), mine.Recurrent, "memory");
            Close(theirs.Values.AsSpan(0, learn * spec.ValueHeads.Count), mine.Values, "value");
            // Both drew as often.
            Assert.Equal(b.State, a.State);
            rng = a;
        }
    }

    private static ActorRows Rows(NetworkPlan plan, int teams, int learning, bool drawUnused, ref Rng rng)
    {
        var rows = new ActorRows(plan.Spec) { DrawUnused = drawUnused };
        rows.Begin(teams * plan.Spec.AgentsPerTeam, plan.RecurrentSize);
        rows.LearningTeams = learning;
        Show(plan, rows, ref rng);
        return rows;
    }

    private static void Show(NetworkPlan plan, ActorRows rows, ref Rng rng)
    {
        EnvironmentSpec spec = plan.Spec;
        Some.Rows(spec.Observation, rows.Rows, ref rng).CopyTo(rows.Observations, 0);
        Some.Masks(spec, rows.Rows, ref rng).CopyTo(rows.Masks, 0);
        if (spec.FullStateBytes > 0)
            Some.Rows(spec.FullState, rows.LearningTeams, ref rng).CopyTo(rows.FullState, 0);
    }

    private static void Copy(NetworkPlan plan, ActorRows from, ActorRows to)
    {
        to.Begin(from.Rows, plan.RecurrentSize);
        (to.LearningTeams, to.Temperature) = (from.LearningTeams, from.Temperature);
        from.Observations.CopyTo(to.Observations, 0);
        from.Masks.CopyTo(to.Masks, 0);
        from.FullState.CopyTo(to.FullState, 0);
        from.Recurrent.CopyTo(to.Recurrent, 0);
    }

    private static void Close(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-4f * Math.Max(1, Math.Abs(expected[i])), $"{what} [{i}]: interpreter {expected[i]}, libtorch {actual[i]}");
    }
}
