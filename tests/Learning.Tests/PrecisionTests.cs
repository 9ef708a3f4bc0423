using SelfPlayArena.Core;
using SelfPlayArena.Matching;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Learning.Tests;

/// <summary>bfloat16 against float32 on one and the same experience.</summary>
[Collection("libtorch")]
public sealed class PrecisionTests
{
    private static readonly EnvironmentSpec Spec = new MatchingEnvironment(1).Spec;
    private static readonly NetworkPlan Plan = new(NetworkSize.Tiny.Describe(Spec), Spec);
    private static readonly Weights Start = RandomExperience.Weights(Plan, 4);

    /// <summary>
    /// A fixed data set learnt from again and again: 40 updates, twice over each step. bfloat16 has eight bits of mantissa, so single numbers are off by
    /// up to 0.4%; stated here is how far the means that training goes by may drift apart.
    /// </summary>
    [Fact]
    public void Losses_in_bfloat16_follow_those_in_float32_on_a_fixed_data_set()
    {
        List<TrajectoryChunk> data = new SelfPlay(new MatchingEnvironment(24), Plan.RecurrentSize, 8, 8).Collect(new PolicyRunner(new PolicyNetwork(Plan, Start)), 0, 4000);
        UpdateReport[] exact = Learn(data, Precision.Float32), rounded = Learn(data, Precision.BFloat16);
        double drift = 0;
        for (int i = 0; i < exact.Length; i++)
        {
            Near(exact[i].PolicyLoss, rounded[i].PolicyLoss, 0.005, $"policy loss, update {i}");
            Near(exact[i].ValueLosses.Sum(v => v.Value), rounded[i].ValueLosses.Sum(v => v.Value), 0.03 * exact[0].ValueLosses.Sum(v => v.Value), $"value loss, update {i}");
            foreach ((Named a, Named b) in exact[i].Entropies.Zip(rounded[i].Entropies))
                Near(a.Value, b.Value, 0.02, $"entropy of {a.Name}, update {i}");
            drift = Math.Max(drift, Math.Abs(exact[i].PolicyLoss - rounded[i].PolicyLoss));
        }
        // There was something to learn, and it was learnt in another precision.
        Assert.True(exact[^1].PolicyLoss < exact[0].PolicyLoss - 0.02, $"policy loss {exact[0].PolicyLoss} to {exact[^1].PolicyLoss}");
        Assert.True(drift > 0);
        foreach (TrajectoryChunk chunk in data)
            chunk.Dispose();
    }

    [Fact]
    public void Auto_measures_both_at_the_first_update_and_takes_bfloat16_only_where_it_is_clearly_faster()
    {
        List<TrajectoryChunk> data = new SelfPlay(new MatchingEnvironment(24), Plan.RecurrentSize, 8, 8).Collect(new PolicyRunner(new PolicyNetwork(Plan, Start)), 0, 500);
        using var learner = new PpoLearner(Plan, Start, new PpoOptions { Precision = Precision.Auto }, 3, "cpu");
        Assert.Null(learner.Precision);
        PrecisionChoice choice = learner.Update(data).Precision!;
        Assert.True(choice is { Float32: > 0, BFloat16: > 0 });
        Assert.Equal(choice.BFloat16 <= 0.9 * choice.Float32 ? Precision.BFloat16 : Precision.Float32, choice.Precision);
        // Measuring left no trace: what was learnt is what a learner of that precision learns.
        using var given = new PpoLearner(Plan, Start, new PpoOptions { Precision = choice.Precision }, 3, "cpu");
        Assert.Equal(new PrecisionChoice(choice.Precision), given.Update(data).Precision);
        foreach ((string name, WeightTensor tensor) in given.Export().Tensors)
            Assert.Equal(tensor.Values, learner.Export()[name]);
        foreach (TrajectoryChunk chunk in data)
            chunk.Dispose();
    }

    [Theory]
    [InlineData(10, 9.1, Precision.Float32)]
    [InlineData(10, 9, Precision.BFloat16)]
    [InlineData(10, 30, Precision.Float32)]
    public void A_tenth_must_be_gained(double float32, double bfloat16, Precision expected) => Assert.Equal(expected, PrecisionChoice.Of(float32, bfloat16).Precision);

    private static UpdateReport[] Learn(List<TrajectoryChunk> data, Precision precision)
    {
        using var learner = new PpoLearner(Plan, Start, new PpoOptions { Precision = precision, Epochs = 2, MaxStaleness = 0 }, 3, "cpu");
        UpdateReport[] reports = [.. Enumerable.Range(0, 40).Select(_ => learner.Update(data))];
        Assert.All(reports, r => Assert.Null(r.Fault));
        return reports;
    }

    private static void Near(double exact, double rounded, double tolerance, string what)
        => Assert.True(Math.Abs(exact - rounded) <= tolerance, $"{what}: float32 {exact}, bfloat16 {rounded}, allowed {tolerance}");
}
