using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning.Tests;

[Collection("libtorch")]
public sealed class PpoLossTests
{
    [Fact]
    public void The_surrogate_clips_both_ways_and_the_dual_clip_bounds_bad_surprises()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor ratio = tensor([0.5f, 1.1f, 1.5f, 0.5f, 1.5f, 2.9f, 5f]);
        Tensor advantages = tensor([2f, 2f, 2f, -2f, -2f, -2f, -2f]);
        float[] dual = FlatParameters.ToArray(new ClippedSurrogate(0.2f, 0.2f, 3f).Clipped(ratio, advantages));
        float[] plain = FlatParameters.ToArray(new ClippedSurrogate(0.2f, 0.2f, 0f).Clipped(ratio, advantages));
        Close([1f, 2.2f, 2.4f, -1.6f, -3f, -5.8f, -6f], dual);
        Close([1f, 2.2f, 2.4f, -1.6f, -3f, -5.8f, -10f], plain);
    }

    [Fact]
    public void A_dual_clipped_step_has_no_gradient()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor ratio = tensor([2f, 5f]).requires_grad_();
        new ClippedSurrogate(0.2f, 0.2f, 3f).Clipped(ratio, tensor([-1f, -1f])).sum().backward();
        Close([-1f, 0f], FlatParameters.ToArray(ratio.grad!));
    }

    [Fact]
    public void The_value_loss_takes_the_worse_of_value_and_clipped_value()
    {
        using DisposeScope scope = NewDisposeScope();
        // value 3, behaviour value 1, clip .5: clipped 1.5. Return 4: errors 1 and 2.5 -> half of 6.25. Return 1: errors 2 and .5 -> half of 4.
        Tensor loss = PpoLoss.ValueLoss(tensor([3f, 3f]).reshape(2, 1), tensor([1f, 1f]).reshape(2, 1), tensor([4f, 1f]).reshape(2, 1), 0.5f);
        Close([3.125f, 2f], FlatParameters.ToArray(loss.reshape(-1)));
    }

    [Fact]
    public void Masked_options_and_unused_heads_contribute_nothing()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = tensor([1f, 2f, 50f, 1f, 2f, 3f, float.MaxValue / 1e30f, 0f, 0f]).reshape(3, 3).requires_grad_();
        var head = new HeadInputs(
            tensor([1L, 0L, 0L]).reshape(3, 1),
            tensor([1f, 1f, 0f]),
            tensor([0f, 0f, -1e9f, 0f, -1e9f, -1e9f, -1e9f, -1e9f, -1e9f]).reshape(3, 3),
            null);
        ActionScores scores = ActionScores.Of([logits], [head]);
        // Row 0: options 0 and 1 allowed with logits 1 and 2. Row 1: a single option. Row 2: nothing allowed, not used.
        float p = 1 / (1 + MathF.Exp(-1));
        Close([MathF.Log(p), 0f, 0f], FlatParameters.ToArray(scores.LogProbabilities[0]));
        Close([-p * MathF.Log(p) - (1 - p) * MathF.Log(1 - p), 0f, 0f], FlatParameters.ToArray(scores.Entropies[0]));
        (scores.LogProbabilities[0].sum() + scores.Entropies[0].sum()).backward();
        float[] gradient = FlatParameters.ToArray(logits.grad!.reshape(-1));
        Assert.All(gradient, g => Assert.True(float.IsFinite(g)));
        Assert.NotEqual(0f, gradient[0]);
        Close([0f, 0f, 0f, 0f, 0f, 0f, 0f], gradient[2..]);
    }

    internal static void Close(float[] expected, float[] actual, float tolerance = 1e-5f)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"[{i}]: expected {expected[i]}, got {actual[i]}");
    }
}
