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
}

/// <summary>libtorch's thread count is the process's, and timings and scopes are easier to follow one test at a time.</summary>
[CollectionDefinition("libtorch", DisableParallelization = true)]
public sealed class LibtorchTests;
