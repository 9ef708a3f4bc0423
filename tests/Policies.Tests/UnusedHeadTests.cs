using SelfPlayArena.Core;

namespace SelfPlayArena.Policies.Tests;

/// <summary>Draws from heads that the verb does not use, on random networks against the plain interpreter.</summary>
public sealed class UnusedHeadTests
{
    [Fact]
    public void HeadsThatTheVerbDoesNotUseAreDrawnByTheirProbabilitiesAndChangeNoOther() => RandomNetwork.Holds(20, Holds);

    private static void Holds(RandomNetwork c)
    {
        EnvironmentSpec spec = c.Spec;
        var plan = new NetworkPlan(c.Network, spec);
        var rng = new Rng((ulong)c.Seed);
        Weights weights = Some.Weights(plan, ref rng);
        var runner = new PolicyRunner(new PolicyNetwork(plan, weights));
        var reference = new ReferenceInterpreter(plan, weights);
        int rows = 70 * spec.AgentsPerTeam, drawnFor = 66 * spec.AgentsPerTeam, heads = spec.Heads.Count;
        byte[] observations = Some.Rows(spec.Observation, rows, ref rng), masks = Some.Masks(spec, rows, ref rng);
        var (actions, logs, applied) = (new short[rows * heads], new float[rows * heads], new byte[rows * spec.OptionCount]);
        runner.Forward(rows, observations, new float[rows * plan.RecurrentSize]);
        runner.Sample(masks, ref rng, actions, logs, applied);
        short[] used = [.. actions];
        float[] usedLogs = [.. logs];
        runner.SampleUnused(drawnFor, masks, ref rng, actions, logs, applied);
        Assert.Equal(used[(drawnFor * heads)..], actions[(drawnFor * heads)..]);
        for (int r = 0; r < drawnFor; r++)
        {
            ReadOnlySpan<short> before = used.AsSpan(r * heads, heads);
            reference.Run(observations.AsSpan(r * spec.ObservationBytes, spec.ObservationBytes), new byte[spec.FullStateBytes], new double[plan.RecurrentSize]);
            int at = r * spec.OptionCount;
            for (int h = 0; h < heads; h++)
            {
                ActionHeadSpec head = spec.Heads[h];
                int i = r * heads + h;
                ReadOnlySpan<byte> legal = applied.AsSpan(at, head.Size);
                at += head.Size;
                if (h == 0 || before[0] < 0 || head.MaskRows[before[0]] >= 0)
                {
                    Assert.Equal((used[i], usedLogs[i]), (actions[i], logs[i]));
                    continue;
                }
                Assert.Equal(Legal(spec, h, masks.AsSpan(r * spec.MaskBytes, spec.MaskBytes), observations.AsSpan(r * spec.ObservationBytes, spec.ObservationBytes)), legal.ToArray());
                if (legal.IndexOf((byte)1) < 0)
                {
                    Assert.Equal((-1, 0f), (actions[i], logs[i]));
                    continue;
                }
                Assert.Equal(1, legal[actions[i]]);
                // Conditioned on what was really chosen, and on nothing that was drawn for nothing.
                Assert.Equal(ReferenceInterpreter.LogSoftmax(reference.Logits(h, before), legal.ToArray())[actions[i]], logs[i], 1e-4);
            }
        }
    }

    private static byte[] Legal(EnvironmentSpec spec, int h, ReadOnlySpan<byte> masks, ReadOnlySpan<byte> observation)
    {
        ActionHeadSpec head = spec.Heads[h];
        var legal = new byte[head.Size];
        for (int row = 0; row < head.MaskRowCount; row++)
        {
            for (int o = 0; o < head.Size; o++)
                legal[o] |= masks[spec.MaskOffset(h, row) + o];
        }
        int option = 0;
        foreach (string name in head.PointerBlocks ?? [])
        {
            BlockSpec b = spec.Observation.Single(x => x.Name == name);
            for (int s = 0; s < b.Slots; s++, option++)
                legal[option] &= observation[b.Offset + s];
        }
        return legal;
    }
}
