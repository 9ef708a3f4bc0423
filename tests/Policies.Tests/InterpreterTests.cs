using System.Runtime.Intrinsics;
using SelfPlayArena.Core;

namespace SelfPlayArena.Policies.Tests;

public sealed class InterpreterTests
{
    private const double Tolerance = 1e-4;

    [Fact]
    public void EqualsTheReferenceOnRandomNetworksAndInputs() => RandomNetwork.Holds(45, EqualsTheReference);

    private static void EqualsTheReference(RandomNetwork c)
    {
        EnvironmentSpec spec = c.Spec;
        var plan = new NetworkPlan(c.Network, spec);
        var rng = new Rng((ulong)c.Seed);
        Weights weights = Some.Weights(plan, ref rng);
        int bits = new[] { 512, 256, 128 }[c.Seed % 3];
        var network = new PolicyNetwork(plan, weights, bits);
        var runner = new PolicyRunner(network);
        var reference = new ReferenceInterpreter(plan, weights);
        foreach (int teams in new[] { 1 + rng.Next(16), 1, 17 })
        {
            int rows = teams * spec.AgentsPerTeam;
            var state = new float[rows * plan.RecurrentSize];
            foreach (ref float h in state.AsSpan())
                h = 2 * rng.NextSingle() - 1;
            double[][] expectedState = [.. Enumerable.Range(0, rows).Select(r => state.Skip(r * plan.RecurrentSize).Take(plan.RecurrentSize).Select(x => (double)x).ToArray())];
            for (int step = 0; step < 2; step++)
            {
                byte[] observations = Some.Rows(spec.Observation, rows, ref rng);
                byte[] full = Some.Rows(spec.FullState, teams, ref rng);
                byte[] masks = Some.Masks(spec, rows, ref rng);
                var (actions, logs, applied) = (new short[rows * spec.Heads.Count], new float[rows * spec.Heads.Count], new byte[rows * spec.OptionCount]);
                runner.Forward(rows, observations, state);
                runner.Sample(masks, ref rng, actions, logs, applied);
                var values = new float[rows * spec.ValueHeads.Count];
                runner.Values(teams, full, values);
                float[][] logits = [.. spec.Heads.Select((h, i) =>
                {
                    var l = new float[rows * h.Size];
                    runner.HeadLogits(i, actions, l);
                    return l;
                })];
                for (int r = 0; r < rows; r++)
                {
                    reference.Run(observations.AsSpan(r * spec.ObservationBytes, spec.ObservationBytes), full.AsSpan(r / spec.AgentsPerTeam * spec.FullStateBytes, spec.FullStateBytes), expectedState[r]);
                    Close(expectedState[r], state.AsSpan(r * plan.RecurrentSize, plan.RecurrentSize));
                    Close(reference.Values(), values.AsSpan(r * spec.ValueHeads.Count, spec.ValueHeads.Count));
                    CheckHeads(spec, plan, reference, r, masks, observations, actions, logs, applied, logits);
                }
            }
        }
    }

    private static void CheckHeads(
        EnvironmentSpec spec, NetworkPlan plan, ReferenceInterpreter reference, int r, byte[] masks, byte[] observations, short[] actions, float[] logs, byte[] applied, float[][] logits)
    {
        ReadOnlySpan<short> action = actions.AsSpan(r * spec.Heads.Count, spec.Heads.Count);
        int at = r * spec.OptionCount;
        for (int h = 0; h < spec.Heads.Count; h++)
        {
            ActionHeadSpec head = spec.Heads[h];
            double[] expected = reference.Logits(h, action);
            Close(expected, logits[h].AsSpan(r * head.Size, head.Size));
            int row = h == 0 ? 0 : action[0] < 0 ? -1 : head.MaskRows[action[0]];
            var legal = new byte[head.Size];
            if (row >= 0)
                masks.AsSpan(r * spec.MaskBytes + spec.MaskOffset(h, row), head.Size).CopyTo(legal);
            int option = 0;
            foreach (string name in head.PointerBlocks ?? [])
            {
                BlockSpec b = spec.Observation.Single(x => x.Name == name);
                for (int s = 0; s < b.Slots; s++, option++)
                    legal[option] &= observations[r * spec.ObservationBytes + b.Offset + s];
            }
            Assert.Equal(legal, applied.AsSpan(at, head.Size).ToArray());
            at += head.Size;
            float log = logs[r * spec.Heads.Count + h];
            int count = legal.Sum(x => x);
            if (count == 0)
            {
                Assert.Equal(-1, action[h]);
                Assert.Equal(0f, log);
                continue;
            }
            Assert.Equal(1, legal[action[h]]);
            if (count == 1)
                Assert.Equal(0f, log);
            Assert.Equal(ReferenceInterpreter.LogSoftmax(expected, legal)[action[h]], log, Tolerance);
        }
    }

    [Fact]
    public void ARowDoesNotDependOnTheRowsBesideIt()
    {
        var rng = new Rng(5);
        EnvironmentSpec spec = Matching.Spec;
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(spec), spec);
        var network = new PolicyNetwork(plan, Some.Weights(plan, ref rng));
        const int Rows = 150;
        byte[] observations = Some.Rows(spec.Observation, Rows, ref rng);
        var together = new float[Rows * plan.RecurrentSize];
        var alone = new float[Rows * plan.RecurrentSize];
        var runner = new PolicyRunner(network);
        runner.Forward(Rows, observations, together);
        var logits = new float[Rows * spec.Heads[1].Size];
        runner.HeadLogits(1, default, logits);
        for (int r = 0; r < Rows; r++)
        {
            runner.Forward(1, observations.AsSpan(r * spec.ObservationBytes, spec.ObservationBytes), alone.AsSpan(r * plan.RecurrentSize, plan.RecurrentSize));
            var one = new float[spec.Heads[1].Size];
            runner.HeadLogits(1, default, one);
            Assert.Equal(logits.AsSpan(r * one.Length, one.Length).ToArray(), one);
        }
        Assert.Equal(together, alone);
    }

    [Fact]
    public void SamplesFollowTheProbabilities()
    {
        var rng = new Rng(11);
        EnvironmentSpec spec = Matching.Spec;
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(spec), spec);
        var runner = new PolicyRunner(new PolicyNetwork(plan, Some.Weights(plan, ref rng)));
        const int Rows = 4000;
        byte[] one = Some.Rows(spec.Observation, 1, ref rng);
        byte[] observations = [.. Enumerable.Range(0, Rows).SelectMany(_ => one)];
        var masks = new byte[Rows * spec.MaskBytes];
        Array.Fill(masks, (byte)1);
        runner.Forward(Rows, observations, new float[Rows * plan.RecurrentSize]);
        var (actions, logs) = (new short[Rows * spec.Heads.Count], new float[Rows * spec.Heads.Count]);
        runner.Sample(masks, ref rng, actions, logs);
        foreach (IGrouping<short, int> chosen in Enumerable.Range(0, Rows).GroupBy(r => actions[r * spec.Heads.Count]))
        {
            double p = Math.Exp(logs[chosen.First() * spec.Heads.Count]);
            Assert.InRange(chosen.Count() / (double)Rows, p - 4 * Math.Sqrt(p * (1 - p) / Rows), p + 4 * Math.Sqrt(p * (1 - p) / Rows));
        }
        runner.Sample(masks, ref rng, actions, logs, default, temperature: 0);
        var logits = new float[Rows * spec.Heads[0].Size];
        runner.HeadLogits(0, default, logits);
        int best = Array.IndexOf(logits, logits[..spec.Heads[0].Size].Max());
        Assert.All(Enumerable.Range(0, Rows), r => Assert.Equal(best, actions[r * spec.Heads.Count]));
    }

    [Fact]
    public void AGeneratorForEachRowMakesDrawsIndependentOfTheBatch()
    {
        var rng = new Rng(3);
        EnvironmentSpec spec = Matching.Spec;
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(spec), spec);
        var runner = new PolicyRunner(new PolicyNetwork(plan, Some.Weights(plan, ref rng)));
        const int Rows = 70;
        byte[] observations = Some.Rows(spec.Observation, Rows, ref rng), masks = Some.Masks(spec, Rows, ref rng);
        Rng[] rngs = [.. Enumerable.Range(0, Rows).Select(r => new Rng((ulong)r))];
        var (actions, logs) = (new short[Rows * 3], new float[Rows * 3]);
        runner.Forward(Rows, observations, new float[Rows * plan.RecurrentSize]);
        runner.Sample(masks, rngs, actions, logs);
        const int Row = 66;
        var own = new Rng(Row);
        var (action, log) = (new short[3], new float[3]);
        runner.Forward(1, observations.AsSpan(Row * spec.ObservationBytes), new float[plan.RecurrentSize]);
        runner.Sample(masks.AsSpan(Row * spec.MaskBytes), ref own, action, log);
        Assert.Equal(actions.AsSpan(Row * 3, 3).ToArray(), action);
    }

    [Fact]
    public void NothingIsAllocatedOnceTheBuffersHaveGrown()
    {
        var rng = new Rng(8);
        EnvironmentSpec spec = Matching.Spec;
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(spec), spec);
        var runner = new PolicyRunner(new PolicyNetwork(plan, Some.Weights(plan, ref rng)));
        const int Rows = 100;
        byte[] observations = Some.Rows(spec.Observation, Rows, ref rng), masks = Some.Masks(spec, Rows, ref rng), full = Some.Rows(spec.FullState, Rows / 2, ref rng);
        var (state, actions, logs, values) = (new float[Rows * plan.RecurrentSize], new short[Rows * 3], new float[Rows * 3], new float[Rows * 2]);
        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            Step();
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 10, 0, 256);

        void Step()
        {
            runner.Forward(Rows, observations, state);
            runner.Sample(masks, ref rng, actions, logs);
            runner.Values(Rows / 2, full, values);
        }
    }

    [Fact]
    public void ShortSpansAndUnknownChoicesAreRefused()
    {
        EnvironmentSpec spec = Matching.Spec;
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(spec), spec);
        var runner = new PolicyRunner(new PolicyNetwork(plan, Weights.Zeros(plan)));
        Assert.Throws<ArgumentException>("observations", () => runner.Forward(2, new byte[spec.ObservationBytes], new float[2 * plan.RecurrentSize]));
        Assert.Throws<ArgumentException>("recurrent", () => runner.Forward(2, new byte[2 * spec.ObservationBytes], new float[plan.RecurrentSize]));
        runner.Forward(2, new byte[2 * spec.ObservationBytes], new float[2 * plan.RecurrentSize]);
        Assert.Throws<ArgumentException>("actions", () => runner.HeadLogits(1, [3, -1, -1, 0, 0, 0], new float[2 * spec.Heads[1].Size]));
        Assert.Throws<ArgumentException>("teams", () => runner.Values(2, new byte[2 * spec.FullStateBytes], new float[8]));
        Assert.Throws<ArgumentException>("fullState", () => runner.Values(1, new byte[1], new float[4]));
    }

    [Fact]
    public void BrokenWeightsAreReportedNotPlayed()
    {
        var rng = new Rng(8);
        EnvironmentSpec spec = Matching.Spec;
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(spec), spec);
        Weights weights = Some.Weights(plan, ref rng);
        Array.Fill(weights["verb.out.weight"], float.NaN);
        var runner = new PolicyRunner(new PolicyNetwork(plan, weights));
        byte[] masks = new byte[spec.MaskBytes];
        Array.Fill(masks, (byte)1);
        runner.Forward(1, Some.Rows(spec.Observation, 1, ref rng), new float[plan.RecurrentSize]);
        var e = Assert.Throws<InvalidOperationException>(() => runner.Sample(masks, ref rng, new short[3], new float[3]));
        Assert.Contains("verb", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ElementaryFunctionsAreExactToAMillionth()
    {
        for (float x = -30; x < 30; x += 0.0137f)
        {
            Vector256<float> v = Vector256.Create(x);
            Check(Math.Exp((double)x), VectorMath.Exp(v)[0]);
            Check(1 / (1 + Math.Exp(-x)), VectorMath.Sigmoid(v)[0]);
            Check(Math.Tanh(x), VectorMath.Tanh(v)[0]);
        }

        static void Check(double expected, float actual) => Assert.InRange(actual, expected - 1e-6 * Math.Abs(expected), expected + 1e-6 * Math.Abs(expected));
    }

    private static void Close(double[] expected, ReadOnlySpan<float> actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(actual[i], expected[i] - Tolerance * Math.Max(1, Math.Abs(expected[i])), expected[i] + Tolerance * Math.Max(1, Math.Abs(expected[i])));
    }
}

internal static class Matching
{
    public static EnvironmentSpec Spec { get; } = new SelfPlayArena.Matching.MatchingEnvironment(1).Spec;
}
