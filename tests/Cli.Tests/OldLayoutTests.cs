using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Tests;

/// <summary>Policies made for the MOBA's first layout play today's: what was added weighs nothing until training says so.</summary>
public sealed class OldLayoutTests
{
    private static readonly EnvironmentSpec Old = EnvironmentSpec.FromJson(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "moba-layout-1.json")));

    [Fact]
    public void APolicyOfTheFirstLayoutPutsOutWhatItDid()
    {
        IEnvironmentFactory factory = Environments.Create(Environments.Moba, "5v5", "quick");
        EnvironmentSpec now = factory.Spec;
        var plan = new NetworkPlan(NetworkSize.Tiny.Describe(Old), Old);
        var bundle = new PolicyBundle(plan, WeightInitializer.Create(plan, 3), new PolicyCard { Member = "main" });
        var before = new PolicyRunner(bundle.ToNetwork());
        var after = new PolicyRunner(bundle.AdaptTo(now).ToNetwork());
        IBatchEnvironment environment = factory.Create(1);
        int agents = now.Agents;
        byte[] observations = new byte[agents * now.ObservationBytes], masks = new byte[agents * now.MaskBytes];
        byte[] full = new byte[now.Teams * now.FullStateBytes];
        byte[] oldObservations = new byte[agents * Old.ObservationBytes], oldFull = new byte[now.Teams * Old.FullStateBytes];
        float[] oldState = new float[agents * plan.RecurrentSize], newState = new float[agents * plan.RecurrentSize];
        short[] actions = new short[agents * now.Heads.Count], oldActions = new short[agents * Old.Heads.Count];
        var rng = new Rng(4);
        environment.Reset(0, 5);
        for (int decision = 0; decision < 500; decision++)
        {
            environment.Observe(0, observations, masks, full);
            for (int a = 0; a < agents; a++)
            {
                Project(now.Observation, Old.Observation, observations.AsSpan(a * now.ObservationBytes), oldObservations.AsSpan(a * Old.ObservationBytes, Old.ObservationBytes));
                environment.ActScripted(0, a, 0, actions.AsSpan(a * now.Heads.Count, now.Heads.Count), ref rng);
                actions.AsSpan(a * now.Heads.Count, Old.Heads.Count).CopyTo(oldActions.AsSpan(a * Old.Heads.Count));
                // Verbs that are new stand for nothing in the old heads.
                if (oldActions[a * Old.Heads.Count] >= Old.Heads[0].Size)
                    oldActions[a * Old.Heads.Count] = actions[a * now.Heads.Count] = 0;
            }
            if (decision % 50 == 0)
            {
                for (int team = 0; team < now.Teams; team++)
                    Project(now.FullState, Old.FullState, full.AsSpan(team * now.FullStateBytes), oldFull.AsSpan(team * Old.FullStateBytes, Old.FullStateBytes));
                Compare(before, after, now, observations, oldObservations, full, oldFull, actions, oldActions, newState, oldState);
            }
            environment.StepOnly(0, actions);
        }
        Assert.Contains(oldState, x => x != 0f);
    }

    private static void Compare(
        PolicyRunner before, PolicyRunner after, EnvironmentSpec now, byte[] observations, byte[] oldObservations, byte[] full, byte[] oldFull, short[] actions, short[] oldActions,
        float[] newState, float[] oldState)
    {
        int rows = now.Agents;
        before.Forward(rows, oldObservations, oldState);
        after.Forward(rows, observations, newState);
        Close(oldState, newState);
        for (int h = 0; h < Old.Heads.Count; h++)
        {
            Assert.Equal(Old.Heads[h].Name, now.Heads[h].Name);
            int oldSize = Old.Heads[h].Size, newSize = now.Heads[h].Size;
            float[] oldLogits = new float[rows * oldSize], newLogits = new float[rows * newSize];
            before.HeadLogits(h, oldActions, oldLogits);
            after.HeadLogits(h, actions, newLogits);
            for (int r = 0; r < rows; r++)
                Close(oldLogits.AsSpan(r * oldSize, oldSize), newLogits.AsSpan(r * newSize, oldSize));
        }
        float[] oldValues = new float[rows * Old.ValueHeads.Count], newValues = new float[rows * now.ValueHeads.Count];
        before.Values(now.Teams, oldFull, oldValues);
        after.Values(now.Teams, full, newValues);
        Close(oldValues, newValues);
    }

    /// <summary>Takes from a row of today's layout what the old one has, by name.</summary>
    private static void Project(IReadOnlyList<BlockSpec> now, IReadOnlyList<BlockSpec> old, ReadOnlySpan<byte> from, Span<byte> to)
    {
        to.Clear();
        foreach (BlockSpec b in old)
        {
            BlockSpec n = now.Single(x => x.Name == b.Name);
            for (int slot = 0; slot < b.Slots; slot++)
            {
                to[b.Offset + slot] = from[n.Offset + slot];
                foreach (FeatureSpec f in b.Features)
                    from.Slice(n.RowsOffset + slot * n.SlotBytes + n.FeatureOffset(f.Name), f.Bytes).CopyTo(to[(b.RowsOffset + slot * b.SlotBytes + b.FeatureOffset(f.Name))..]);
            }
        }
    }

    private static void Close(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 2e-5f);
    }
}
