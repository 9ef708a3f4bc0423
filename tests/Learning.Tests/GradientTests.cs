using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning.Tests;

/// <summary>Analytic gradients against finite differences in double precision, through the whole network and loss.</summary>
[Collection("libtorch")]
public sealed class GradientTests
{
    [Theory]
    [InlineData("moba", CoreCell.Gru)]
    [InlineData("matching", CoreCell.Lstm)]
    [InlineData("matching", CoreCell.None)]
    public void Gradients_of_every_parameter_agree_with_finite_differences(string name, CoreCell cell)
    {
        EnvironmentSpec spec = name == "moba" ? RandomExperience.MobaLike : new Matching.MatchingEnvironment(1).Spec;
        NetworkPlan plan = new NetworkPlan((new NetworkSize("test", 6, 2, 10, 8, 7, 9) { Cell = cell, EncoderLayers = cell == CoreCell.Lstm ? 2 : 1 }).Describe(spec), spec);
        set_num_threads(1);
        using DisposeScope scope = NewDisposeScope();
        using var network = new TorchNetwork(plan, RandomExperience.Weights(plan, 5), CPU, ScalarType.Float64);
        var options = new PpoOptions { ValueClip = 0, Clip = 1, DualClip = 0 };
        var batch = new TrainingBatch(spec, options);
        TrajectoryChunk[] chunks = [.. Enumerable.Range(0, 2).Select(i => RandomExperience.Chunk(spec, plan.RecurrentSize, 4, 4 - i, (ulong)i + 9))];
        Assert.Null(batch.Fill(chunks, 0));
        MicroBatch micro = MicroBatch.Decode(plan, new Decoders(plan), batch, [0, 1], network.Inputs);
        float[] entropy = [.. spec.Heads.Select(_ => 0.1f)];
        Tensor ones = torch.ones([spec.ValueHeads.Count], ScalarType.Float64);

        Tensor Loss() => PpoLoss.Of(network.Forward(micro), micro, options, entropy, ones, ones, batch.Used).Total;

        Loss().backward();
        Tensor values = network.Parameters.Values;
        var rng = new Rng(3);
        int offset = 0;
        foreach (ParameterSpec p in plan.Parameters)
        {
            double[] gradient = (network.Parameters[p.Name].grad ?? throw new InvalidOperationException($"no gradient for {p.Name}")).reshape(-1).data<double>().ToArray();
            for (int k = 0; k < 4; k++)
            {
                int i = rng.Next(p.Length);
                using DisposeScope inner = NewDisposeScope();
                using IDisposable guard = no_grad();
                const double Nudge = 1e-6;
                Tensor element = values.narrow(0, offset + i, 1);
                element.add_(Nudge);
                double above = Loss().item<double>();
                element.add_(-2 * Nudge);
                double below = Loss().item<double>();
                element.add_(Nudge);
                double expected = (above - below) / (2 * Nudge);
                Assert.True(Math.Abs(expected - gradient[i]) <= 1e-6 + 1e-3 * Math.Abs(expected), $"{p.Name}[{i}]: finite difference {expected:g6}, gradient {gradient[i]:g6}");
            }
            offset += p.Length;
        }
        foreach (TrajectoryChunk c in chunks)
            c.Dispose();
    }

    /// <summary>Kernels that only float32 on the CPU takes, against libtorch's operations in float64, with sets that are empty and rows of any number.</summary>
    [Theory]
    [InlineData(16, 1)]
    [InlineData(32, 3)]
    public void Gradients_of_the_cpus_own_kernels_are_those_of_libtorchs_operations(int entity, int queries)
    {
        EnvironmentSpec spec = RandomExperience.MobaLike;
        var plan = new NetworkPlan(new NetworkSize("test", entity, queries, 24, 16, 8, 8).Describe(spec), spec);
        Weights weights = RandomExperience.Weights(plan, 5);
        TrajectoryChunk[] chunks = [.. Enumerable.Range(0, 3).Select(i => RandomExperience.Chunk(spec, plan.RecurrentSize, 5, 5 - i, (ulong)i + 9))];
        using DisposeScope scope = NewDisposeScope();
        float[] exact = Gradient(ScalarType.Float64), own = Gradient(ScalarType.Float32);
        int offset = 0;
        foreach (ParameterSpec p in plan.Parameters)
        {
            float[] a = exact[offset..(offset + p.Length)], b = own[offset..(offset + p.Length)];
            double error = Math.Sqrt(a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum()), size = Math.Sqrt(a.Sum(x => (double)x * x));
            Assert.True(error <= 1e-4 * size + 1e-7, $"{p.Name}: {error} off, of {size}");
            offset += p.Length;
        }
        Assert.True(exact.Count(g => g != 0) > exact.Length / 2);
        foreach (TrajectoryChunk chunk in chunks)
            chunk.Dispose();

        float[] Gradient(ScalarType type)
        {
            using var network = new TorchNetwork(plan, weights, CPU, type);
            var batch = new TrainingBatch(spec, new PpoOptions());
            Assert.Null(batch.Fill(chunks, 0));
            MicroBatch micro = MicroBatch.Decode(plan, new Decoders(plan), batch, [0, 1, 2], network.Inputs);
            Tensor ones = torch.ones([spec.ValueHeads.Count], type);
            PpoLoss.Of(network.Forward(micro), micro, new PpoOptions(), [.. spec.Heads.Select(_ => 0.1f)], ones, ones, batch.Used).Total.backward();
            return FlatParameters.ToArray(network.Parameters.Gradient());
        }
    }
}
