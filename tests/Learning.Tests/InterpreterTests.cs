using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Policies.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning.Tests;

/// <summary>The libtorch interpreter against the CPU's.</summary>
[Collection("libtorch")]
public sealed class InterpreterTests
{
    public static TheoryData<string, string> Networks => new()
    {
        { "moba", "tiny" },
        { "moba", "small" },
        { "matching", "tiny" },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Both_interpreters_agree_over_sixteen_steps_with_empty_sets(string environment, string size)
    {
        EnvironmentSpec spec = environment == "moba" ? RandomExperience.MobaLike : new Matching.MatchingEnvironment(1).Spec;
        var plan = new NetworkPlan(NetworkSize.Named(size).Describe(spec), spec);
        Agree(plan, RandomExperience.Weights(plan, 21), 16, 0);
    }

    [Fact]
    public void Both_interpreters_agree_on_random_networks() => RandomNetwork.Holds(60, c =>
    {
        var plan = new NetworkPlan(c.Network, c.Spec);
        var rng = new Rng((ulong)c.Seed);
        Agree(plan, Some.Weights(plan, ref rng), 5, (ulong)c.Seed);
    });

    /// <summary>Plays random chunks through both and compares every logit and value.</summary>
    private static void Agree(NetworkPlan plan, Weights weights, int steps, ulong seed)
    {
        EnvironmentSpec spec = plan.Spec;
        int agents = spec.AgentsPerTeam, heads = spec.Heads.Count, values = spec.ValueHeads.Count;
        TrajectoryChunk[] chunks = [.. Enumerable.Range(0, 3).Select(i => RandomExperience.Chunk(spec, plan.RecurrentSize, steps, steps - i * steps / 5, seed + (ulong)i))];

        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        using var network = new TorchNetwork(plan, weights, CPU);
        var batch = new TrainingBatch(spec, new PpoOptions());
        Assert.Null(batch.Fill(chunks, 0));
        MicroBatch micro = MicroBatch.Decode(plan, new Decoders(plan), batch, [0, 1, 2], network.Inputs);
        NetworkOutput output = network.Forward(micro);
        float[][] logits = [.. output.Logits.Select(l => FlatParameters.ToArray(l))];
        float[] critic = FlatParameters.ToArray(output.Values!);

        var runner = new PolicyRunner(new PolicyNetwork(plan, weights));
        for (int c = 0; c < chunks.Length; c++)
        {
            float[] state = chunks[c].InitialState.ToArray();
            for (int t = 0; t < chunks[c].Length; t++)
            {
                int row = (t * chunks.Length + c) * agents;
                ReadOnlySpan<byte> seen = chunks[c].Observations.Slice(t * agents * spec.ObservationBytes, agents * spec.ObservationBytes);
                ReadOnlySpan<short> actions = chunks[c].Actions.Slice(t * agents * heads, agents * heads);
                runner.Forward(agents, seen, state);
                var v = new float[agents * values];
                runner.Values(1, chunks[c].FullState.Slice(t * spec.FullStateBytes, spec.FullStateBytes), v);
                Close(critic[(row * values)..((row + agents) * values)], v, $"values, chunk {c}, step {t}");
                for (int h = 0; h < heads; h++)
                {
                    int options = spec.Heads[h].Size;
                    var l = new float[agents * options];
                    runner.HeadLogits(h, actions, l);
                    Close(logits[h][(row * options)..((row + agents) * options)], l, $"{spec.Heads[h].Name}, chunk {c}, step {t}");
                }
            }
        }
        Assert.True(logits[0].Max() - logits[0].Min() > 0.001f, "the network says the same whatever it sees");
        foreach (TrajectoryChunk chunk in chunks)
            chunk.Dispose();
    }

    private static void Close(float[] expected, float[] actual, string where)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 2e-4f * Math.Max(1, Math.Abs(expected[i])), $"{where}, [{i}]: libtorch {expected[i]}, CPU {actual[i]}");
    }

    [Fact]
    public void On_the_same_weights_the_learner_gives_actions_the_probabilities_that_the_actor_sampled_them_with()
    {
        var environment = new Matching.MatchingEnvironment(6);
        EnvironmentSpec spec = environment.Spec;
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(spec), spec);
        Weights weights = RandomExperience.Weights(plan, 4);
        var play = new SelfPlay(environment, plan.RecurrentSize, 5, 8);
        List<TrajectoryChunk> chunks = play.Collect(new PolicyRunner(new PolicyNetwork(plan, weights)), 0, 500);

        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        using var network = new TorchNetwork(plan, weights, CPU);
        var batch = new TrainingBatch(spec, new PpoOptions());
        Assert.Null(batch.Fill(chunks, 0));
        MicroBatch micro = MicroBatch.Decode(plan, new Decoders(plan), batch, [.. Enumerable.Range(0, chunks.Count)], network.Inputs);
        NetworkOutput output = network.Forward(micro);
        ActionScores scores = ActionScores.Of(output.Logits, micro.Heads);
        Tensor joint = scores.LogProbabilities.Aggregate((a, b) => a + b);
        float[] ratio = FlatParameters.ToArray(((joint - micro.OldLogProbability) * micro.StepWeights).exp());
        Assert.All(ratio, r => Assert.InRange(r, 1 - 1e-4f, 1 + 1e-4f));
        float[] gap = FlatParameters.ToArray(((output.Values! - micro.OldValues) * micro.StepWeights.unsqueeze(1)).reshape(-1));
        Assert.All(gap, g => Assert.InRange(g, -1e-4f, 1e-4f));
        Assert.Contains(chunks, c => c.InitialState.ToArray().Any(s => s != 0));
        foreach (TrajectoryChunk c in chunks)
            c.Dispose();
    }
}
